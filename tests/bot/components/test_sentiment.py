"""Sentiment: its own sentences, a label and a score on one scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.sentiment import SECTIONS, SentimentAnalyser, examples, sentences
from tests.bot.components.conftest import Bench

DATA = Path(__file__).parents[3] / "data" / "sentiment"


def mood(bench: Bench, text: str) -> dict[str, float | str]:
    (message,) = bench.load(SentimentAnalyser).process([Message({TEXT: text})])
    found = message.get("sentiment")
    assert isinstance(found, dict)
    return found


def test_moods_are_told_apart(bench: Bench) -> None:
    assert mood(bench, "great, i love it")["label"] == "positive"
    assert mood(bench, "terrible, worst ever")["label"] == "very_negative"


def test_the_score_falls_with_the_mood(bench: Bench) -> None:
    scores = [mood(bench, text)["score"] for text in ("this is terrible", "where is it", "thank you")]
    assert scores == sorted(scores)


@pytest.mark.parametrize("text", ["\x00\x07", "\ud800", "\u200b"])
def test_a_message_without_a_sign_is_neutral(bench: Bench, text: str) -> None:
    assert mood(bench, text) == {"label": "neutral", "score": 0.0}


def heard(bench: Bench, text: str) -> Message:
    (message,) = bench.load(SentimentAnalyser).process([Message({TEXT: text})])
    return message


def test_urgency_is_told_apart_from_mood(bench: Bench) -> None:
    assert heard(bench, "hurry, it is urgent").get("urgency") > 0.5
    assert heard(bench, "take your time, no hurry").get("urgency") < 0.5


@pytest.mark.parametrize(
    ("text", "at"),
    [("shut up you idiot", "us"), ("oh damn, what the hell", "situation"), ("thank you", None)],
)
def test_swearing_at_us_is_told_from_swearing_at_what_happened(
    bench: Bench, text: str, at: str | None
) -> None:
    assert heard(bench, text).get("swearing") == at


def test_moods_that_are_rare_among_customers_need_more_to_be_believed(bench: Bench) -> None:
    def score(shares: dict[str, float]) -> float:
        message = Message({TEXT: "this is the worst"})
        bench.load(SentimentAnalyser, shares=shares).process([message])
        return float(message.get("sentiment")["score"])

    assert score({}) < score({"neutral": 3.0}) < score({"neutral": 300.0}) < 0


@pytest.mark.parametrize("language", sorted(file.stem for file in DATA.glob("*.yml")))
def test_our_sentences_are_many_distinct_and_balanced(language: str, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_bytes((DATA / f"{language}.yml").read_bytes())
    found = sentences(tmp_path)
    for name, least in (("mood", 50), ("urgency", 20), ("swearing", 10)):
        texts, _ = examples(found, name)
        assert len(texts) == len(set(texts))
        for label in SECTIONS[name]:
            assert len(set(found[name][label])) == len(found[name][label]) >= least


@pytest.mark.parametrize("content", ["furious: [grr]", "mood: {furious: [grr]}"])
def test_a_label_that_is_unknown_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "en.yml").write_text(content)
    with pytest.raises(RasaException, match=r"en\.yml: (mood\.)?furious"):
        sentences(tmp_path)

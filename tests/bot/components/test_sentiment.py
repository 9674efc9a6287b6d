"""Sentiment: its own sentences, a label and a score on one scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.sentiment import WORTH, SentimentAnalyser, sentences
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


def test_our_sentences_are_many_distinct_and_balanced() -> None:
    texts, labels = sentences(DATA)
    assert len(texts) == len(set(texts)) > 400
    assert set(labels) == set(WORTH)
    assert min(labels.count(label) for label in WORTH) >= 90


def test_a_label_that_is_unknown_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("furious: [grr]\n")
    with pytest.raises(RasaException, match=r"en\.yml: furious"):
        sentences(tmp_path)

"""The language of a message: by script and by words, and steady within a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components import wordlists
from bot.components.language import LanguageDetector
from bot.components.tongues import Tongues
from tests.bot.components.conftest import Bench

DATA = Path(__file__).parents[3] / "data"
LANGUAGES = ["en", "hi", "bn", "fa", "el"]


@pytest.fixture(scope="module")
def tongues() -> Tongues:
    return wordlists.learn(DATA / "language", DATA / "nlu")


def say(bench: Bench, text: str, **metadata: object) -> Message:
    (message,) = bench.load(LanguageDetector).process([Message({TEXT: text, "metadata": metadata})])
    return message


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("where is my order", "en", "Latn"),
        ("मेरा ऑर्डर कहाँ है", "hi", "Deva"),
        ("আমার অর্ডার কোথায়", "bn", "Beng"),
        ("سفارش من کجاست", "fa", "Arab"),
        ("πού είναι η παραγγελία μου", "el", "Grek"),
        ("Ναι", "el", "Grek"),
        ("where is SO-100123 भाई मेरा ऑर्डर कहाँ है", "hi", "Deva"),
        ("१००१२३", "hi", None),
        ("SO-১০০৪৫৬", "bn", "Latn"),
        ("۱۰۰۱۲۳", "fa", None),
        ("elena.papadopoulou@example.gr", "en", None),
        ("माझी ऑर्डर कुठे आहे", "hi", "Deva"),
        ("میرا آرڈر کہاں ہے", "fa", "Arab"),
    ],
)
def test_the_script_tells_the_language(
    tongues: Tongues, text: str, language: str, script: str | None
) -> None:
    judged = tongues.judge(text)
    assert (judged.language, judged.script) == (language, script)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mera order kab tak aayega", "hi"),
        ("bhai paise wapas kab milenge", "hi"),
        ("kaha h mera parcel", "hi"),
        ("amar parcel ta kothay, ektu bolben?", "bn"),
        ("taka ferot kobe pabo", "bn"),
        ("order ta cancel korte chai", "bn"),
        ("sefaresham koja hast", "fa"),
        ("poolam ro kei pas midid", "fa"),
        ("in kafsh ro mikham avaz konam", "fa"),
        ("pou einai h paraggelia mou", "el"),
        ("8elw na akyrwsw thn paraggelia", "el"),
        ("den hrthe to dema akoma", "el"),
        ("hi, my order has not come yet", "en"),
        ("pls cancel teh ordr asap", "en"),
        ("refund status?", "en"),
        ("is the red sari in stock", "en"),
    ],
)
def test_words_tell_the_language_in_latin_letters(tongues: Tongues, text: str, language: str) -> None:
    judged = tongues.judge(text)
    assert (judged.language, judged.script) == (language, "Latn")


@pytest.mark.parametrize("present", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["ok", "SO-100123", "nike", "👍", "100123", "XL", "thanks", "a@b.com", "refund"]
)
def test_a_word_of_every_language_does_not_change_that_of_a_talk(
    tongues: Tongues, text: str, present: str
) -> None:
    assert tongues.judge(text, present).language == present


@pytest.mark.parametrize(
    ("text", "present", "language"),
    [
        ("where is my order", "hi", "en"),
        ("where are", "hi", "en"),
        ("πού είναι η παραγγελία", "en", "el"),
        ("nahi chahiye", "en", "hi"),
        ("नहीं", "en", "hi"),
        ("না", "el", "bn"),
        ("بله", "hi", "fa"),
        ("size kya hai", "hi", "hi"),
    ],
)
def test_two_clear_words_do_or_one_in_its_own_letters(
    tongues: Tongues, text: str, present: str, language: str
) -> None:
    assert tongues.judge(text, present).language == language


@pytest.mark.parametrize("text", ["заказ где", "注文はどこ", "ትዕዛዝ"])
def test_letters_of_no_language_of_ours_keep_the_present_one_and_are_told(
    tongues: Tongues, text: str
) -> None:
    judged = tongues.judge(text, "bn")
    assert (judged.language, judged.script) == ("bn", "Zzzz")


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"language": "el"}, "el"),
        ({"locale": "hi-IN"}, "hi"),
        ({"locale": "fa_IR"}, "fa"),
        ({"locale": "pt-BR"}, "en"),
        ({"language": "bn", "locale": "en-GB"}, "bn"),
    ],
)
def test_where_the_text_tells_nothing_the_talk_does_then_the_locale(
    bench: Bench, metadata: dict[str, str], language: str
) -> None:
    assert say(bench, "👍 123", **metadata).get("language") == language


def test_an_entity_fills_the_slot_and_leaves_others_in_place(bench: Bench) -> None:
    other = {"entity": "size", "value": "M", "start": 0, "end": 1}
    (message,) = bench.load(LanguageDetector).process([Message({TEXT: "M please", ENTITIES: [other]})])
    first, second = message.get(ENTITIES)
    assert first == other
    assert (second["entity"], second["value"]) == ("language", "en")


@pytest.mark.parametrize("metadata", [None, {}, {"language": None}, {"language": 7, "locale": 7}, "nonsense"])
def test_strange_metadata_is_no_obstacle(bench: Bench, metadata: object) -> None:
    (message,) = bench.load(LanguageDetector).process([Message({TEXT: "ok", "metadata": metadata})])
    assert message.get("language") == "en"


@given(st.text(max_size=300), st.none() | st.sampled_from([*LANGUAGES, "xx"]))
def test_any_text_has_one_of_our_languages(tongues: Tongues, text: str, present: str | None) -> None:
    assert tongues.judge(text, present).language in LANGUAGES


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_a_language_once_judged_is_held(tongues: Tongues, text: str, present: str) -> None:
    judged = tongues.judge(text, present).language
    assert tongues.judge(text, judged).language == judged


@given(
    st.lists(
        st.integers(0, 10**9).map(str) | st.sampled_from(["👍", "😀", "!", "?", "ok", "a@b.com"]), max_size=8
    )
)
def test_numbers_and_signs_never_change_a_language(tongues: Tongues, parts: list[str]) -> None:
    assert all(tongues.judge(" ".join(parts), one).language == one for one in LANGUAGES)


def test_without_frequencies_our_own_words_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordlists, "_frequent", lambda language, most: {})
    alone = wordlists.learn(DATA / "language", DATA / "nlu")
    for text, language in (("mera order kahan hai", "hi"), ("where is my order", "en"), ("pou einai", "el")):
        assert alone.judge(text).language == language


def test_a_language_is_data_only(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text("script: Latn\n")
    (tmp_path / "ru.yml").write_text("script: Grek\nwords: gde moy zakaz pozhaluysta\n")
    made = wordlists.learn(tmp_path, tmp_path / "no nlu")
    assert made.judge("gde moy zakaz").language == "ru"
    assert made.judge("where is my parcel").language == "en"

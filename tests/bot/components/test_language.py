"""The language of a message: by script, and steady within a conversation."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.language import LanguageDetector


@pytest.fixture
def detector() -> LanguageDetector:
    return LanguageDetector(LanguageDetector.get_default_config())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("আমার অর্ডার কোথায়", "bn"),
        ("سفارش من کجاست", "fa"),
        ("πού είναι η παραγγελία μου", "el"),
        ("Ναι", "el"),
        ("where is SO-100123 भाई मेरा ऑर्डर कहाँ है", "hi"),
        ("123 ?!", "en"),
        ("заказ", "en"),
    ],
)
def test_the_script_tells_the_language(detector: LanguageDetector, text: str, language: str) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize("text", ["ok", "SO-100123", "nike", "👍", "100123", "XL"])
def test_a_word_does_not_change_the_language_of_a_talk(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text, "hi") == "hi"


def test_a_sentence_does(detector: LanguageDetector) -> None:
    assert detector.detect("where is my order", "hi") == "en"
    assert detector.detect("πού είναι η παραγγελία", "en") == "el"


def test_the_present_language_comes_with_the_message(detector: LanguageDetector) -> None:
    (message,) = detector.process([Message({TEXT: "ok", "metadata": {"language": "el"}})])
    assert message.get("language") == "el"


def test_an_entity_fills_the_slot_and_leaves_others_in_place(detector: LanguageDetector) -> None:
    other = {"entity": "size", "value": "M", "start": 0, "end": 1}
    (message,) = detector.process([Message({TEXT: "M please", ENTITIES: [other]})])
    first, second = message.get(ENTITIES)
    assert first == other
    assert (second["entity"], second["value"]) == ("language", "en")


@pytest.mark.parametrize("metadata", [None, {}, {"language": None}, {"language": 7}, "nonsense"])
def test_strange_metadata_is_no_obstacle(detector: LanguageDetector, metadata: object) -> None:
    (message,) = detector.process([Message({TEXT: "ok", "metadata": metadata})])
    assert message.get("language") == "en"

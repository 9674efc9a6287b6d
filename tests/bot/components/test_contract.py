"""What holds for every component of the pipeline, trained, kept and loaded again."""

from __future__ import annotations

import json
import typing
from typing import Any

import pytest
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import SetuClassifier
from bot.components.doubt import Doubt
from bot.components.encoder import EncoderFeaturizer
from bot.components.entities import EntityFinder
from bot.components.language import LanguageDetector
from bot.components.sentiment import SentimentAnalyser
from tests.bot.components.conftest import Bench

ALL = [LanguageDetector, EncoderFeaturizer, SentimentAnalyser, SetuClassifier, EntityFinder, Doubt]
NOTHING_SAID = [None, "", "   ", "\n\t"]
PAYLOADS = ["/greet", '/inform{"size": "M"}', "  /greet", "/", "/no such thing"]
NOISE = {
    "long": "where is my order " * 600,
    "one long word": "x" * 10_000,
    "digits": "1234567890" * 1_000,
    "control characters": "\x00\x01\x1b[31m\x07",
    "lone surrogates": "\ud83d hello \udfff",
    "emoji": "😀🤬👍🏽👨‍👩‍👧" * 200,
    "right-to-left marks": "\u202e\u200fhello\u202c",
    "combining marks": "a" + "\u0301" * 3_000,
    "markup": "<script>alert(1)</script>",
    "another script": "заказ где 注文はどこ",
    "braces": "{0} {} {x.__class__} %s",
}


def state(message: Message) -> dict[str, Any]:
    return {key: value for key, value in message.data.items() if key not in (TEXT, "metadata")}


@pytest.mark.parametrize("kind", ALL)
def test_the_recipe_knows_it_with_all_annotations(kind: type[GraphComponent]) -> None:
    assert DefaultV1Recipe._from_registry(kind.__name__).clazz is kind
    for method in ("create", "process"):
        assert "return" in typing.get_type_hints(getattr(kind, method))


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("text", NOTHING_SAID + PAYLOADS)
def test_it_leaves_empty_messages_and_payloads_alone(
    bench: Bench, kind: type[GraphComponent], text: str | None
) -> None:
    message = Message({TEXT: text, "metadata": {}})
    assert bench.load(kind).process([message]) == [message]
    assert state(message) == {}
    assert message.features == []


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE)
def test_noise_is_understood_somehow(bench: Bench, text: str) -> None:
    found = bench.pipeline(bench.load)(text)
    assert found["intent"]["name"]
    assert 0 <= found["intent"]["confidence"] <= 1
    assert 0 <= found["in_scope"] <= 1
    assert -1 <= found["sentiment"]["score"] <= 1
    assert found["language"]
    assert all(0 <= one["start"] <= one["end"] <= len(text) for one in found["entities"])


@pytest.mark.parametrize("text", ["where is my parcel SO-100123", "awful", "γεια", "size m please"])
def test_a_loaded_pipeline_understands_as_the_trained_one(bench: Bench, blank: Bench, text: str) -> None:
    from tests.bot.components.conftest import examples

    data = blank.create(EncoderFeaturizer).process_training_data(examples())
    trained = blank.pipeline(lambda kind: blank.train(kind, data))(text)
    assert blank.pipeline(blank.load)(text) == trained == bench.pipeline(bench.load)(text)


def test_what_is_understood_can_be_written_as_json(bench: Bench) -> None:
    found = bench.pipeline(bench.load)("where is my order")
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("kind", ALL)
def test_an_untrained_component_does_not_stop_the_talk(blank: Bench, kind: type[GraphComponent]) -> None:
    assert len(blank.load(kind).process([Message({TEXT: "hello"}), Message({TEXT: "bye"})])) == 2


def test_an_untrained_pipeline_is_in_doubt(blank: Bench) -> None:
    found = blank.pipeline(blank.load)("hello")
    assert found["intent"] == {"name": "nlu_fallback", "confidence": 0.0}


@pytest.mark.parametrize("kind", [EncoderFeaturizer, SentimentAnalyser])
def test_another_encoder_means_training_again(bench: Bench, kind: type[GraphComponent]) -> None:
    config = bench.configs[kind]
    assert kind.fingerprint_addon(config) == kind.fingerprint_addon(config)
    assert kind.fingerprint_addon(config) != kind.fingerprint_addon({**config, "folder": "/no/encoder"})

"""Intents: right, with probabilities that mean something, and steady when the encoder is missing."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.classifier import SetuClassifier
from bot.components.encoder import EncoderFeaturizer
from bot.components.message import put_vector, vector_of
from tests.bot.components.conftest import EXAMPLES, Bench, examples


def classify(bench: Bench, text: str, *, encoder: str | None = None) -> Message:
    (message,) = bench.create(EncoderFeaturizer, **({"folder": encoder} if encoder else {})).process(
        [Message({TEXT: text})]
    )
    return bench.load(SetuClassifier).process([message])[0]


@pytest.mark.parametrize("intent", EXAMPLES)
def test_what_was_learnt_is_known(bench: Bench, intent: str) -> None:
    assert classify(bench, EXAMPLES[intent][0]).get(INTENT)["name"] == intent


def test_the_ranking_is_a_distribution_best_first(bench: Bench) -> None:
    message = classify(bench, "cancel my parcel")
    confidences = [one["confidence"] for one in message.get("intent_ranking")]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-4)
    assert message.get("intent_ranking")[0] == message.get(INTENT)


def test_a_foreign_message_is_less_in_scope_than_an_own_one(bench: Bench) -> None:
    own, foreign = classify(bench, "where is my order"), classify(bench, "quantum chromodynamics zzz")
    assert foreign.get("in_scope") < own.get("in_scope")


def test_without_the_encoder_n_grams_go_on_and_the_log_says_so_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    component = bench.load(SetuClassifier)
    with caplog.at_level(logging.WARNING):
        found = component.process([Message({TEXT: "cancel my order"}), Message({TEXT: "hello"})])
    assert [one.get(INTENT)["name"] for one in found] == ["cancel_order", "greet"]
    assert len([line for line in caplog.records if "n-grams" in line.message]) == 1


def test_vectors_of_another_encoder_are_not_used(bench: Bench) -> None:
    plain, strange = Message({TEXT: "cancel my order"}), Message({TEXT: "cancel my order"})
    put_vector(strange, np.full(32, 0.1, np.float32), "another encoder")
    component = bench.load(SetuClassifier)
    component.process([plain, strange])
    assert strange.get("intent_ranking") == plain.get("intent_ranking")


def test_a_missing_encoder_is_named_in_the_log_once(blank: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        component = blank.create(EncoderFeaturizer, folder="no/such/folder")
        (message,) = component.process([Message({TEXT: "hello"})])
    assert vector_of(message) is None
    assert [line.message for line in caplog.records if "no/such/folder" in line.message]
    assert len(caplog.records) == 1


def test_trained_without_an_encoder_it_ignores_vectors(blank: Bench) -> None:
    blank.train(SetuClassifier, examples())
    message = classify(blank, "track my parcel")
    assert message.get(INTENT)["name"] == "track_order"


def test_one_intent_alone_is_not_learnt_and_nothing_is_claimed(blank: Bench) -> None:
    blank.train(SetuClassifier, TrainingData([Message({TEXT: "hello", INTENT: "greet"})]))
    assert classify(blank, "hello").get(INTENT) is None

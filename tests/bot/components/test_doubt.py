"""Doubt asks back instead of guessing, and leaves the ranking as it was understood."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.doubt import Doubt

LEAST = {"confidence": 0.4, "margin": 0.1, "in_scope": 0.02}


def decide(*confidences: float, in_scope: float = 1.0, **fixed: float) -> Message:
    ranking = [{"name": f"intent_{i}", "confidence": value} for i, value in enumerate(confidences)]
    data = {TEXT: "hm", INTENT: ranking[0], INTENT_RANKING_KEY: ranking, "in_scope": in_scope}
    data["limits"] = LEAST
    return Doubt({**Doubt.get_default_config(), **fixed}).process([Message(data)])[0]


@pytest.mark.parametrize(
    ("confidences", "in_scope"),
    [((0.39, 0.1), 1.0), ((0.5, 0.45), 1.0), ((0.99, 0.01), 0.01)],
    ids=["unsure", "torn", "foreign"],
)
def test_doubt_asks_back(confidences: tuple[float, ...], in_scope: float) -> None:
    message = decide(*confidences, in_scope=in_scope)
    assert message.get(INTENT) == {"name": "nlu_fallback", "confidence": confidences[0]}
    assert [one["confidence"] for one in message.get(INTENT_RANKING_KEY)] == list(confidences)
    assert message.get(INTENT_RANKING_KEY)[0]["name"] == "intent_0"


@pytest.mark.parametrize("confidences", [(0.9, 0.05), (0.45, 0.3), (1.0,)])
def test_a_clear_reading_stands(confidences: tuple[float, ...]) -> None:
    assert decide(*confidences).get(INTENT)["name"] == "intent_0"


def test_a_limit_in_the_config_holds_against_the_learnt_one() -> None:
    assert decide(0.9, 0.05, confidence=0.95).get(INTENT)["name"] == "nlu_fallback"
    assert decide(0.2, 0.05, confidence=0.1).get(INTENT)["name"] == "intent_0"


def test_a_classifier_without_limits_is_doubted_by_the_usual_ones() -> None:
    data = {TEXT: "hm", INTENT: {"name": "a"}, INTENT_RANKING_KEY: [{"name": "a", "confidence": 0.3}]}
    (message,) = Doubt(Doubt.get_default_config()).process([Message(data)])
    assert message.get(INTENT)["name"] == "nlu_fallback"

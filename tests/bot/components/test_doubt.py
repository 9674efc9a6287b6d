"""Doubt asks back instead of guessing, and leaves the ranking as it was understood."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.doubt import Doubt

LEAST = {"confidence": 0.4, "margin": 0.1, "in_scope": 0.02}


def decide(*confidences: float, in_scope: float = 1.0) -> Message:
    ranking = [{"name": f"intent_{i}", "confidence": value} for i, value in enumerate(confidences)]
    data = {TEXT: "hm", INTENT: ranking[0], INTENT_RANKING_KEY: ranking, "in_scope": in_scope}
    return Doubt(LEAST).process([Message(data)])[0]


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

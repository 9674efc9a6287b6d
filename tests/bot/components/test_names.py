"""An intent's name is learnt as one more example of it."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.names import IntentNames, spoken


@pytest.mark.parametrize("name", ["track_order", "trackOrder", "TRACK-ORDER", "track order?"])
def test_a_name_is_said_in_words(name: str) -> None:
    assert spoken(name) == "track order"


def test_every_intent_with_examples_gets_one_more_and_keeps_its_own() -> None:
    own = [("hello", "greet"), ("where is it", "track_order"), ("hi", "greet")]
    data = TrainingData([Message({TEXT: text, INTENT: intent}) for text, intent in own])
    made = IntentNames().process_training_data(data)
    found = [(one.get(TEXT), one.get(INTENT)) for one in made.intent_examples]
    assert sorted(found) == sorted([*own, ("greet", "greet"), ("track order", "track_order")])


def test_messages_pass_untouched() -> None:
    message = Message({TEXT: "hello"})
    assert IntentNames().process([message]) == [message]
    assert message.data == {TEXT: "hello"}

"""An intent's name is one more example of it: ``track_order`` is said "track order".

On CLINC150, HWU64 and BANKING77 with ten examples an intent this is worth 1 to 1.7 points. Leave
it out of the pipeline where names are codes.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.message import OUT_OF_SCOPE
from bot.examples import Example, extended

_BREAKS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class IntentNames(GraphComponent):  # type: ignore[misc]
    """Adds the examples at training time; messages pass untouched."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentNames:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data with one example more for each intent that has any."""
        intents = sorted({one.get(INTENT) for one in training_data.intent_examples} - {*OUT_OF_SCOPE})
        named = [
            Example.of(Message({TEXT: spoken(intent), INTENT: intent, "language": "en"}))
            for intent in intents
        ]
        return extended(training_data, named)

    def process(self, messages: list[Message]) -> list[Message]:
        return messages


def spoken(name: str) -> str:
    """A name as its words: ``track_order``, ``trackOrder`` and ``TRACK-ORDER`` → "track order"."""
    return _BREAKS.sub(" ", name).strip().lower()

"""Doubt: rather ask back than act on a guess.

Rasa's own FallbackClassifier puts itself on top of the ranking and knows nothing of scope;
here the ranking stays what was understood, for the question with buttons and for the desk.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import IN_SCOPE, LIMITS
from bot.components.message import said

#: Limits for the readings of a classifier that learnt none, e.g. Rasa's own.
UNKNOWN = {"confidence": 0.4, "margin": 0.1, "in_scope": 0.02}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Doubt(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Makes the intent ``nlu_fallback``, with the best reading's confidence, when the best reading's
    ``confidence``, its ``margin`` over the next, or ``in_scope`` is below the limits that the classifier
    learnt; the config may hold any of these limits fast."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"confidence": None, "margin": None, "in_scope": None}

    def __init__(self, config: dict[str, Any]) -> None:
        self._fixed = {key: value for key, value in config.items() if value is not None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Doubt:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if said(message) is not None and self._doubtful(message):
                confidence = (message.get(INTENT) or {}).get("confidence", 0.0)
                fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": confidence}
                message.set(INTENT, fallback, add_to_output=True)
        return messages

    def _doubtful(self, message: Message) -> bool:
        ranking = message.get(INTENT_RANKING_KEY) or []
        if not ranking:
            return True
        first, second = [*ranking, {"confidence": 0.0}][:2]
        least = {**UNKNOWN, **(message.get(LIMITS) or {}), **self._fixed}
        return bool(
            first["confidence"] < least["confidence"]
            or first["confidence"] - second["confidence"] < least["margin"]
            or message.get(IN_SCOPE, 1.0) < least["in_scope"]
        )

"""The intent of a message, with a calibrated probability, and whether it is in scope at all."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.message import said, vector_of
from bot.components.reader import Reader

log = logging.getLogger(__name__)

IN_SCOPE = "in_scope"
RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SetuClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Sets ``intent``, ``intent_ranking`` and ``in_scope`` (0..1) on every typed message.

    Uses the sentence vectors of an :class:`EncoderFeaturizer` before it, if there is one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {}

    def __init__(self, model_storage: ModelStorage, resource: Resource, reader: Reader | None = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader
        self._told = False

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SetuClassifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SetuClassifier:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(model_storage, resource, Reader.load(folder))
        except (OSError, ValueError):
            log.warning("There is no trained intent model: no message will get an intent.")
            return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if said(example)]
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            log.warning("Intents cannot be learnt from examples of fewer than two.")
            return self._resource
        found = [vector_of(example) for example in examples]
        vectors = [pair[0] for pair in found if pair]
        origin = next((pair[1] for pair in found if pair), "")
        self._reader = Reader.learn(
            [said(example) or "" for example in examples],
            labels,
            np.stack(vectors) if len(vectors) == len(examples) else None,
            origin,
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is not None and self._reader is not None:
                self._classify(self._reader, message, text)
        return messages

    def _classify(self, reader: Reader, message: Message, text: str) -> None:
        found = vector_of(message, reader.origin)
        if found is None and reader.full is not None and not self._told:
            self._told = True
            log.warning(
                "No vectors of %s, with which the model was trained: going by n-grams.", reader.origin
            )
        reading = reader.read(text, found[0] if found else None)
        ranking = [{"name": name, "confidence": confidence} for name, confidence in reading.ranking[:RANKED]]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(IN_SCOPE, reading.in_scope, add_to_output=True)

"""The intent of a message, with a calibrated probability, and whether it is in scope at all."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.limits import Costs
from bot.components.message import OUT_OF_SCOPE, group_of, meant, said, vectors_of
from bot.components.reader import FOREIGN, Reader

log = logging.getLogger(__name__)

IN_SCOPE = "in_scope"
LIMITS = "limits"
RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SetuClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Sets ``intent``, ``intent_ranking``, ``in_scope`` (0..1) and ``limits``, below which to doubt.

    Uses the sentence vectors of an :class:`EncoderFeaturizer` before it, if there is one. Config:
    ``costs`` of a needless ``question``, a ``wrong`` answer and a needless ``hand_off``, with the share
    of ``foreign`` messages (:class:`Costs`); ``calls``, intents that call a person; ``out_of_scope``,
    labels of examples that are for no intent.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"costs": {}, "calls": ["contact_human"], "out_of_scope": [*OUT_OF_SCOPE]}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
    ) -> None:
        self._config = config
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
        return cls(config, model_storage, resource)

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
                return cls(config, model_storage, resource, Reader.load(folder))
        except (OSError, ValueError) as error:
            log.warning("There is no trained intent model, no message will get an intent: %s", error)
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if meant(example)]
        outside = set(self._config["out_of_scope"])
        labels = [FOREIGN if one.get(INTENT) in outside else one.get(INTENT) for one in examples]
        if len(set(labels) - {FOREIGN}) < 2:
            log.warning("Intents cannot be learnt from examples of fewer than two.")
            return self._resource
        self._reader = Reader.learn(
            [meant(example) or "" for example in examples],
            labels,
            _vectors(examples) or None,
            groups=[group_of(example) for example in examples],
            costs=Costs.read(self._config["costs"]),
            calls=self._config["calls"],
            twins=[said(example) or "" for example in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = meant(message)
            if text is not None and self._reader is not None:
                self._classify(self._reader, message, text)
        return messages

    def _classify(self, reader: Reader, message: Message, text: str) -> None:
        found = vectors_of(message)
        if reader.full is not None and reader.origin not in found and not self._told:
            self._told = True
            log.warning(
                "No vectors of %s, with which the model was trained: going by n-grams and the rest.",
                reader.origin,
            )
        reading = reader.read(text, found, group_of(message))
        ranking = [{"name": name, "confidence": confidence} for name, confidence in reading.ranking[:RANKED]]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(IN_SCOPE, reading.in_scope, add_to_output=True)
        message.set(LIMITS, reading.limits.as_dict())  # for Doubt alone


def _vectors(examples: list[Message]) -> dict[str, NDArray[np.float32]]:
    """By origin, shape (examples, dim), zeros where an example has none."""
    found = [vectors_of(example) for example in examples]
    dims = {origin: len(vector) for one in found for origin, vector in one.items()}
    return {
        origin: np.stack([one.get(origin, np.zeros(dim, np.float32)) for one in found])
        for origin, dim in dims.items()
    }

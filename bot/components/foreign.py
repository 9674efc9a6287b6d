"""Sentences that are not for us, ``data/foreign/<lang>.yml``: examples of no intent of ours.

From them, beside our own examples, the model learns what is foreign and when to be in doubt.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.components.message import OUT_OF_SCOPE
from bot.examples import Example, extended


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ForeignSentences(GraphComponent):  # type: ignore[misc]
    """Adds them at training time; messages pass untouched. Config: ``data``, their folder, or null."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/foreign"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        files = _files({**cls.get_default_config(), **config})
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ForeignSentences:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        found = [message for file in _files(self._config) for message in sentences(file)]
        return extended(training_data, found)

    def process(self, messages: list[Message]) -> list[Message]:
        return messages


def sentences(file: Path) -> list[Message]:
    """Raises :class:`RasaException` for a file that holds no ``foreign:`` list of texts."""
    content = read_yaml_file(file)
    texts = content.get("foreign") if isinstance(content, dict) else None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise RasaException(f"{file}: a list 'foreign:' of texts is missing")
    said = ({TEXT: text, INTENT: OUT_OF_SCOPE[0], "language": file.stem} for text in texts)
    return [Example.of(Message(one)) for one in said]


def _files(config: dict[str, Any]) -> list[Path]:
    return sorted(Path(config["data"]).glob("*.yml")) if config["data"] else []

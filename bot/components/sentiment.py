"""How pleased or displeased a message sounds: a component of its own, with its own sentences.

Learnt from ``data/sentiment/<lang>.yml``, not from the intents' examples: the same wish can be
said in any mood. With a multilingual encoder one language's sentences serve the others too.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.components.encoder import default_folder, folder_fingerprint, load_encoder, origin_of
from bot.components.message import said, vector_of
from bot.components.reader import Reader
from bot.encoder.clean import clean

log = logging.getLogger(__name__)

SENTIMENT = "sentiment"
#: What each label is worth on the scale from -1 to 1; a score is their mean by probability.
WORTH = {"positive": 1.0, "neutral": 0.0, "negative": -0.6, "very_negative": -1.0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentimentAnalyser(GraphComponent):  # type: ignore[misc]
    """Sets ``sentiment`` ``{"label", "score"}`` on every typed message, score in -1..1.

    Config: ``data``, the folder of sentences; ``folder``, the encoder's, for training.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/sentiment", "folder": default_folder()}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        config = {**cls.get_default_config(), **config}
        files = b"".join(file.read_bytes() for file in sorted(Path(config["data"]).glob("*.yml")))
        return hashlib.sha256(files).hexdigest() + folder_fingerprint(config["folder"])

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

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentimentAnalyser:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentimentAnalyser:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, Reader.load(folder))
        except (OSError, ValueError):
            log.warning("There is no trained sentiment model: every message will seem neutral.")
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (Rasa's signature)
        texts, labels = sentences(Path(self._config["data"]))
        if len(set(labels)) < 2:
            log.warning("There are no sentences in %s to learn sentiment from.", self._config["data"])
            return self._resource
        encoder = load_encoder(self._config["folder"])
        vectors = encoder.encode(texts) if encoder else None
        self._reader = Reader.learn(texts, labels, vectors, origin_of(encoder) if encoder else "")
        with self._model_storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is not None:
                message.set(SENTIMENT, self._sentiment(message, text), add_to_output=True)
        return messages

    def _sentiment(self, message: Message, text: str) -> dict[str, Any]:
        if self._reader is None or not clean(text):
            return {"label": "neutral", "score": 0.0}
        found = vector_of(message, self._reader.origin)
        ranking = self._reader.read(text, found[0] if found else None).ranking
        score = sum(WORTH[label] * probability for label, probability in ranking)
        return {"label": ranking[0][0], "score": round(score, 4)}


def sentences(folder: Path) -> tuple[list[str], list[str]]:
    """All sentences of all languages with their labels; raises for an unknown label."""
    texts: list[str] = []
    labels: list[str] = []
    for file in sorted(folder.glob("*.yml")):
        for label, lines in read_yaml_file(file).items():
            if label not in WORTH:
                raise RasaException(f"{file}: {label} is none of {', '.join(WORTH)}")
            texts += lines
            labels += [label] * len(lines)
    return texts, labels

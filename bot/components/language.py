"""Which language a message is in, as a component of Rasa's; :mod:`bot.components.tongues` does the work."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import wordlists
from bot.components.message import metadata, said
from bot.components.tongues import Tongues

log = logging.getLogger(__name__)

LANGUAGE = "language"
SCRIPT = "script"
FILE = "tongues.npz"


@DefaultV1Recipe.register(
    # A featurizer, too, so that the training examples get their language as well.
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class LanguageDetector(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Sets ``language`` with an entity of that name, which fills the slot without an action, and
    ``script``, what most of the message is written in (ISO 15924; ``Zzzz`` for one that is none of ours).

    Config: ``data``, how languages are written; ``nlu``, examples by language; ``default``, where
    neither the message nor the customer's locale tells; ``prior`` and ``held``, by how much (natural
    logarithm) other languages have to beat English, and the language the conversation is in.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        folders = {"data": "data/language", "nlu": "data/nlu"}
        return {**folders, "default": "en", "prior": 1.5, "held": 2.5}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        config = {**cls.get_default_config(), **config}
        files = [*Path(config["data"]).glob("*.yml"), *Path(config["nlu"]).rglob("*.yml")]
        return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        tongues: Tongues | None = None,
    ) -> None:
        self._config = config
        self._prior, self._held = float(config["prior"]), float(config["held"])
        self._model_storage = model_storage
        self._resource = resource
        self._tongues = tongues or Tongues({}, [], {}, {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageDetector:
        made = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / FILE) as arrays:
                made._tongues = Tongues.from_arrays(dict(arrays), prior=made._prior, held=made._held)
        except (OSError, ValueError, KeyError):
            log.warning("There is no trained language model: every message keeps the present language.")
        return made

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (it does not tell languages)
        data, nlu = Path(self._config["data"]), Path(self._config["nlu"])
        self._tongues = wordlists.learn(data, nlu, prior=self._prior, held=self._held)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **self._tongues.to_arrays())
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Examples know their language by the folder they stand in, all others by their words."""
        known = wordlists.known_examples(Path(self._config["nlu"]))
        for message in training_data.training_examples:
            text = said(message)
            if text is not None:
                told = known.get(text.strip())
                judged = told or self._tongues.judge(text, None, (self._config["default"],)).language
                message.set(LANGUAGE, judged)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is None:
                continue
            known = metadata(message)
            locale = str(known.get("locale") or "").replace("_", "-").split("-")[0].lower()
            judged = self._tongues.judge(text, known.get("language"), (locale, self._config["default"]))
            message.set(LANGUAGE, judged.language, add_to_output=True)
            message.set(SCRIPT, judged.script, add_to_output=True)
            entity = {
                "entity": LANGUAGE,
                "value": judged.language,
                "start": 0,
                "end": len(text),
                "extractor": self.name,
            }
            message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

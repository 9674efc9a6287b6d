"""Reads what is typed in Latin letters as if it were written in the language's own.

Customers romanise, and the encoder and the n-grams know Hindi, Bengali, Persian and Greek much better in
their own letters; :mod:`bot.components.respelling` does the work.
"""

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
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.components import wordlists
from bot.components.language import LANGUAGE
from bot.components.message import RESPELT, said
from bot.components.respelling import ENGLISH, Respeller
from bot.components.romanise import Romaniser
from bot.examples import Example, extended

log = logging.getLogger(__name__)

FILE = "respelling.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class OwnLetters(GraphComponent):  # type: ignore[misc]
    """Sets :data:`RESPELT` where it differs from the text; the text itself stays, for entities and people.

    A training example in Latin letters is learnt from as it is, too: the language may be mistaken.
    Config: ``data`` and ``nlu`` as for the LanguageDetector before it; ``most``, words a language.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/language", "nlu": "data/nlu", "most": 15_000}

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
        respellers: dict[str, Respeller] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._respellers = respellers or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OwnLetters:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OwnLetters:
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / FILE) as arrays:
                return cls(config, model_storage, resource, _loaded(dict(arrays)))
        except (OSError, ValueError, KeyError) as error:
            log.warning("Romanised messages are read as they are: no trained respelling (%s).", error)
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (it learns from words)
        english = {word: share for word, share in wordlists.english_words().items() if share >= ENGLISH}
        for file in sorted(Path(self._config["data"]).glob("*.yml")):
            content = read_yaml_file(file)
            romaniser = Romaniser.of(content)
            if romaniser is not None:
                texts = wordlists.examples(Path(self._config["nlu"]) / file.stem)
                words = wordlists.own_words(file.stem, content, texts, self._config["most"])
                self._respellers[file.stem] = Respeller.learn(words, romaniser, english)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **_arrays(self._respellers, english))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [one for one in training_data.training_examples if said(one) is not None]
        self.process(examples)
        as_typed = [
            Example.of(Message({key: value for key, value in one.data.items() if key != RESPELT}))
            for one in examples
            if one.get(RESPELT)
        ]
        return extended(training_data, as_typed)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            respeller = self._respellers.get(message.get(LANGUAGE))
            if text is not None and respeller is not None:
                respelt = respeller.respell(text)
                if respelt != text:
                    message.set(RESPELT, respelt)
        return messages


def _arrays(respellers: dict[str, Respeller], english: dict[str, float]) -> dict[str, Any]:
    kept = {
        f"{name}.{key}": array for name, one in respellers.items() for key, array in one.to_arrays().items()
    }
    words = np.array("\n".join(english))
    return {**kept, "english": words, "shares": np.array([*english.values()], np.float32)}


def _loaded(arrays: dict[str, Any]) -> dict[str, Respeller]:
    english = dict(zip(str(arrays["english"]).split("\n"), arrays["shares"].tolist(), strict=False))
    names = {key.partition(".")[0] for key in arrays if "." in key}
    return {
        name: Respeller.from_arrays(
            {key.partition(".")[2]: array for key, array in arrays.items() if key.startswith(f"{name}.")},
            english,
        )
        for name in sorted(names)
    }

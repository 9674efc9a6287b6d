"""Puts the sentence vectors on each message, for all who come after it in the pipeline."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.message import meant, put_vector
from bot.encoder.cache import VectorCache
from bot.encoder.runtime import Encoder, EncoderMissing, fingerprint, read_card
from bot.encoder.shared import shared_encoder

log = logging.getLogger(__name__)


def default_folder() -> str:
    """Where the exported encoder is unless the config names a folder."""
    return os.environ.get("SETU_ENCODER") or "models/encoder"


def load_encoder(folder: str) -> Encoder | None:
    """The encoder, or None with one line in the log: n-grams then do the work alone."""
    try:
        return shared_encoder(Path(folder))
    except EncoderMissing as missing:
        log.warning("No sentence encoder, n-grams do the work alone: %s", missing)
        return None


def origin_of(encoder: Encoder) -> str:
    """Names the vectors, so that none is ever compared with those of another encoder."""
    return f"{encoder.name} {hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:12]}"


def folder_fingerprint(folder: str) -> str:
    """Changes when the encoder in the folder changes, comes or goes."""
    try:
        return fingerprint(read_card(Path(folder)))
    except EncoderMissing:
        return "none"


def training_vectors(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Shape (texts, dim); those of texts that were trained on before are kept in ``SETU_HOME/vectors``."""
    folder = Path(os.environ.get("SETU_HOME") or "var") / "vectors"
    return VectorCache(folder, encoder.fingerprint, encoder.dim).of(texts, encoder.encode)


_kept: ContextVar[bool] = ContextVar("vectors_kept", default=False)


@contextmanager
def vectors_kept() -> Iterator[None]:
    """Messages read meanwhile get their vectors from those that are kept, too, and leave theirs there."""
    before = _kept.set(True)
    try:
        yield
    finally:
        _kept.reset(before)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):  # type: ignore[misc]
    """Config: ``folder``, the exported encoder (default: SETU_ENCODER or models/encoder), and
    ``beside``, a folder next to it with a second one, which may be missing; it reads what its
    scripts are, e.g. only text in Latin letters."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": default_folder(), "beside": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return " ".join(map(folder_fingerprint, _folders({**cls.get_default_config(), **config})))

    def __init__(self, encoders: Sequence[Encoder | None]) -> None:
        self._encoder = encoders[0]
        self._encoders = [(one, origin_of(one)) for one in encoders if one is not None]

    @property
    def encoder(self) -> Encoder | None:
        """The one for all languages."""
        return self._encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        first, *others = _folders(config)
        return cls([load_encoder(first), *map(_second, others)])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self._put(training_data.training_examples, training_vectors)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        self._put(messages, training_vectors if _kept.get() else Encoder.encode)
        return messages

    def _put(self, messages: list[Message], encode: Any) -> None:
        typed = [(message, text) for message in messages if (text := meant(message)) is not None]
        for encoder, origin in self._encoders:
            read = [(message, text) for message, text in typed if encoder.reads(text)]
            if read:
                vectors = encode(encoder, [text for _, text in read])
                for (message, _), vector in zip(read, vectors, strict=True):
                    put_vector(message, vector, origin)


def _folders(config: dict[str, Any]) -> list[str]:
    first, beside = config["folder"], config.get("beside")
    return [first, str(Path(first).parent / beside)] if beside else [first]


def _second(folder: str) -> Encoder | None:
    try:
        return shared_encoder(Path(folder))
    except EncoderMissing as missing:
        log.warning("No second encoder, the first one does its work too: %s", missing)
        return None

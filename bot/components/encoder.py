"""Puts the sentence vector on each message, for all who come after it in the pipeline."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.message import put_vector, said
from bot.encoder.runtime import Encoder, EncoderMissing, fingerprint, read_card

log = logging.getLogger(__name__)


def default_folder() -> str:
    """Where the exported encoder is unless the config names a folder."""
    return os.environ.get("SETU_ENCODER") or "models/encoder"


def load_encoder(folder: str) -> Encoder | None:
    """The encoder, or None with one line in the log: n-grams then do the work alone."""
    try:
        return Encoder.load(Path(folder))
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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):  # type: ignore[misc]
    """Config: ``folder``, the exported encoder (default: SETU_ENCODER or models/encoder)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": default_folder()}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        return folder_fingerprint(config.get("folder") or default_folder())

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._origin = origin_of(encoder) if encoder else ""

    @property
    def encoder(self) -> Encoder | None:
        return self._encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        return cls(load_encoder(config["folder"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        typed = [(message, text) for message in messages if (text := said(message)) is not None]
        if self._encoder and typed:
            vectors = self._encoder.encode([text for _, text in typed])
            for (message, _), vector in zip(typed, vectors, strict=True):
                put_vector(message, vector, self._origin)
        return messages

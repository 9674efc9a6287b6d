"""How a message sounds: its mood, how urgent it is, and whether it swears. A component of its own.

Learnt from ``data/sentiment/<lang>.yml``, not from the intents' examples: the same wish can be
said in any mood. With a multilingual encoder one language's sentences serve the others too.
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
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.components.encoder import EncoderFeaturizer
from bot.components.feelings import Feeling
from bot.components.kept import learnt
from bot.components.message import Floats, meant, said, vectors_of
from bot.encoder.clean import clean

log = logging.getLogger(__name__)

SENTIMENT = "sentiment"
URGENCY = "urgency"
SWEARING = "swearing"
#: What each label is worth on the scale from -1 to 1; a score is their mean by probability.
WORTH = {"positive": 1.0, "neutral": 0.0, "negative": -0.6, "very_negative": -1.0}
#: How often each comes among customers, against how often it stands in our sentences (as often as the
#: others): most want something, are neither glad nor angry, and can wait. Held back, for a wish and
#: anger in one message sound half neutral.
SHARES = {"positive": 0.7, "neutral": 1.5, "urgent": 0.5}
#: Sections of a file and the labels of each; what is in no list of swearing does not swear.
SECTIONS = {
    "mood": tuple(WORTH),
    "urgency": ("urgent", "calm"),
    "swearing": ("at_us", "at_the_situation"),
}
CLEAN = "clean"
AT = {"at_us": "us", "at_the_situation": "situation"}

Sentences = dict[str, list[str]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentimentAnalyser(GraphComponent):  # type: ignore[misc]
    """Sets on every typed message ``sentiment`` ``{"label", "score"}``, score in -1..1,
    ``urgency`` in 0..1 and ``swearing``: at ``us``, at the ``situation``, or None.

    Config: ``data``, the folder of sentences; ``folder`` and ``beside``, the encoders', for training;
    ``shares``, how often moods and urgency come among customers (:data:`SHARES`).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "data/sentiment", "shares": SHARES, **EncoderFeaturizer.get_default_config()}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        config = {**cls.get_default_config(), **config}
        files = b"".join(file.read_bytes() for file in sorted(Path(config["data"]).glob("*.yml")))
        return f"{hashlib.sha256(files).hexdigest()} {EncoderFeaturizer.fingerprint_addon(config)}"

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        feelings: dict[str, Feeling] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._feelings = feelings or {}

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
                return cls(config, model_storage, resource, _loaded(folder))
        except (OSError, ValueError):
            log.warning("There is no trained sentiment model: every message will seem neutral.")
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002  (Rasa's signature)
        with self._model_storage.write_to(self._resource) as folder:
            made_from = f"{sorted(self._config.items())} {self.fingerprint_addon(self._config)}"
            learnt("sentiment", made_from, folder, lambda: self._learn(folder))
            self._feelings = _loaded(folder)
        return self._resource

    def _learn(self, folder: Path) -> None:
        sections = sentences(Path(self._config["data"]))
        texts = list(
            dict.fromkeys(line for labels in sections.values() for one in labels.values() for line in one)
        )
        encoder = EncoderFeaturizer.create(self._config, self._model_storage, self._resource, None)
        messages = [Message({TEXT: text}) for text in texts]
        encoder.process_training_data(TrainingData(messages))
        vectors = {text: vectors_of(message) for text, message in zip(texts, messages, strict=True)}
        for name in SECTIONS:
            own, labels = examples(sections, name)
            if len(set(labels)) < 2:
                log.warning("There are no sentences in %s to learn %s from.", self._config["data"], name)
                continue
            Feeling.learn(own, labels, stacked([vectors[text] for text in own])).save(folder / f"{name}.npz")

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = said(message)
            if text is not None:
                mood = self._as_usual(self._read("mood", message, text) or {"neutral": 1.0})
                score = round(sum(WORTH[label] * share for label, share in mood.items()), 4)
                sentiment = {"label": max(mood, key=mood.__getitem__), "score": score}
                urgency = self._as_usual(self._read("urgency", message, text) or {"calm": 1.0}).get(
                    "urgent", 0.0
                )
                swearing = self._read("swearing", message, text) or {CLEAN: 1.0}
                message.set(SENTIMENT, sentiment, add_to_output=True)
                message.set(URGENCY, round(urgency, 4), add_to_output=True)
                message.set(SWEARING, _sworn_at(swearing), add_to_output=True)
        return messages

    def _as_usual(self, learnt: dict[str, float]) -> dict[str, float]:
        """Probabilities learnt where all labels are as frequent, for ``shares`` (Saerens et al. 2002)."""
        shifted = {label: share * self._config["shares"].get(label, 1.0) for label, share in learnt.items()}
        total = sum(shifted.values())
        return {label: share / total for label, share in shifted.items()}

    def _read(self, section: str, message: Message, text: str) -> dict[str, float] | None:
        """Labels with their probabilities; None if nothing was learnt or there is nothing to read."""
        feeling = self._feelings.get(section)
        if feeling is None or not clean(text):
            return None
        # What was typed in Latin letters is read in the language's own, too.
        respelt = meant(message)
        read = text if respelt in (None, text) else f"{text} {respelt}"
        return feeling.read(read, vectors_of(message))


def _loaded(folder: Path) -> dict[str, Feeling]:
    files = {name: folder / f"{name}.npz" for name in SECTIONS}
    return {name: Feeling.load(file) for name, file in files.items() if file.is_file()}


def _sworn_at(swearing: dict[str, float]) -> str | None:
    if swearing[CLEAN] >= 0.5:
        return None
    return AT[max(AT, key=lambda label: swearing.get(label, 0.0))]


def stacked(found: list[dict[str, Floats]]) -> dict[str, Floats]:
    """Vectors of texts by origin → by origin, shape (texts, dim), zeros where a text has none."""
    dims = {origin: len(vector) for one in found for origin, vector in one.items()}
    return {
        origin: np.stack([one.get(origin, np.zeros(dim, np.float32)) for one in found])
        for origin, dim in dims.items()
    }


def sentences(folder: Path) -> dict[str, Sentences]:
    """All languages' sentences by section and label; raises for a section or a label nobody knows."""
    found: dict[str, Sentences] = {name: {label: [] for label in SECTIONS[name]} for name in SECTIONS}
    for file in sorted(folder.glob("*.yml")):
        for name, labels in read_yaml_file(file).items():
            if name not in SECTIONS:
                raise RasaException(f"{file}: {name} is none of {', '.join(SECTIONS)}")
            for label, lines in labels.items():
                if label not in found[name]:
                    raise RasaException(f"{file}: {name}.{label} is none of {', '.join(SECTIONS[name])}")
                found[name][label] += [str(line) for line in lines]
    return found


def examples(sections: dict[str, Sentences], name: str) -> tuple[list[str], list[str]]:
    """Texts and labels to learn a section from, each text once."""
    labelled = {line: label for label, lines in sections[name].items() for line in lines}
    if name == "swearing" and labelled:
        # Most who are displeased do not swear: the other sections show how that sounds.
        polite = [line for label in ("positive", "neutral", "negative") for line in sections["mood"][label]]
        labelled |= {line: CLEAN for line in [*polite, *sections["urgency"]["calm"]] if line not in labelled}
    return list(labelled), list(labelled.values())

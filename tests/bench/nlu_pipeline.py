"""A pipeline of Rasa components, made, trained, loaded and run as Rasa does; by default the product's own."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file

from tests.support.servers import ROOT

#: What says nothing about intents, by module; left out where only intents are measured.
NOT_FOR_INTENTS = ("bot.components.sentiment", "bot.components.entities")

Step = dict[str, Any]


def product(without: Collection[str] = ()) -> list[Step]:
    """The components of ``config.yml`` with their settings, without those of some modules."""
    steps: list[Step] = read_config_file(ROOT / "config.yml")["pipeline"]
    return [step for step in steps if not step["name"].startswith(tuple(without) or ("-",))]


def diet() -> list[Step]:
    """What Rasa 3.6 proposes by default for intents."""
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True, "random_seed": 1},
    ]


class Pipeline:
    """``changes``: settings by the class's name, over those of the steps."""

    def __init__(self, steps: list[Step], folder: Path, changes: dict[str, Step] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}))
        self._made = []
        for number, step in enumerate(steps):
            kind = _kind(step["name"])
            given = {key: value for key, value in step.items() if key != "name"}
            config = {**kind.get_default_config(), **given, **(changes or {}).get(kind.__name__, {})}
            self._made.append((kind, config, Resource(f"{number}.{kind.__name__}")))
        self._parts: list[Any] = []
        self.seconds: dict[str, float] = {}  # of the processor in training, by class

    def train(self, data: TrainingData) -> None:
        """Train each, keep it, load it again, and hand on what it makes of the data."""
        self._parts = []
        for kind, config, resource in self._made:
            started = time.process_time()
            part = kind.create(config, self._storage, resource, self._context)
            if hasattr(part, "train"):
                part.train(data)
            if hasattr(part, "process_training_data"):
                data = part.process_training_data(data)
            self.seconds[kind.__name__] = time.process_time() - started
            if hasattr(part, "train"):
                part = kind.load(config, self._storage, resource, self._context)
            self._parts.append(part)

    def run(self, texts: Sequence[str]) -> list[Message]:
        messages = [Message({TEXT: text}) for text in texts]
        for part in self._parts:
            messages = part.process(messages)
        return messages

    def milliseconds(self, text: str) -> float:
        """One message through all components: the processor's time, whatever else the machine does."""
        started = time.process_time()
        self.run([text])
        return (time.process_time() - started) * 1000


def examples(pairs: Sequence[tuple[str, str]]) -> TrainingData:
    return TrainingData([Message({TEXT: text, INTENT: label}) for text, label in pairs])


def _kind(name: str) -> Any:
    logging.getLogger("rasa").setLevel(logging.ERROR)
    try:
        return DefaultV1Recipe._from_registry(name).clazz
    except RasaException:
        return class_from_module_path(name)

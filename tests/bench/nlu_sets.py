"""The sets of ``bench nlu``, and how each is measured. Runs in the bot's environment.

``python -m tests.bench.nlu_sets [NAME …] [--encoder FOLDER]`` prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

from bot.components.classifier import SetuClassifier
from bot.components.doubt import Doubt
from bot.components.encoder import EncoderFeaturizer
from bot.components.entities import EntityFinder
from bot.components.language import LanguageDetector
from bot.components.names import IntentNames
from bot.components.sentiment import SentimentAnalyser
from tests.support.servers import ROOT

YARDSTICKS = Path(os.environ.get("SETU_YARDSTICKS") or ROOT.parent / "shared" / "yardsticks")
OUT_OF_SCOPE = "NO_NODES_DETECTED"
FALLBACK = "nlu_fallback"
TIMED = 200  # messages


@dataclass(frozen=True)
class Set:
    """Where a set is and which of its parts are for what; ``shots``: so many examples an intent."""

    file: str
    train: str
    test: str
    foreign: str | None = None
    shots: int | None = None


SETS = {
    "clinc150": Set("intents/clinc150", "train", "test", foreign="oos_test"),
    "clinc150_10": Set("intents/clinc150", "train", "test", foreign="oos_test", shots=10),
    "banking77_5": Set("intents/banking77_fewshot", "train_5", "valid"),
    "banking77_10": Set("intents/banking77_fewshot", "train_10", "valid"),
    "hwu64": Set("intents/hwu64", "train", "test"),
    "hwu64_10": Set("intents/hwu64", "train_10", "test"),
    "curekart": Set("intents/hint3_curekart", "train", "test", foreign="test"),
}
MOODS = {"positive": "pos", "neutral": "neu", "negative": "neg", "very_negative": "neg"}
Line = dict[str, str]


class Pipeline:
    """The product's components, made and run as Rasa does."""

    def __init__(self, folder: Path, encoder: str | None) -> None:
        self._storage = LocalModelStorage.create(folder)
        self._config = {"folder": encoder} if encoder else {}
        self._context = ExecutionContext(GraphSchema({}))
        self.encoder = self._make(EncoderFeaturizer)
        self.classifier = self._make(SetuClassifier)
        self.sentiment = self._make(SentimentAnalyser)
        self._rest = [self._make(LanguageDetector), self._make(EntityFinder), self._make(Doubt)]

    def _make(self, kind: Any) -> Any:
        config = {**kind.get_default_config(), **self._config}
        return kind.create(config, self._storage, Resource(kind.__name__), self._context)

    def train(self, lines: Sequence[Line]) -> None:
        data = TrainingData([Message({TEXT: line["text"], INTENT: line["label"]}) for line in lines])
        self.classifier.train(self.encoder.process_training_data(IntentNames().process_training_data(data)))

    def classify(self, texts: Sequence[str]) -> list[Message]:
        messages = self.encoder.process([Message({TEXT: text}) for text in texts])
        return list(self.classifier.process(messages))

    def doubt(self, messages: list[Message]) -> list[Message]:
        return list(self._rest[-1].process(messages))

    def milliseconds(self, texts: Sequence[str]) -> float:
        """One message through all components, median over the texts."""
        for component in (self.sentiment, self._rest[1]):
            component.train(TrainingData([]))
        parts = [self._rest[0], self.encoder, self.sentiment, self.classifier, *self._rest[1:]]
        took = []
        for text in texts:
            messages = [Message({TEXT: text})]
            started = time.perf_counter()
            for part in parts:
                messages = part.process(messages)
            took.append((time.perf_counter() - started) * 1000)
        return statistics.median(took)


def measure(names: Sequence[str], encoder: str | None = None) -> dict[str, float]:
    """Figures ``<set>.accuracy .ece .train_s`` and, where they apply, ``.oos_auroc .oos_recall_95 .mcc``."""
    figures: dict[str, float] = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = Pipeline(Path(folder), encoder)
            found = _mood(pipeline) if name == "umsab_en" else _intents(pipeline, SETS[name])
        figures |= {f"{name}.{key}": value for key, value in found.items()}
        print(name, found, file=sys.stderr, flush=True)
    return figures


def _intents(pipeline: Pipeline, part: Set) -> dict[str, float]:
    lines = _lines(part.file)
    train = _few([line for line in lines if line["split"] == part.train], part.shots)
    test = [line for line in lines if line["split"] == part.test]
    foreign = [line for line in lines if line["split"] == part.foreign] if part.foreign else []
    if part.foreign == part.test:  # the foreign ones are among the others
        foreign = [line for line in test if line["label"] == OUT_OF_SCOPE]
        test = [line for line in test if line["label"] != OUT_OF_SCOPE]
    started = time.perf_counter()
    pipeline.train(train)
    figures = {"train_s": time.perf_counter() - started}
    found = pipeline.classify([line["text"] for line in test])
    right = np.array(
        [one.get(INTENT)["name"] == line["label"] for one, line in zip(found, test, strict=True)]
    )
    sure = np.array([one.get(INTENT)["confidence"] for one in found])
    figures |= {"accuracy": float(right.mean()), "ece": _ece(sure, right)}
    if foreign:
        others = pipeline.classify([line["text"] for line in foreign])
        own, not_own = (np.array([one.get("in_scope") for one in part]) for part in (found, others))
        truth = np.r_[np.ones(len(own)), np.zeros(len(not_own))]
        figures["oos_auroc"] = float(roc_auc_score(truth, np.r_[own, not_own]))
        figures["oos_recall_95"] = float((not_own < np.quantile(own, 0.05)).mean())
        answers = [one.get(INTENT)["name"] for one in pipeline.doubt(found + others)]
        labels = [line["label"] for line in test] + [FALLBACK] * len(others)
        figures["mcc"] = float(matthews_corrcoef(labels, answers))
    figures["ms"] = pipeline.milliseconds([line["text"] for line in test[:TIMED]])
    return figures


def _mood(pipeline: Pipeline) -> dict[str, float]:
    """Our sentences of support talk, tried on tweets: three classes, macro F1."""
    test = [line for line in _lines("sentiment/umsab_en") if line["split"] == "test"]
    pipeline.sentiment.train(TrainingData([]))
    messages = pipeline.encoder.process([Message({TEXT: line["text"]}) for line in test])
    found = [MOODS[one.get("sentiment")["label"]] for one in pipeline.sentiment.process(messages)]
    return {"f1": float(f1_score([line["label"] for line in test], found, average="macro"))}


def _lines(file: str) -> list[Line]:
    with (YARDSTICKS / f"{file}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _few(lines: list[Line], shots: int | None) -> list[Line]:
    if shots is None:
        return lines
    random = np.random.default_rng(0)
    by_label: dict[str, list[Line]] = {}
    for line in lines:
        by_label.setdefault(line["label"], []).append(line)
    return [
        by_label[label][index]
        for label in sorted(by_label)
        for index in random.permutation(len(by_label[label]))[:shots]
    ]


def _ece(sure: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, on average."""
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[which == i].mean() - right[which == i].mean()) * (which == i).mean() for i in set(which)]
    return float(sum(gaps))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=[*SETS, "umsab_en"])
    parser.add_argument("--encoder")
    options = parser.parse_args()
    figures = measure(options.names, options.encoder)
    notes = [f"encoder: {options.encoder or 'models/encoder'}", "test parts looked at once for these figures"]
    print(json.dumps({"figures": figures, "notes": notes}))


if __name__ == "__main__":
    main()

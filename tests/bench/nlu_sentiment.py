"""The task ``sentiment`` of ``bench nlu``: the product's own component on any file of labelled texts.

It learns from a file's ``train*`` part as the product does from ``data/sentiment`` and is tried on ``test*``,
else ``val*`` or ``dev*``; a file of one part is cross-validated, five folds. ``<stem>_shipped.accuracy``
and ``.macro_f1``: the product's own model, as it ships, on the same texts. Without files: the
public sets and the shop's own.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.metrics import f1_score

from bot.components.encoder import EncoderFeaturizer
from bot.components.feelings import Feeling
from bot.components.message import vectors_of
from bot.components.sentiment import WORTH, stacked
from tests.bench import nlu_data
from tests.bench.nlu_language import YARDSTICKS
from tests.bench.nlu_pipeline import Pipeline, product
from tests.support.servers import ROOT

#: Our labels for theirs, to compare the model that ships; two of ours are one of theirs.
SHORT = {"positive": "pos", "neutral": "neu", "negative": "neg", "very_negative": "neg"}
#: The components that a mood is read by.
READ = ("LanguageDetector", "OwnLetters", "EncoderFeaturizer", "SentimentAnalyser")
BINS = 15
TIMED = 200  # messages


class Parts:
    """The product's encoders and its model as it ships, loaded once for all files."""

    def __init__(self) -> None:
        steps = {step["name"].rsplit(".", 1)[-1]: step for step in product()}
        config = {**EncoderFeaturizer.get_default_config(), **steps["EncoderFeaturizer"]}
        self.shipped = Pipeline([steps[name] for name in READ if name in steps], Path(tempfile.mkdtemp()))
        self.shipped.train(TrainingData([]))
        context = ExecutionContext(GraphSchema({}))
        self.encoder = EncoderFeaturizer.create(config, None, Resource("encoder"), context)

    def vectors(self, texts: Sequence[str]) -> dict[str, dict[str, NDArray[np.float32]]]:
        messages = [Message({TEXT: text}) for text in texts]
        self.encoder.process_training_data(TrainingData(messages))
        return {text: vectors_of(one) for text, one in zip(texts, messages, strict=True)}


def measure(files: Sequence[Path] = ()) -> dict[str, float]:
    """Figures ``<stem>.accuracy .macro_f1 .ece .ms .train_s`` and those of the model as it ships."""
    parts = Parts()
    figures: dict[str, float] = {}
    wanted = list(files) or sorted((YARDSTICKS / "sentiment").glob("*.jsonl"))
    if not files or {file.parent for file in wanted} == {YARDSTICKS / "sentiment"}:
        for file in sorted((ROOT / "tests" / "nlu").glob("shop_*.jsonl")):
            figures |= _shop(parts, file)
    for file in wanted:
        named = nlu_data.runs(file.stem, nlu_data.read(file, []), oos=())
        for name, folds in named:
            figures |= {f"{name}.{key}": value for key, value in _learnt(parts, folds).items()}
        pairs = [pair for _, folds in named[:1] for run in folds for pair in run.test]
        if {label for _, label in pairs} <= set(SHORT.values()):
            figures |= {f"{file.stem}_shipped.{key}": value for key, value in _shipped(parts, pairs).items()}
    return figures


def _learnt(parts: Parts, folds: Sequence[nlu_data.Run]) -> dict[str, float]:
    """The product's head, learnt from each run's training part; the folds count as one test."""
    truth, found, sure, seconds, times = [], [], [], [], []
    for run in folds:
        vectors = parts.vectors([text for text, _ in run.train + run.test])
        started = time.perf_counter()
        texts, labels = [text for text, _ in run.train], [label for _, label in run.train]
        with tempfile.TemporaryDirectory() as folder:
            Feeling.learn(texts, labels, stacked([vectors[text] for text in texts])).save(
                Path(folder) / "f.npz"
            )
            seconds.append(time.perf_counter() - started)
            feeling = Feeling.load(Path(folder) / "f.npz")
        for number, (text, label) in enumerate(run.test):
            begun = time.perf_counter()
            shares = feeling.read(text, vectors[text])
            if number < TIMED:
                parts.encoder.process([Message({TEXT: text + " "})])
                times.append(time.perf_counter() - begun)
            best = max(shares, key=shares.__getitem__)
            truth.append(label)
            found.append(best)
            sure.append(shares[best])
    extra = {"train_s": statistics.mean(seconds), "ms": statistics.median(times) * 1000}
    return {**_scores(truth, found, sure), **extra}


def _shipped(parts: Parts, pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    labels = {label for _, label in pairs}
    messages = parts.shipped.run([text for text, _ in pairs])
    found = [_nearest(one.get("sentiment"), labels) for one in messages]
    scores = _scores([label for _, label in pairs], found, [])
    return {key: scores[key] for key in ("accuracy", "macro_f1")}


def _nearest(sentiment: dict[str, Any], labels: set[str]) -> str:
    """Our label as one of theirs; where they know no neutral, the score's sign decides."""
    short = SHORT[sentiment["label"]]
    return short if short in labels else ("neg" if sentiment["score"] < 0 else "pos")


def _shop(parts: Parts, file: Path) -> dict[str, float]:
    """The frozen set of a language: four moods, and three where both bad ones are one."""
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    by_script: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if line.get("sentiment") in WORTH:
            by_script[f"{file.stem}_sentiment"].append(line)
            if line.get("script") == "Latn" and line.get("language", "en") != "en":
                by_script[f"{file.stem}_sentiment_romanised"].append(line)
    figures = {}
    for name, own in by_script.items():
        messages = parts.shipped.run([line["text"] for line in own])
        found = [one.get("sentiment")["label"] for one in messages]
        truth = [line["sentiment"] for line in own]
        short = _scores([SHORT[one] for one in truth], [SHORT[one] for one in found], [])
        four = _scores(truth, found, [])
        figures |= {f"{name}.accuracy": four["accuracy"], f"{name}.macro_f1": four["macro_f1"]}
        figures |= {f"{name}_3.accuracy": short["accuracy"], f"{name}_3.macro_f1": short["macro_f1"]}
    return figures


def _scores(truth: Sequence[str], found: Sequence[str], sure: Sequence[float]) -> dict[str, float]:
    right = np.array([one == other for one, other in zip(truth, found, strict=True)])
    macro = f1_score(truth, found, average="macro", labels=sorted(set(truth)), zero_division=0)
    figures = {"accuracy": float(right.mean()), "macro_f1": float(macro)}
    if sure:
        which = np.minimum((np.array(sure) * BINS).astype(int), BINS - 1)
        gaps = [
            abs(np.array(sure)[which == one].mean() - right[which == one].mean()) * (which == one).mean()
            for one in set(which)
        ]
        figures["ece"] = float(sum(gaps))
    return figures

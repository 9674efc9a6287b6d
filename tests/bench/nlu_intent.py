"""Intents and doubt: one run's figures, of the product's components or of a baseline beside them."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

from tests.bench.nlu_data import Run
from tests.bench.nlu_pipeline import NOT_FOR_INTENTS, Pipeline, examples, product

FOREIGN = "oos"
FALLBACK = "nlu_fallback"
OWN_DATA = {"LanguageDetector"}  # learns from the product's examples, not from the set
KEPT = 0.05  # of our own messages may be lost: the score means just that, where no part tells better
TIMED = 200  # messages


@dataclass
class Found:
    """Of each text: best reading, its probability, the answer after doubt, the in-scope score."""

    best: list[str]
    sure: NDArray[Any]
    answer: list[str]
    scope: NDArray[Any]


def measure(folds: Sequence[Run], encoder: str | None = None) -> dict[str, float]:
    """``accuracy macro_f1 ece mcc train_s ms`` and, where there are foreign texts, ``oos_auroc
    oos_recall_95``; the folds of a cross-validation count as one test."""
    own, foreign, cut, seconds, times = [], [], [], [], []
    for run in folds:
        with tempfile.TemporaryDirectory() as folder:
            pipeline = trained(run, Path(folder), encoder)
            own.append(look(pipeline, [text for text, _ in run.test]))
            foreign.append(look(pipeline, run.foreign_test))
            valid = look(pipeline, [text for text, _ in run.valid]).scope
            cut.append(float(np.quantile(valid, KEPT)) if len(valid) else KEPT)
            seconds.append(sum(pipeline.seconds[part] for part in pipeline.seconds if part not in OWN_DATA))
            times += [pipeline.milliseconds(text) for text, _ in run.test[: TIMED // len(folds)]]
    labels = [label for run in folds for _, label in run.test]
    found, others = _joined(own), _joined(foreign)
    figures = scores(labels, found)
    figures["mcc"] = _mcc(labels + [FOREIGN] * len(others.best), found.answer + others.answer)
    if others.best:
        truth = np.r_[np.ones(len(found.scope)), np.zeros(len(others.scope))]
        figures["oos_auroc"] = float(roc_auc_score(truth, np.r_[found.scope, others.scope]))
        caught = np.concatenate([one.scope < at for one, at in zip(foreign, cut, strict=True)])
        figures["oos_recall_95"] = float(caught.mean())
        figures["oos_caught"] = float(np.mean([answer == FOREIGN for answer in others.answer]))
    figures["needless_doubt"] = float(np.mean([answer == FOREIGN for answer in found.answer]))
    return {**figures, "train_s": statistics.mean(seconds), "ms": statistics.median(times)}


def trained(run: Run, folder: Path, encoder: str | None = None) -> Pipeline:
    """The product's components, trained on the run; the foreign texts of the shop are not those of a set."""
    changes: dict[str, dict[str, Any]] = {"ForeignSentences": {"data": None}}
    if encoder:
        changes["EncoderFeaturizer"] = {"folder": encoder}
    pipeline = Pipeline(product(NOT_FOR_INTENTS), folder, changes)
    pipeline.train(examples([*run.train, *((text, FOREIGN) for text in run.foreign_train)]))
    return pipeline


def look(pipeline: Pipeline, texts: Sequence[str]) -> Found:
    messages = pipeline.run(texts)
    best, sure, answer = [], [], []
    for message in messages:
        ranking = message.get(INTENT_RANKING_KEY) or [{"name": FOREIGN, "confidence": 0.0}]
        said = (message.get(INTENT) or {}).get("name") or FOREIGN
        best.append(ranking[0]["name"])
        sure.append(ranking[0]["confidence"])
        answer.append(FOREIGN if said == FALLBACK else said)
    scope = [one.get("in_scope", sure[at]) for at, one in enumerate(messages)]
    return Found(best, np.array(sure), answer, np.array(scope))


def scores(labels: Sequence[str], found: Found) -> dict[str, float]:
    right = np.array([one == label for one, label in zip(found.best, labels, strict=True)])
    macro = f1_score(labels, found.best, labels=sorted(set(labels)), average="macro", zero_division=0)
    return {"accuracy": float(right.mean()), "macro_f1": float(macro), "ece": ece(found.sure, right)}


def ece(sure: NDArray[Any], right: NDArray[Any], bins: int = 15) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, on average."""
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs(sure[which == i].mean() - right[which == i].mean()) * (which == i).mean() for i in set(which)]
    return float(sum(gaps))


def _mcc(labels: list[str], answers: list[str]) -> float:
    return float(matthews_corrcoef(labels, answers))


def _joined(parts: Sequence[Found]) -> Found:
    return Found(
        [one for part in parts for one in part.best],
        np.concatenate([part.sure for part in parts]),
        [one for part in parts for one in part.answer],
        np.concatenate([part.scope for part in parts]),
    )

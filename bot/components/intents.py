"""The intent model: n-grams and sentence vectors, one linear head, calibrated; knows no Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.components import softmax
from bot.components.ngrams import Ngrams
from bot.components.scope import Scope, near

Floats = NDArray[np.float32]

FOLDS = 5
MANY = 4_000  # texts, from which on one held-out part is enough and rare n-grams are left out
NGRAM_SHARE = 0.3  # of the n-grams' inner product beside the vectors' (tuned on CLINC150's validation part)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may mean: labels with calibrated probabilities, best first, and its in-scope score."""

    ranking: list[tuple[str, float]]
    in_scope: float


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Learnt from labelled texts and, if there is an encoder, their vectors.

    ``centre`` is the mean training vector (empty without an encoder), ``points`` the
    training texts' own centred vectors, ``dense`` and ``sparse`` the weights of the two kinds of features.
    """

    labels: list[str]
    ngrams: Ngrams
    centre: Floats
    points: Floats
    dense: Floats
    sparse: Floats
    bias: Floats
    scope: Scope

    @classmethod
    def learn(cls, texts: Sequence[str], labels: Sequence[str], vectors: Floats | None = None) -> IntentModel:
        """``vectors``: shape (texts, dim), in the order of the texts. Needs two labels."""
        names, truth = np.unique(np.array(labels), return_inverse=True)
        ngrams = Ngrams.learn(texts, least=2 if len(texts) > MANY else 1)
        grams = ngrams.vectors(texts)
        given = np.zeros((len(texts), 0), np.float32) if vectors is None else vectors
        centre = given.mean(axis=0)
        points = _centred(given, centre)
        share = NGRAM_SHARE if points.shape[1] else 1.0
        marks = softmax.landmarks(len(texts), softmax.LANDMARKS)
        products = points @ points[marks].T + share * (grams @ grams[marks].T).toarray()
        turn = softmax.basis(products[marks])
        features = products @ turn
        head = softmax.fit(features, truth, len(names))
        held_out, rows = _held_out(features, truth, len(names))
        scale = softmax.temperature(held_out, truth[rows])
        nearness = near(points, points, themselves=True)
        folded = turn @ head.weights
        return cls(
            labels=[str(name) for name in names],
            ngrams=ngrams,
            centre=centre,
            points=points,
            dense=(points[marks].T @ folded / scale).astype(np.float32),
            sparse=(share * (grams[marks].T @ folded) / scale).astype(np.float32),
            bias=head.bias / scale,
            scope=Scope.learn(_certainty(held_out / scale), nearness[rows]),
        )

    def read(self, texts: Sequence[str], vectors: Floats | None = None) -> list[Reading]:
        """One reading a text; without ``vectors`` it goes by the n-grams alone."""
        grams = self.ngrams.vectors(texts)
        logits = grams @ self.sparse + self.bias
        nearness = np.zeros(len(texts), np.float32)
        if vectors is not None and self.centre.size:
            points = _centred(vectors, self.centre)
            logits = logits + points @ self.dense
            nearness = near(self.points, points)
        scores = self.scope.scores(_certainty(logits), nearness)
        return [
            Reading(self._ranking(row), float(score))
            for row, score in zip(softmax.probabilities(logits), scores, strict=True)
        ]

    def _ranking(self, row: Floats) -> list[tuple[str, float]]:
        return [(self.labels[index], float(row[index])) for index in np.argsort(-row)]

    def to_arrays(self) -> dict[str, Any]:
        return {
            **{f"ngrams.{key}": value for key, value in self.ngrams.to_arrays().items()},
            **{f"scope.{key}": getattr(self.scope, key) for key in ("certainty", "nearness", "mean")},
            **{key: getattr(self, key) for key in ("centre", "points", "dense", "sparse", "bias")},
            "labels": np.array(self.labels),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, Any]) -> IntentModel:
        return cls(
            labels=[str(label) for label in arrays["labels"]],
            ngrams=Ngrams.from_arrays({key: arrays[f"ngrams.{key}"] for key in ("terms", "weights")}),
            scope=Scope(**{key: arrays[f"scope.{key}"] for key in ("certainty", "nearness", "mean")}),
            **{key: arrays[key] for key in ("centre", "points", "dense", "sparse", "bias")},
        )


def _centred(vectors: Floats, centre: Floats) -> Floats:
    # The vectors of e5 share a large common part; without it their angles tell more.
    moved = vectors - centre
    result: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return result


def _held_out(features: Floats, truth: softmax.Ints, count: int) -> tuple[Floats, softmax.Ints]:
    """Logits of texts by heads that did not train on them, and which texts these are."""
    fold = softmax.folds(truth, FOLDS)
    parts = range(FOLDS if len(truth) <= MANY else 1)
    logits = np.zeros((len(truth), count), np.float32)
    for part in parts:
        rest = fold != part
        logits[~rest] = softmax.fit(features[rest], truth[rest], count).logits(features[~rest])
    rows = np.flatnonzero(np.isin(fold, list(parts)))
    return logits[rows], rows


def _certainty(logits: Floats) -> Floats:
    # The energy (Liu et al. 2020): on CLINC150 it finds foreign texts better than the probability.
    return softmax.log_sum_exp(logits)

"""A linear softmax classifier that trains in seconds on any mix of features.

The features enter only through their inner products with at most ``LANDMARKS`` training
texts (the Nyström method, Williams and Seeger 2001; exact where there are fewer texts), so that
tens of thousands of sparse n-grams and dense vectors become one small dense matrix to optimise over.
The result is folded back into one weight for each feature and label.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import minimize

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LANDMARKS = 2_000
RANK = 1_000  # of the coordinates; more costs time and gains nothing (HWU64)
ENOUGH = 150  # texts of a group, for a temperature of its own
WORK = 1.2e9  # texts x labels x coordinates of one fit, which takes some seconds


def lots(texts: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each text, as if drawn by chance, but from the text alone: what goes by it stays as it
    was when other texts come or go, so that two trainings differ by their data and not by luck."""
    drawn = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(drawn), dtype="<u8").astype(np.uint64)


def landmarks(texts: Sequence[str], most: int) -> Ints:
    """Which of the texts to take as landmarks: all of few, some of many."""
    if len(texts) <= most:
        return np.arange(len(texts))
    return np.sort(np.argsort(lots(texts), kind="stable")[:most])


def rank(texts: int, labels: int) -> int:
    """How many coordinates so many texts and labels leave time for."""
    return int(np.clip(WORK / max(texts * labels, 1), 300, RANK))


def basis(gram: Floats, most: int = RANK, least: float = 1e-5) -> Floats:
    """``gram``: inner products among the landmarks → a matrix that turns inner products with them,
    shape (texts, landmarks), into coordinates, shape (texts, rank), the weightiest last."""
    count = len(gram)
    # Few landmarks are cheap enough to be exact; many would take minutes.
    exact = gram.astype(np.float64 if count <= 1_500 else np.float32)
    values, vectors = eigh(exact, subset_by_index=[max(0, count - most), count - 1])
    kept = np.flatnonzero(values > least * values[-1])
    return np.asarray(vectors[:, kept] / np.sqrt(values[kept]), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Softmax:
    """Weights, shape (features, labels), and bias, shape (labels,)."""

    weights: Floats
    bias: Floats

    def logits(self, features: Floats) -> Floats:
        """Shape (texts, labels)."""
        result: Floats = features @ self.weights + self.bias
        return result


def fit(
    features: Floats,
    labels: Ints,
    count: int,
    strength: float = 30.0,
    steps: int = 25,
    start: Softmax | None = None,
) -> Softmax:
    """Multinomial logistic regression by L-BFGS; a high ``strength`` holds the weights back less.

    ``labels`` are indices below ``count``; ``features`` has shape (texts, features). With a ``start``
    learnt from most of the same texts half the ``steps`` do.
    """
    rows, width = features.shape
    x = np.hstack([features, np.ones((rows, 1), np.float32)]).astype(np.float32)
    truth = np.zeros((rows, count), np.float32)
    truth[np.arange(rows), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(width + 1, count).astype(np.float32)
        logits = x @ weights
        total = log_sum_exp(logits)
        slope = x.T @ (np.exp(logits - total[:, None]) - truth)
        held = weights[:-1] / strength  # the bias is free
        slope[:-1] += held
        value = float((total - logits[np.arange(rows), labels]).sum() + 0.5 * (held * weights[:-1]).sum())
        return value, slope.ravel().astype(np.float64)

    first = np.zeros((width + 1, count)) if start is None else np.vstack([start.weights, start.bias])
    limit = {"maxiter": steps if start is None else steps // 2}
    found = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options=limit)
    weights = found.x.reshape(width + 1, count).astype(np.float32)
    return Softmax(weights[:-1], weights[-1])


def folds(labels: Ints, count: int, texts: Sequence[str]) -> Ints:
    """A fold number for each text; the texts of a label are spread evenly, each where its lot puts it."""
    lot = lots(texts)
    fold = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        where = np.flatnonzero(labels == label)
        where = where[np.argsort(lot[where], kind="stable")]
        fold[where] = (np.arange(len(where)) * count // len(where) + label) % count
    return fold


def temperature(logits: Floats, labels: Ints) -> float:
    """What to divide held-out logits by so that their probabilities come true (Guo et al. 2017)."""
    rows = np.arange(len(labels))

    def surprise(scale: float) -> float:
        scaled = logits / scale
        return float((log_sum_exp(scaled) - scaled[rows, labels]).mean())

    candidates = np.geomspace(0.05, 20, 200)
    # The surprise has one valley (it is convex in 1 / scale): its floor is found without going everywhere.
    low, high = 0, len(candidates) - 1
    while high - low > 2:
        one, other = low + (high - low) // 3, high - (high - low) // 3
        if surprise(candidates[one]) <= surprise(candidates[other]):
            high = other
        else:
            low = one
    return float(min(candidates[low : high + 1], key=surprise))


def log_sum_exp(logits: Floats) -> Floats:
    """Of each row. SciPy's does the same with checks that cost a message more than the sum."""
    most = logits.max(axis=1)
    result: Floats = most + np.log(np.exp(logits - most[:, None]).sum(axis=1))
    return result


def temperatures(logits: Floats, labels: Ints, groups: Sequence[str]) -> dict[str, float]:
    """One for each group with enough texts, and for all others under the empty name."""
    named = np.array(groups)
    found = {"": temperature(logits, labels)}
    for group in sorted(set(groups) - {""}):
        if (rows := np.flatnonzero(named == group)).size >= ENOUGH:
            found[group] = temperature(logits[rows], labels[rows])
    return found


def probabilities(logits: Floats) -> Floats:
    result: Floats = np.exp(logits - log_sum_exp(logits)[:, None])
    return result

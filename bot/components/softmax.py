"""A linear softmax classifier that trains in seconds on any mix of features.

The features enter only through their inner products with at most ``LANDMARKS`` training
texts (the Nyström method, Williams and Seeger 2001; exact where there are fewer texts), so that
tens of thousands of sparse n-grams and dense vectors become one small dense matrix to optimise over.
The result is folded back into one weight for each feature and label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LANDMARKS = 1_500
RANK = 500  # of the coordinates; more costs time and gains nothing (CLINC150, HWU64)


def landmarks(texts: int, most: int, seed: int = 0) -> Ints:
    """Which of the texts to take as landmarks: all of few, some of many, always the same."""
    if texts <= most:
        return np.arange(texts)
    return np.sort(np.random.default_rng(seed).permutation(texts)[:most])


def basis(gram: Floats, least: float = 1e-5) -> Floats:
    """``gram``: inner products among the landmarks → a matrix that turns inner products with
    them, shape (texts, landmarks), into coordinates, shape (texts, rank)."""
    values, vectors = np.linalg.eigh(gram.astype(np.float64))
    kept = np.flatnonzero(values > least * values[-1])[-RANK:]
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


def fit(features: Floats, labels: Ints, count: int, strength: float = 30.0, steps: int = 25) -> Softmax:
    """Multinomial logistic regression by L-BFGS; a high ``strength`` holds the weights back less.

    ``labels`` are indices below ``count``; ``features`` has shape (texts, features).
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

    found = minimize(
        loss, np.zeros((width + 1) * count), jac=True, method="L-BFGS-B", options={"maxiter": steps}
    )
    weights = found.x.reshape(width + 1, count).astype(np.float32)
    return Softmax(weights[:-1], weights[-1])


def folds(labels: Ints, count: int, seed: int = 0) -> Ints:
    """A fold number for each text; the texts of a label are spread evenly."""
    random = np.random.default_rng(seed)
    fold = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        where = np.flatnonzero(labels == label)
        fold[random.permutation(where)] = (np.arange(len(where)) + label) % count
    return fold


def temperature(logits: Floats, labels: Ints) -> float:
    """What to divide held-out logits by so that their probabilities come true (Guo et al. 2017)."""
    rows = np.arange(len(labels))

    def surprise(scale: float) -> float:
        scaled = logits / scale
        return float((log_sum_exp(scaled) - scaled[rows, labels]).mean())

    candidates = np.geomspace(0.05, 20, 200)
    return float(candidates[np.argmin([surprise(scale) for scale in candidates])])


def log_sum_exp(logits: Floats) -> Floats:
    """Of each row. SciPy's does the same with checks that cost a message more than the sum."""
    most = logits.max(axis=1)
    result: Floats = most + np.log(np.exp(logits - most[:, None]).sum(axis=1))
    return result


def probabilities(logits: Floats) -> Floats:
    result: Floats = np.exp(logits - log_sum_exp(logits)[:, None])
    return result

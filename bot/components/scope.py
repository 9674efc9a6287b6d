"""Is it ours at all? A score of its own, for a probability only says which intent, given one of ours.

Two signs: how sure the classifier is, and how near the nearest training texts are.
Each becomes the share of in-scope texts that are as little or less so; the score is the same
share of their mean. So 0.05 means: of messages that are ours, 5 in 100 look like this or worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAREST = 5
STEPS = 201


@dataclass(frozen=True, slots=True)
class Scope:
    """Quantiles of held-out training texts: of certainty, nearness and their mean rank."""

    certainty: Floats
    nearness: Floats
    mean: Floats

    @classmethod
    def learn(cls, certainty: Floats, nearness: Floats) -> Scope:
        """From texts that are in scope, each seen by a classifier that had not trained on it."""
        shares = np.linspace(0, 1, STEPS)
        one, two = np.quantile(certainty, shares), np.quantile(nearness, shares)
        both = (_share(certainty, one) + _share(nearness, two)) / 2
        mean = np.quantile(both, shares)
        return cls(one.astype(np.float32), two.astype(np.float32), mean.astype(np.float32))

    def scores(self, certainty: Floats, nearness: Floats) -> Floats:
        """0 (foreign) … 1, shape (texts,)."""
        mean = (_share(certainty, self.certainty) + _share(nearness, self.nearness)) / 2
        return _share(mean, self.mean)


def near(points: Floats, texts: Floats, *, themselves: bool = False) -> Floats:
    """Mean inner product of each text with its nearest points, shape (texts,).

    ``themselves``: the texts are the points, and none is its own neighbour.
    """
    most = min(NEAREST, len(points) - themselves)
    if most < 1:
        return np.zeros(len(texts), np.float32)
    found = np.empty(len(texts), np.float32)
    for start in range(0, len(texts), 500):
        part = texts[start : start + 500] @ points.T
        if themselves:
            rows = np.arange(len(part))
            part[rows, rows + start] = -np.inf
        found[start : start + 500] = np.partition(part, -most, axis=1)[:, -most:].mean(axis=1)
    return found


def _share(values: NDArray[Any], quantiles: NDArray[Any]) -> Floats:
    return np.asarray(np.interp(values, quantiles, _steps(len(quantiles))), dtype=np.float32)


@cache
def _steps(count: int) -> NDArray[Any]:
    return np.linspace(0, 1, count)

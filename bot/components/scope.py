"""Is it ours at all? A score of its own, for a probability only says which intent, given one of ours.

Several signs, e.g. how sure the classifier is, and how near the nearest training texts are.
Each becomes the share of in-scope texts that are as little or less so; the score is the same
share of their mean. So 0.05 means: of messages that are ours, 5 in 100 look like this or worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STEPS = 401


@dataclass(frozen=True, slots=True)
class Scope:
    """Quantiles of held-out training texts, of each sign, shape (signs, steps), and of their mean rank."""

    signs: Floats
    mean: Floats

    @classmethod
    def learn(cls, signs: Sequence[Floats]) -> Scope:
        """From texts that are in scope, each seen by a classifier that had not trained on it."""
        shares = np.linspace(0, 1, STEPS)
        each = np.stack([np.quantile(sign, shares) for sign in signs])
        both = _mean_rank(signs, each)
        return cls(each.astype(np.float32), np.quantile(both, shares).astype(np.float32))

    def scores(self, signs: Sequence[Floats]) -> Floats:
        """0 (foreign) … 1, shape (texts,)."""
        return _share(_mean_rank(signs, self.signs), self.mean)


def _mean_rank(signs: Sequence[Floats], quantiles: NDArray[Any]) -> Floats:
    ranks = [_share(sign, each) for sign, each in zip(signs, quantiles, strict=True)]
    result: Floats = np.mean(ranks, axis=0, dtype=np.float32)
    return result


def _share(values: NDArray[Any], quantiles: NDArray[Any]) -> Floats:
    return np.asarray(np.interp(values, quantiles, _steps(len(quantiles))), dtype=np.float32)


@cache
def _steps(count: int) -> NDArray[Any]:
    return np.linspace(0, 1, count)

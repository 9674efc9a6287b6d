"""One point for each text out of the vectors of several encoders, some of which may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Views:
    """``centres``: the mean training vector of each encoder, shape (dim,). Vectors of e5 share a large
    common part; without it their angles tell more."""

    centres: list[Floats]

    @classmethod
    def learn(cls, vectors: Sequence[Floats]) -> Views:
        """``vectors``: of each encoder, shape (texts, dim); a row of zeros is a missing vector."""
        return cls([each[each.any(axis=1)].mean(axis=0, dtype=np.float32) for each in vectors])

    def points(self, vectors: Sequence[Floats]) -> Floats:
        """Shape (texts, all dims). The squared length is the number of views, however many a text has,
        so that one without some of them is as long as the others; without any it is zero."""
        parts, there = [], []
        for each, centre in zip(vectors, self.centres, strict=True):
            given = each.any(axis=1, keepdims=True)
            moved = each - centre
            parts.append(given * moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))
            there.append(given)
        if not parts:
            return np.zeros((0, 0), np.float32)
        stretch = np.sqrt(len(parts) / np.maximum(np.sum(there, axis=0), 1))
        return np.asarray(np.hstack(parts) * stretch, dtype=np.float32)

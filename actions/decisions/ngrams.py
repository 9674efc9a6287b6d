"""Vectors of texts by their letters: what finds "sneekers", with or without an encoder. Pure.

Hashed character trigrams and words, weighted by rarity (tf-idf), of unit length. Deterministic in
every process: the hash is crc32, not Python's.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
DIM = 512


def count_vector(text: str) -> Floats:
    """Damped counts of a text's features, shape (DIM,)."""
    vector = np.zeros(DIM, np.float32)
    for feature, count in Counter(_features(text)).items():
        vector[zlib.crc32(feature.encode("utf-8", "replace")) % DIM] += 1 + np.log(count)
    return vector


class NgramEncoder:
    """Weights learned from the texts it was made of; no I/O, nothing to download."""

    def __init__(self, counts: Floats) -> None:
        """``counts``: rows of :func:`count_vector`, one a text of the collection."""
        seen = (counts > 0).sum(axis=0)
        self._weights = np.asarray(np.log((1 + len(counts)) / (1 + seen)) + 1, np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, shape (len(texts), DIM); a text without a letter is a row of zeros."""
        return self.weigh(np.stack([count_vector(text) for text in texts]))

    def weigh(self, counts: Floats) -> Floats:
        """Unit rows of texts already counted."""
        weighted = counts * self._weights
        unit: Floats = weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-9)
        return unit


def _features(text: str) -> Iterator[str]:
    for word in unicodedata.normalize("NFKC", text).casefold().split():
        yield f"={word}"
        padded = f" {word} "
        for start in range(len(padded) - 2):
            yield padded[start : start + 3]

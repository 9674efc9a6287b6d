"""Which texts are nearly the same, by the letters in them: sparse matrices, no model. Pure.

Weighted n-grams of letters within words and over their borders, compared by cosine: 1 is the same text,
from about .8 on a reader would say "that is the same sentence".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

SLICE = 512  # rows compared at once: 512 × 11,000 is a few megabytes


class Neighbours:
    """``texts`` are folded."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._words = _vectorizer()
        self._matrix: Any = self._words.fit_transform(texts) if any(t.strip() for t in texts) else None

    def of(self, text: str, limit: int, least: float) -> list[tuple[int, float]]:
        """Indices and likeness of the nearest, best first."""
        if self._matrix is None or not text.strip():
            return []
        shares = (self._matrix @ self._words.transform([text]).T).toarray().ravel()
        best = np.argsort(-shares, kind="stable")[:limit]
        return [(int(index), float(shares[index])) for index in best if shares[index] >= least]

    def pairs(self, least: float) -> Iterator[tuple[int, int, float]]:
        """All pairs at least so alike, each once, the lower index first."""
        if self._matrix is None:
            return
        turned = self._matrix.T.tocsr()
        for start in range(0, self._count, SLICE):
            product = (self._matrix[start : start + SLICE] @ turned).tocoo()
            chosen = (product.data >= least) & (product.row + start < product.col)
            for row, column, share in zip(
                product.row[chosen], product.col[chosen], product.data[chosen], strict=True
            ):
                yield int(row) + start, int(column), float(min(share, 1.0))

    def matches(self, texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
        """``(index in texts, index in ours, likeness)`` of all that are at least so alike."""
        if self._matrix is None or not texts:
            return
        turned, others = self._matrix.T.tocsr(), self._words.transform(texts)
        for start in range(0, len(texts), SLICE):
            product = (others[start : start + SLICE] @ turned).tocoo()
            chosen = product.data >= least
            for row, column, share in zip(
                product.row[chosen], product.col[chosen], product.data[chosen], strict=True
            ):
                yield int(row) + start, int(column), float(min(share, 1.0))


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), lowercase=False, sublinear_tf=True, dtype=np.float32
    )

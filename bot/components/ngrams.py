"""Sparse features of a text: words, pairs of words and pieces of words, weighted by rarity.

Own code rather than scikit-learn's vectoriser: one short text takes a tenth of a millisecond,
Indic words are not cut at their vowel signs, and what is kept is plain data, not a pickle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.encoder.clean import clean

# Combining marks are no \w: without these ranges a Hindi or Bengali word falls to pieces.
_WORD = re.compile(r"[\w\u0300-\u036f\u0900-\u0963\u0966-\u097f\u0980-\u09ff]+(?:['’]\w+)?|[?!]")
_DIGIT = re.compile(r"\d")
PIECES = range(2, 6)
LONGEST_WORD = 40


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, all digits made equal; also ``?`` and ``!``."""
    plain = _DIGIT.sub("0", clean(text).casefold().replace("’", "'"))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


class Ngrams:
    """The n-grams known from training and what each weighs.

    A vector has two halves, words and pieces, each of unit length, so that
    a long text weighs no more than a short one.
    """

    def __init__(self, terms: Sequence[str], weights: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.weights = weights
        self._index = {term: index for index, term in enumerate(self.terms)}

    @classmethod
    def learn(cls, texts: Sequence[str], least: int = 1) -> Ngrams:
        """Learn from texts all terms that at least ``least`` of them contain."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({term for half in _terms(text) for term in half})
        terms = sorted(term for term, count in seen.items() if count >= least)
        return cls(terms, _rarity(np.array([seen[term] for term in terms], dtype=np.float32), len(texts)))

    @classmethod
    def learn_with(cls, texts: Sequence[str], least: int = 1) -> tuple[Ngrams, csr_matrix]:
        """What :meth:`learn` learns, and the vectors of the same texts: each text is cut only once."""
        return _counts.learnt(cls, texts, least)

    def vectors(self, texts: Iterable[str]) -> csr_matrix:
        """Rows of shape (texts, terms); an unknown or empty text is a row of zeros."""
        values: list[NDArray[np.float32]] = []
        columns: list[NDArray[np.int32]] = []
        ends = [0]
        for text in texts:
            end = ends[-1]
            for half in _terms(text):
                known = Counter(index for term in half if (index := self._index.get(term)) is not None)
                where = np.fromiter(known, dtype=np.int32, count=len(known))
                weight = self.weights[where] * (
                    1 + np.log(np.fromiter(known.values(), np.float32, len(known)))
                )
                values.append(weight / max(float(np.linalg.norm(weight)), 1e-9))
                columns.append(where)
                end += len(known)
            ends.append(end)
        shape = (len(ends) - 1, len(self.terms))
        data = np.concatenate([*values, np.empty(0, np.float32)])
        return csr_matrix((data, np.concatenate([*columns, np.empty(0, np.int32)]), ends), shape=shape)

    def to_arrays(self) -> dict[str, Any]:
        return {"terms": np.array("\n".join(self.terms)), "weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: dict[str, Any]) -> Ngrams:
        text: str = arrays["terms"].item()
        return cls(text.split("\n") if text else [], arrays["weights"])


def _rarity(counts: NDArray[np.float32], texts: int) -> NDArray[np.float32]:
    """The weights of terms that so many of the texts contain."""
    return (np.log((1 + texts) / (1 + counts)) + 1).astype(np.float32)


class _Counts:
    """The terms of texts that were learnt from before: learning again from nearly the same ones, as a
    trainer does, is quick. Each text: numbers of its terms, how often each stands there, and how many of
    them are words."""

    def __init__(self, most: int = 60_000) -> None:
        self._most = most
        self._numbers: dict[str, int] = {}
        self._of: dict[str, tuple[NDArray[np.int32], NDArray[np.float32], int]] = {}
        self._alone = Lock()

    def learnt(self, kind: type[Ngrams], texts: Sequence[str], least: int) -> tuple[Ngrams, csr_matrix]:
        with self._alone:
            if len(self._of) + len(texts) > self._most:
                self._of.clear()
                self._numbers.clear()
            found = [self._of.get(text) or self._count(text) for text in texts]
            names = [*self._numbers]
        sizes = np.array([len(numbers) for numbers, _, _ in found])
        numbers = np.concatenate([numbers for numbers, _, _ in found] or [np.empty(0, np.int32)])
        often = np.concatenate([counts for _, counts, _ in found] or [np.empty(0, np.float32)])
        holding = np.bincount(numbers, minlength=len(names))
        kept = sorted(np.flatnonzero(holding >= least).tolist(), key=names.__getitem__)
        learnt = kind(
            [names[number] for number in kept], _rarity(holding[kept].astype(np.float32), len(texts))
        )
        column = np.full(len(names), -1, np.int32)
        column[kept] = np.arange(len(kept), dtype=np.int32)
        # Two halves a text: words, pieces.
        inside = np.arange(len(numbers)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        is_piece = inside >= np.repeat([words for _, _, words in found], sizes)
        half = 2 * np.repeat(np.arange(len(texts)), sizes) + is_piece
        known = column[numbers] >= 0
        columns, half = column[numbers][known], half[known]
        weight = learnt.weights[columns] * (1 + np.log(often[known]))
        length = np.sqrt(np.bincount(half, weight.astype(np.float64) ** 2, 2 * len(texts)))
        data = (weight / np.maximum(length, 1e-9)[half]).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(np.bincount(half // 2, minlength=len(texts)))])
        return learnt, csr_matrix((data, columns, ends), shape=(len(texts), len(kept)))

    def _count(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32], int]:
        halves = [Counter(half) for half in _terms.__wrapped__(text)]
        # Disjoint: only the terms of the first half begin with "=".
        numbers = [self._numbers.setdefault(term, len(self._numbers)) for half in halves for term in half]
        counts = [count for half in halves for count in half.values()]
        found = np.array(numbers, np.int32), np.array(counts, np.float32), len(halves[0])
        self._of[text] = found
        return found


_counts = _Counts()


@lru_cache(64)  # several components ask for those of the same message
def _terms(text: str) -> tuple[list[str], list[str]]:
    found = words(text)
    pairs = [f"{one} {two}" for one, two in pairwise(found)]
    return [f"={word}" for word in found] + [f"={pair}" for pair in pairs], list(_pieces(found))


def _pieces(found: list[str]) -> Iterator[str]:
    for word in found:
        padded = f" {word} "
        for size in PIECES:
            if size >= len(padded):
                yield padded
                break
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))

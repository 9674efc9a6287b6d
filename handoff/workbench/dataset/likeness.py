"""What the training data and the tests say of a text, or of one that is nearly the same. Pure.

Two texts are nearly the same as in the queue: by the threes of letters that they share
(:mod:`handoff.workbench.gathering.folding`), here counted for all places at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from handoff.workbench.gathering.folding import ALIKE, pieces

MOST = 3  # places told of one text
EVEN = 1e-6  # shares that differ by less are the same


@dataclass(frozen=True, slots=True)
class Place:
    """A line that says what a text means: of one intent, of several wishes, of none (it is foreign to the
    shop). ``text`` is None where those who write examples must not read it: in the tests."""

    file: str
    line: int
    language: str
    intents: tuple[str, ...]
    text: str | None

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "intents": list(self.intents), "text": self.text}


class Likeness:
    """``said``: places with their texts."""

    def __init__(self, said: Iterable[tuple[Place, str]]) -> None:
        self._shelves: dict[str, _Shelf] = {}
        by_language: dict[str, list[tuple[Place, str]]] = {}
        digest = hashlib.sha256()
        for place, text in said:
            by_language.setdefault(place.language, []).append((place, text))
            digest.update(repr((place, text)).encode())
        for language, those in by_language.items():
            self._shelves[language] = _Shelf(those)
        #: The same for the same places, in whatever process.
        self.version = digest.hexdigest()[:16]

    def of(self, texts: Sequence[tuple[str, str | None]]) -> list[list[Place]]:
        """For each text (with its language; None: not known) the places most like it, all equally so; none
        where nothing is nearly the same."""
        found: list[tuple[float, list[Place]]] = [(0.0, []) for _ in texts]
        for language, shelf in self._shelves.items():
            rows = [i for i, (_, spoken) in enumerate(texts) if spoken in (None, language)]
            for i, (share, places) in zip(rows, shelf.nearest([texts[i][0] for i in rows]), strict=True):
                best, before = found[i]
                if share > best + EVEN:
                    found[i] = share, places
                elif places and abs(share - best) <= EVEN:
                    found[i] = best, [*before, *places]
        return [_unlike(places) for _, places in found]


class _Shelf:
    """The places of one language: rows of a matrix that tells which pieces each text has."""

    def __init__(self, said: Sequence[tuple[Place, str]]) -> None:
        self._places = [place for place, _ in said]
        self._columns: dict[str, int] = {}
        parts = [pieces(text) for _, text in said]
        for some in parts:
            for piece in some:
                self._columns.setdefault(piece, len(self._columns))
        self._sizes = np.array([len(some) for some in parts], np.int64)
        self._pieces = self._matrix([[self._columns[piece] for piece in some] for some in parts]).T.tocsr()

    def nearest(self, texts: Sequence[str]) -> list[tuple[float, list[Place]]]:
        parts = [pieces(text) for text in texts]
        known = [[self._columns[piece] for piece in some if piece in self._columns] for some in parts]
        common = (self._matrix(known) @ self._pieces).tocsr()
        found = []
        for row, some in enumerate(parts):
            span = slice(common.indptr[row], common.indptr[row + 1])
            others, both = common.indices[span], common.data[span]
            shares = both / (len(some) + self._sizes[others] - both)
            best = float(shares.max(initial=0.0))
            chosen = others[shares >= best - EVEN] if best >= ALIKE else []
            found.append((best, [self._places[place] for place in sorted(chosen)]))
        return found

    def _matrix(self, rows: Sequence[Sequence[int]]) -> csr_array:
        ends = np.cumsum([0, *map(len, rows)])
        columns = np.array([column for row in rows for column in row], np.int64)
        shape = (len(rows), len(self._columns))
        return csr_array((np.ones(len(columns), np.int32), columns, ends), shape=shape)


def _unlike(places: Sequence[Place]) -> list[Place]:
    """The first of each meaning, and a few of them."""
    first: dict[tuple[str, ...], Place] = {}
    for place in places:
        first.setdefault(place.intents, place)
    return list(first.values())[:MOST]

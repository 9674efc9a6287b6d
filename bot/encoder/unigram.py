"""A Unigram tokenizer in a page, for vocabularies of a hundred thousand pieces.

The package tokenizers keeps such a vocabulary in 150 MB; a dictionary takes 20. It cuts each
word into the pieces that are likeliest together (Kudo 2018); words come again, and are remembered.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

SPACE = "▁"
WORDS_REMEMBERED = 4_096
LONGEST_WORD = 100  # characters; what comes after is cut off
_WORST = float("-inf")


class Unigram:
    """Cuts clean text (NFKC, single spaces) into ids, between the ids that open and close it."""

    def __init__(
        self, ids: dict[str, int], scores: Sequence[float], unknown: int, opening: int, closing: int
    ) -> None:
        self._ids, self._scores = ids, scores
        self._unknown, self._opening, self._closing = unknown, opening, closing
        self._worst = min(self._scores) - 10  # as sentencepiece scores an unknown character
        self._longest = max(map(len, self._ids))
        self._word = lru_cache(WORDS_REMEMBERED)(self._cut)

    @classmethod
    def load(cls, file: Path, unknown: int, opening: int, closing: int) -> Unigram:
        """Read a file of lines ``score<tab>piece``, in the order of the ids."""
        ids: dict[str, int] = {}
        scores = array("f")
        with file.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                score, _, piece = line.rstrip("\n").partition("\t")
                ids[piece] = len(scores)
                scores.append(float(score))
        return cls(ids, scores, unknown, opening, closing)

    def encode(self, text: str, most: int) -> list[int]:
        """At most ``most`` ids, the opening and closing ones included."""
        ids = [self._opening]
        for word in text.split(" ") if text else ():
            ids += self._word(SPACE + word[:LONGEST_WORD])
            if len(ids) >= most:
                break
        return [*ids[: most - 1], self._closing]

    def _cut(self, word: str) -> tuple[int, ...]:
        # best[i]: score of the likeliest cut of word[:i], where its last piece starts, and that piece
        best = [(0.0, 0, 0)] + [(_WORST, 0, 0)] * len(word)
        for start in range(len(word)):
            before = best[start][0]
            if best[start + 1][0] < before + self._worst:
                best[start + 1] = (before + self._worst, start, self._unknown)
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                piece = self._ids.get(word[start:end])
                if piece is not None and best[end][0] < (score := before + self._scores[piece]):
                    best[end] = (score, start, piece)
        ids: list[int] = []
        end = len(word)
        while end:
            _, start, piece = best[end]
            # Unknown characters in a row are one unknown piece.
            if not (ids and piece == self._unknown == ids[-1]):
                ids.append(piece)
            end = start
        return tuple(reversed(ids))

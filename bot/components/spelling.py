"""How likely a word's spelling is in a language, letter by letter: tells words that no list has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import exp, log
from typing import Any

import numpy as np

ORDER = 4  # letters looked at, the one to guess among them
UNKNOWN = log(1 / 60)  # any letter, when nothing is known
LONGEST = 24


class Spelling:
    """Interpolated n-grams of letters after Witten and Bell (1991).

    ``known``: log probability of a letter after those before it; ``gaps``: what a text loses
    where the letter was never seen there.
    """

    def __init__(self, known: dict[str, float], gaps: dict[str, float]) -> None:
        self._known = known
        self._gaps = gaps

    @classmethod
    def learn(cls, words: Mapping[str, float]) -> Spelling:
        """From words with weights; any positive scale will do as long as rare words count about 1."""
        counts: dict[str, float] = defaultdict(float)
        for word, weight in words.items():
            padded = f" {word[:LONGEST]} "
            for end in range(1, len(padded)):
                for start in range(max(0, end - ORDER + 1), end + 1):
                    counts[padded[start : end + 1]] += weight
        totals: dict[str, float] = defaultdict(float)
        kinds: dict[str, int] = defaultdict(int)
        for gram, count in counts.items():
            totals[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        gaps = {before: log(kinds[before] / (total + kinds[before])) for before, total in totals.items()}
        known: dict[str, float] = {}
        for gram in sorted(counts, key=len):
            before = gram[:-1]
            lower = exp(known[gram[1:]]) if len(gram) > 1 else exp(UNKNOWN)
            known[gram] = log((counts[gram] + kinds[before] * lower) / (totals[before] + kinds[before]))
        return cls(known, gaps)

    def likelihood(self, word: str) -> float:
        """Log probability of the whole word."""
        padded = f" {word[:LONGEST]} "
        return sum(self._next(padded[max(0, end - ORDER + 1) : end + 1]) for end in range(1, len(padded)))

    def _next(self, gram: str) -> float:
        lost = 0.0
        while gram:
            found = self._known.get(gram)
            if found is not None:
                return lost + found
            lost += self._gaps.get(gram[:-1], 0.0)
            gram = gram[1:]
        return lost + UNKNOWN

    def to_arrays(self) -> dict[str, Any]:
        return {**_arrays("known", self._known), **_arrays("gaps", self._gaps)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Spelling:
        return cls(_dictionary(arrays, "known"), _dictionary(arrays, "gaps"))


def _arrays(name: str, content: Mapping[str, float]) -> dict[str, Any]:
    values = np.fromiter(content.values(), np.float32, len(content))
    return {f"{name}.keys": _text(content), f"{name}.values": values}


def _text(lines: Iterable[str]) -> Any:
    return np.array("\n".join(lines))


def _dictionary(arrays: Mapping[str, Any], name: str) -> dict[str, float]:
    keys = str(arrays[f"{name}.keys"]).split("\n")
    return dict(zip(keys, arrays[f"{name}.values"].tolist(), strict=True))

"""How far people who labelled the same utterances without seeing each other's labels agree. Pure.

Two people: Cohen's kappa (J. Cohen, "A coefficient of agreement for nominal scales", Educational and
Psychological Measurement 20, 1960). More, of whom each labelled only some: Krippendorff's alpha for nominal
data (K. Krippendorff, "Content Analysis", 4th ed. 2019, ch. 12; it allows for what is missing). Both are 1
where all agree and 0 where they agree as often as chance would.

The interval is the bootstrap's (percentiles of 2,000 samples of the utterances, with a fixed seed so that
the same labels always give the same figures): it holds for both, and for few utterances better than the
formula for large samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LEAST = 10  # utterances, below which a figure would say more than is known
SAMPLES = 2000
CHUNK = 250  # samples drawn at once
SEED = 5

Unit = Mapping[str, str]  # who → what they said of one utterance
Reason = Literal["too_few", "one_meaning"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``value`` None has a ``reason``: too few utterances, or all were labelled the same, so that there is
    nothing to agree on by chance."""

    doubly: int  # utterances that two people labelled, or more
    agreed: int  # of which all said the same
    method: Literal["cohen", "krippendorff"] | None = None
    value: float | None = None
    low: float | None = None  # of the interval of 95 %
    high: float | None = None
    reason: Reason | None = None


def agreement(units: Sequence[Unit]) -> Agreement:
    """Of all utterances that two people labelled at least; others are left out."""
    doubly = [unit for unit in units if len(unit) > 1]
    agreed = sum(len(set(unit.values())) == 1 for unit in doubly)
    if len(doubly) < LEAST:
        return Agreement(len(doubly), agreed, reason="too_few")
    if len({said for unit in doubly for said in unit.values()}) == 1:
        return Agreement(len(doubly), agreed, reason="one_meaning")
    people = sorted({who for unit in doubly for who in unit})
    counted = _Cohen(doubly, people) if len(people) == 2 else _Krippendorff(doubly)
    value = counted.values(np.ones((1, len(doubly))))[0]
    drawn = counted.values_of_samples()
    low, high = np.percentile(drawn, [2.5, 97.5])
    method: Literal["cohen", "krippendorff"] = "cohen" if len(people) == 2 else "krippendorff"
    return Agreement(len(doubly), agreed, method, float(value), float(low), float(high))


class _Counted:
    """``values(weights)``: the statistic where utterance j counts ``weights[i, j]`` times, for each i."""

    size: int

    def values(self, weights: Floats) -> Floats:
        raise NotImplementedError

    def values_of_samples(self) -> Floats:
        """A sample in which all said one and the same has no value; it is drawn as full agreement."""
        chance = np.random.default_rng(SEED)
        even = np.full(self.size, 1 / self.size)
        parts = [
            self.values(chance.multinomial(self.size, even, size=CHUNK).astype(np.float64))
            for _ in range(SAMPLES // CHUNK)
        ]
        return np.nan_to_num(np.concatenate(parts), nan=1.0)


class _Cohen(_Counted):
    """kappa = (observed - by chance) / (1 - by chance), by chance = sum of p(first) p(second)."""

    def __init__(self, units: Sequence[Unit], people: Sequence[str]) -> None:
        self.size = len(units)
        names = {said: n for n, said in enumerate(sorted({v for unit in units for v in unit.values()}))}
        sides = [np.array([names[unit[who]] for unit in units]) for who in people]
        self._agree = (sides[0] == sides[1]).astype(np.float64)
        self._first, self._second = (np.eye(len(names))[side] for side in sides)

    def values(self, weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        observed = weights @ self._agree / total
        by_chance = ((weights @ self._first) * (weights @ self._second)).sum(axis=1) / total**2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((observed - by_chance) / (1 - by_chance), dtype=np.float64)


class _Krippendorff(_Counted):
    """alpha = 1 - observed / expected disagreement, from counts of each meaning in each utterance."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.size = len(units)
        names = sorted({said for unit in units for said in unit.values()})
        counts = [Counter(unit.values()) for unit in units]
        self._counts = np.array([[count[name] for name in names] for count in counts], dtype=np.float64)
        raters = self._counts.sum(axis=1)
        pairs = raters**2 - (self._counts**2).sum(axis=1)  # ordered pairs that differ
        self._apart = pairs / (raters - 1)

    def values(self, weights: Floats) -> Floats:
        totals = weights @ self._counts
        n = totals.sum(axis=1)
        observed = weights @ self._apart
        expected = (n**2 - (totals**2).sum(axis=1)) / (n - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1 - observed / expected, dtype=np.float64)


def by_meaning(units: Sequence[Unit]) -> list[tuple[str, int, int]]:
    """(meaning, utterances somebody gave it, of which all gave it), the most quarrelled over first."""
    doubly = [unit for unit in units if len(unit) > 1]
    given = Counter(said for unit in doubly for said in set(unit.values()))
    whole = Counter(next(iter(unit.values())) for unit in doubly if len(set(unit.values())) == 1)
    rows = [(said, n, whole[said]) for said, n in given.items()]
    return sorted(rows, key=lambda row: (row[2] - row[1], row[2] / row[1], row[0]))


def by_person(units: Sequence[Unit]) -> list[tuple[str, int, int]]:
    """(who, utterances they labelled with others, of which they said what most others did, or half)."""
    n: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for unit in units:
        for who, said in unit.items() if len(unit) > 1 else ():
            others = [one for other, one in unit.items() if other != who]
            n[who] += 1
            agreed[who] += 2 * others.count(said) >= len(others)
    return [(who, n[who], agreed[who]) for who in sorted(n)]


def apart(units: Sequence[Unit]) -> list[tuple[tuple[str, str], int]]:
    """Pairs of meanings that people gave one utterance, the most frequent first: what to talk about."""
    pairs: Counter[tuple[str, str]] = Counter()
    for unit in units:
        said = sorted(set(unit.values()))
        pairs.update((one, other) for i, one in enumerate(said) for other in said[i + 1 :])
    return sorted(pairs.items(), key=lambda row: (-row[1], row[0]))

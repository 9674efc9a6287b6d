"""How much of a difference is chance: the paired bootstrap and McNemar's test. Pure.

Efron & Tibshirani (1993), *An Introduction to the Bootstrap*; Koehn (2004), *Statistical significance tests
for machine translation evaluation*: the messages are drawn again with replacement, both models are judged
on the same draw, a thousand times. The draws are not stratified: which intents come how often is chance in
real traffic too. An intent that a draw lacks is left out of that draw's macro F1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from handoff.workbench.comparison.items import Flags, Floats, Numbers

TIMES = 1_000
SEED = 20_260_101
LEVEL = 0.95
TIE = 1e-9  # what rounding makes of nothing
_AT_ONCE = 250  # draws; bounds the memory of large sets


@dataclass(frozen=True, slots=True)
class Difference:
    """Challenger − champion. ``low`` and ``high`` hold it with 95 %; ``lower`` and ``higher`` are the shares
    of draws in which the challenger has less and more."""

    value: float
    low: float
    high: float
    lower: float
    higher: float

    @classmethod
    def of(cls, value: float, draws: Floats) -> Difference:
        """The percentile interval. Draws in which it is not defined (NaN) do not count."""
        draws = draws[~np.isnan(draws)]
        if not len(draws) or math.isnan(value):
            return cls(0.0, 0.0, 0.0, 0.0, 0.0)
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(draws, [tail, 1 - tail])
        shares = float((draws < -TIE).mean()), float((draws > TIE).mean())
        return cls(float(value), float(low), float(high), *shares)

    def told(self) -> dict[str, float]:
        return {name: round(getattr(self, name), 5) + 0.0 for name in self.__slots__}


def drawn(size: int, times: int = TIMES, seed: int = SEED) -> Iterator[Floats]:
    """How often each of ``size`` messages is in a draw: arrays (draws, size), ``times`` rows in all."""
    random = np.random.default_rng(seed)
    for start in range(0, times, _AT_ONCE):
        rows = min(_AT_ONCE, times - start)
        picked = random.integers(size, size=(rows, size)) + np.arange(rows)[:, None] * size
        yield np.bincount(picked.ravel(), minlength=rows * size).reshape(rows, size).astype(float)


def one_hot(numbers: Numbers, kinds: int, chosen: Flags) -> Floats:
    """(items, kinds); a row of zeros for who is not chosen."""
    table = np.zeros((len(numbers), kinds))
    table[np.flatnonzero(chosen), numbers[chosen]] = 1.0
    return table


def divided(above: Floats, below: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def mcnemar(fixed: int, broken: int) -> float:
    """Two-sided mid-p value (Fagerland, Lydersen & Laake 2013) that the two are equally good.

    Only messages that one reads rightly and the other wrongly say anything; 1.0 without any.
    """
    n, k = fixed + broken, min(fixed, broken)
    if fixed == broken:
        return 1.0
    tail = sum(math.exp(_log_share(n, i)) for i in range(k))
    return min(1.0, 2 * tail + math.exp(_log_share(n, k)))


def _log_share(n: int, k: int) -> float:
    """Logarithm of the probability of ``k`` heads in ``n`` tosses."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)

"""How fast one contact may write: a bucket that fills steadily, kept in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT = 10_000  # buckets; the longest unused is forgotten first, by then it is full again


class Rates:
    """``burst`` messages at once, ``per_second`` for long.

    >>> rates = Rates(per_second=1, burst=2, clock=lambda: 0.0)
    >>> rates.spend("a"), rates.spend("a"), rates.spend("a")
    (0.0, 0.0, 1.0)
    """

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # level, at

    def spend(self, key: Hashable) -> float:
        """Take one; returns 0.0, or the seconds to wait if there is none (then none is taken)."""
        now = self._clock()
        level, at = self._buckets.pop(key, (float(self._burst), now))
        level = min(float(self._burst), level + (now - at) * self._rate)
        wait = 0.0 if level >= 1 else (1 - level) / self._rate
        self._buckets[key] = (level if wait else level - 1, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return wait

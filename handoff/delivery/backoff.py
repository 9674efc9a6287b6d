"""When to try again, and when no more. Pure."""

from __future__ import annotations

from datetime import timedelta

ATTEMPTS = 10  # then it is dead: with these pauses after a good part of a day
FIRST = 2.0  # seconds
LONGEST = 6 * 3600.0
SHORTEST = 0.25
TOO_OLD = timedelta(days=2)  # whatever it waited for: nobody wants it any more


def pause(attempts: int, luck: float, retry_after: float | None = None) -> float:
    """Seconds before the next attempt after ``attempts`` failed ones; ``luck`` in 0..1 spreads
    those that failed together over the whole time ("full jitter"). What the channel itself asks
    for is kept to.

    >>> [pause(n, 1.0) for n in (1, 2, 3)]
    [2.0, 8.0, 32.0]
    """
    grown = min(LONGEST, FIRST * 4.0 ** (min(attempts, 20) - 1))
    return max(grown * luck, SHORTEST, retry_after or 0.0)

"""When to try again. Pure."""

from __future__ import annotations

ATTEMPTS = 10  # then it is dead: with these pauses after about a day and a half
FIRST = 2.0  # seconds
LONGEST = 6 * 3600.0


def pause(attempts: int, luck: float, retry_after: float | None = None) -> float:
    """Seconds before the next attempt after ``attempts`` failed ones; ``luck`` in 0..1 spreads
    those that failed together ("full jitter", but never less than half). What the channel
    itself asks for is kept to.

    >>> [pause(n, 1.0) for n in (1, 2, 3)]
    [2.0, 8.0, 32.0]
    """
    grown = min(LONGEST, FIRST * 4.0 ** (attempts - 1))
    return max(grown * (0.5 + luck / 2), retry_after or 0.0)

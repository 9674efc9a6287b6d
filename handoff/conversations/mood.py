"""The customer's mood over the turns: a smoothed trend, so that one word decides nothing."""

from __future__ import annotations


def smoothed(before: float | None, score: float, weight: float) -> float:
    """Exponentially weighted mean of sentiment scores (-1..1); a talk begins neutral.

    ``weight`` is that of the newest score. Roberts (1959), "Control chart tests based on
    geometric moving averages".

    >>> round(smoothed(None, -1.0, 0.4), 2)
    -0.4
    >>> round(smoothed(-0.4, -1.0, 0.4), 2)
    -0.64
    """
    return (1 - weight) * (before or 0.0) + weight * score

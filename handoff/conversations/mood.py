"""The customer's mood over the turns: trends and sums, so that one word decides nothing."""

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


def sworn(before: float | None, at: str | None, mood: float, situation: float) -> float:
    """Swearing summed over the turns, 1 each time at us and ``situation`` at what happened; a
    ``mood`` that has recovered wipes it out.

    >>> sworn(1.0, "situation", -0.5, 0.4)
    1.4
    >>> sworn(1.4, None, 0.1, 0.4)
    0.0
    """
    if mood >= 0 and at is None:
        return 0.0
    return (before or 0.0) + {"us": 1.0, "situation": situation}.get(at or "", 0.0)


def pressing(before: float | None, urgency: float, weight: float) -> float:
    """How urgent the talk is, 0..1: at least as the newest message, and fading after an older one.

    >>> pressing(0.9, 0.1, 0.4)
    0.54
    >>> pressing(0.2, 0.8, 0.4)
    0.8
    """
    return max(urgency, round((before or 0.0) * (1 - weight), 4))

"""What a shadow has read so far, as one JSON object that grows by counts alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

SIDES = ("live", "shadow")
MOST_PAIRS = 200  # of intents, rarest forgotten first
STEP = 1.1  # by which one bound of the milliseconds lies above the one before
CALLS = frozenset({"contact_human"})  # intents that call a person

Figures = dict[str, Any]
Reading = Mapping[str, Any]


def outcome(reading: Reading) -> str | None:
    """What the bot would do: the intent it would follow; None: ask back."""
    return None if reading["doubtful"] else str(reading["intent"])


def differ(live: Reading, shadow: Reading) -> bool:
    return outcome(live) != outcome(shadow)


def kept(reading: Reading) -> dict[str, Any]:
    """What is stored of a reading."""
    return {name: reading[name] for name in ("intent", "confidence", "doubtful")}


def added(
    figures: Figures, pairs: Sequence[tuple[Reading, Reading]], ms: Mapping[str, list[float]]
) -> Figures:
    """The figures with more messages in them: how the live model and the shadow read each, and the
    milliseconds of each side."""
    new = {
        "read": figures.get("read", 0) + len(pairs),
        "differ": figures.get("differ", 0) + sum(differ(*pair) for pair in pairs),
        "by_intent": dict(figures.get("by_intent", {})),
        "calls": dict(figures.get("calls", {})),
        "doubts": dict(figures.get("doubts", {})),
        "ms": {side: dict(figures.get("ms", {}).get(side, {})) for side in SIDES},
    }
    for pair in pairs:
        if differ(*pair):
            name = f"{outcome(pair[0]) or ''}>{outcome(pair[1]) or ''}"
            new["by_intent"][name] = new["by_intent"].get(name, 0) + 1
        for side, reading in zip(SIDES, pair, strict=True):
            new["calls"][side] = new["calls"].get(side, 0) + (outcome(reading) in CALLS)
            new["doubts"][side] = new["doubts"].get(side, 0) + bool(reading["doubtful"])
    most = sorted(new["by_intent"].items(), key=lambda item: -item[1])[:MOST_PAIRS]
    new["by_intent"] = dict(most)
    for side in SIDES:
        for one in ms.get(side, ()):
            bound = str(bound_of(one))
            new["ms"][side][bound] = new["ms"][side].get(bound, 0) + 1
    return {**figures, **new}


def bound_of(milliseconds: float) -> int:
    """The number of the bound that the time lies under: ``STEP ** bound``."""
    bound = 0
    while STEP**bound < milliseconds and bound < 200:
        bound += 1
    return bound


def quantile(counts: Mapping[str, int], share: float) -> float | None:
    """Milliseconds that ``share`` of the times lie under, to a tenth; None without any."""
    bounds = sorted((int(bound), count) for bound, count in counts.items())
    total = sum(count for _, count in bounds)
    for (bound, _), so_far in zip(bounds, accumulate(count for _, count in bounds), strict=True):
        if so_far >= share * total:
            return round(STEP**bound, 1)
    return None


def as_json(figures: Figures) -> dict[str, Any]:
    """For people: counts, would-be hand-offs and doubts per 100 messages, and times."""
    read = figures.get("read", 0)

    def per_hundred(name: str) -> dict[str, float]:
        counts = figures.get(name, {})
        return {side: round(100 * counts.get(side, 0) / read, 2) if read else 0.0 for side in SIDES}

    pairs = sorted(figures.get("by_intent", {}).items(), key=lambda item: -item[1])
    return {
        "read": read,
        "same": read - figures.get("differ", 0),
        "differ": figures.get("differ", 0),
        "by_intent": [
            {"live": live or None, "shadow": shadow or None, "count": count}
            for (live, _, shadow), count in ((name.partition(">"), count) for name, count in pairs)
        ],
        "hand_offs": per_hundred("calls"),
        "doubts": per_hundred("doubts"),
        "latency": {
            side: {
                f"p{round(100 * share)}": quantile(figures.get("ms", {}).get(side, {}), share)
                for share in (0.5, 0.95)
            }
            for side in SIDES
        },
    }

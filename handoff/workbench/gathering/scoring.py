"""How useful a label of an utterance would be, and why. Pure.

Two questions make an utterance useful: does the model not know it, and did it matter? The first is read
from the model's own figures, the second from what happened around the message. :mod:`.choosing` then
sees to it that not the same thing is asked twenty times in a row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FALLBACK = "nlu_fallback"

#: How much each kind of evidence says at its strongest (0..1); they add up as independent ones do.
WEIGHTS = {
    "close": 0.80,  # two readings are nearly as likely
    "unsure": 0.30,  # the best reading is not likely
    "disagree": 0.50,  # two models, or the same one on two near-duplicates, read it differently
    "contradicting": 0.85,  # people labelled its like differently
    "handed_over": 0.45,  # a person had to take over right after
    "disliked": 0.35,  # the mood fell after the answer, it was asked again, or a person was asked for
    "new_topic": 0.45,  # it is one of many that no intent serves well
}
#: From this strength a kind of evidence is named as a reason.
_NAMED = {"close": 0.5, "unsure": 0.4, "disagree": 0.3, "handed_over": 0.3, "disliked": 0.3,
          "new_topic": 0.5, "contradicting": 0.5}  # fmt: skip
# Every model is unsure of what is foreign, and that never ends: doubt counts less the less a text is ours.
# What customers want that nobody serves yet is found as a topic instead.
_OURS, _FOREIGN = 0.3, 0.2  # in-scope score from which doubt counts in full; how much it counts at least
_OFTEN = 0.10  # of what is left to 1, that an utterance of the most frequent gets
_OFTEN_AT = 200  # times written, for all of it
_HALF_LIFE = 60.0  # days in which half of the weight of what happened is gone
_FEW = 2.0  # happenings, for 63 % of their weight
_ONLY_SIGNS = 0.3  # what is left of the score of a text without a letter


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an utterance. The first four as the live model read it; counts are of messages."""

    confidence: float | None = None
    margin: float | None = None
    in_scope: float | None = None
    doubtful: bool = False
    count: int = 1
    disagreeing: int = 0
    handed_over: int = 0
    disliked: int = 0
    new_topic: bool = False
    contradicting: bool = False
    letters: bool = True
    days: float = 0.0  # since it was last written


def usefulness(one: Evidence) -> tuple[float, list[str]]:
    """0..1, and the codes of what speaks for a label, strongest first."""
    faded = 0.5 ** (max(one.days, 0.0) / _HALF_LIFE)
    ours = 1.0 if one.in_scope is None else max(_FOREIGN, min(one.in_scope / _OURS, 1.0))
    found = {
        "close": ours * (1.0 - one.margin) if one.margin is not None else 0.0,
        "unsure": ours * max(1.0 - one.confidence, 0.5 * one.doubtful) if one.confidence is not None else 0.5,
        "disagree": _some(one.disagreeing),
        "handed_over": _some(one.handed_over) * faded,
        "disliked": _some(one.disliked) * faded,
        "new_topic": float(one.new_topic),
        "contradicting": float(one.contradicting),
    }
    missing = math.prod(1.0 - WEIGHTS[kind] * min(max(value, 0.0), 1.0) for kind, value in found.items())
    often = math.log1p(max(one.count, 1) - 1) / math.log1p(_OFTEN_AT)
    score = 1.0 - missing * (1.0 - _OFTEN * min(often, 1.0) * (1.0 - missing))
    score *= 1.0 if one.letters else _ONLY_SIGNS
    reasons = [kind for kind in found if kind in _NAMED and found[kind] >= _NAMED[kind]]
    reasons.sort(key=lambda kind: -WEIGHTS[kind] * found[kind])
    return round(score, 6), reasons


def evidence(
    reading: Mapping[str, Any],
    signals: Mapping[str, Any],
    *,
    contradicting: bool,
    new_topic: bool,
    last_at: datetime,
    now: datetime,
    text: str,
) -> Evidence:
    """Of an utterance's row; ``signals`` as :mod:`.signals` keeps them."""
    return Evidence(
        confidence=reading.get("confidence"),
        margin=reading.get("margin"),
        in_scope=reading.get("in_scope"),
        doubtful=bool(reading.get("doubtful")),
        count=int(signals.get("written", 1)),
        disagreeing=int(signals.get("disagree", 0)),
        handed_over=int(signals.get("handed_over", 0)),
        disliked=int(signals.get("disliked", 0)),
        new_topic=new_topic,
        contradicting=contradicting,
        letters=any(char.isalpha() for char in text),
        days=(now - last_at).total_seconds() / 86_400,
    )


def _some(times: int) -> float:
    return 1.0 - math.exp(-times / _FEW) if times > 0 else 0.0

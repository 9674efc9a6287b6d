"""When to ask back rather than answer: the limits at which mistakes cost least, by language.

What a mistake costs is said in ``config.yml``; how often each would happen is counted on texts that
the model had not trained on, foreign ones among them. So the limits are learnt, and lie in the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

ENOUGH = 150  # held-out texts of a language, for limits of its own
PULL = 300  # texts that the limits of all languages count for beside those of one


@dataclass(frozen=True, slots=True)
class Costs:
    """In units of one needless question; ``foreign`` is no cost but the share of messages that
    are not for us, as a shop expects it."""

    question: float = 1.0
    wrong: float = 1.5
    hand_off: float = 4.0  # a person is called for nothing
    foreign: float = 0.2

    @classmethod
    def read(cls, given: dict[str, Any]) -> Costs:
        """Raises ``ValueError`` for a cost that nobody knows or that is no number from 0 up."""
        unknown = given.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"costs: {', '.join(sorted(unknown))} is unknown")
        if not all(isinstance(value, int | float) and value >= 0 for value in given.values()):
            raise ValueError("costs: each is a number from 0 up")
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Limits:
    """Below any of these the bot asks: probability of the best reading, its lead, in-scope score."""

    confidence: float
    margin: float
    in_scope: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


NONE = Limits(0.0, 0.0, 0.0)
CAUTIOUS = 0.05  # of our own messages may be asked about, where no foreign text tells what that is good for

_CONFIDENCE = np.array([0, *np.arange(0.1, 0.95, 0.05)])
_MARGIN = np.array([0, *np.arange(0.05, 0.6, 0.05)])
_SCOPE = np.array([0, 0.003, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3])


@dataclass(frozen=True, slots=True)
class Judged:
    """Held-out texts: ``best`` and ``second`` probabilities, in-scope scores; whether the best reading
    is ``right``, would ``call`` a person, and whether the text is ``foreign``."""

    best: Floats
    second: Floats
    scope: Floats
    right: Flags
    call: Flags
    foreign: Flags

    def only(self, rows: Flags) -> Judged:
        return Judged(*(getattr(self, field.name)[rows] for field in fields(self)))


def choose(judged: Judged, groups: Sequence[str], costs: Costs) -> dict[str, Limits]:
    """Limits by group of texts, and for all others under the empty name."""
    common = _losses(judged, costs)
    chosen = {"": _least(common, judged)}
    named = np.array(groups)
    for group in sorted(set(groups) - {""}):
        part = judged.only(named == group)
        if (~part.foreign).sum() >= ENOUGH:
            chosen[group] = _least(_losses(part, costs) * len(part.best) + common * PULL, judged)
    return chosen


def _losses(judged: Judged, costs: Costs) -> NDArray[np.float64]:
    """Mean cost of a message by limits, shape of the three scales."""
    own, foreign = ~judged.foreign, judged.foreign
    weight = np.where(foreign, costs.foreign / max(foreign.sum(), 1), 0.0)
    weight[own] = (1 - costs.foreign * foreign.any()) / max(own.sum(), 1)
    answered = np.where(judged.right, 0.0, np.where(judged.call, costs.hand_off, costs.wrong))
    asked = np.where(judged.right & own, costs.question, 0.0)
    scales = (_CONFIDENCE, _MARGIN, _SCOPE)
    values = (judged.best, judged.best - judged.second, judged.scope)
    # How many steps of each scale a text stands: it is answered where it stands on all three limits.
    steps = [np.searchsorted(scale, value, "right") - 1 for scale, value in zip(scales, values, strict=True)]
    gain = np.zeros([len(scale) for scale in scales])
    np.add.at(gain, tuple(steps), weight * (answered - asked))
    for axis in range(3):
        gain = np.flip(np.cumsum(np.flip(gain, axis), axis), axis)
    return gain + float((weight * asked).sum())


def _least(losses: NDArray[np.float64], judged: Judged) -> Limits:
    one, two, three = np.unravel_index(int(np.argmin(np.round(losses, 9))), losses.shape)
    scope = float(_SCOPE[three]) if judged.foreign.any() else CAUTIOUS
    return Limits(float(_CONFIDENCE[one]), float(_MARGIN[two]), scope)

"""What two models are compared on: messages with their meaning, and how a model read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
CONFIDENT = 0.9  # from here on a wrong answer was given with confidence

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Item:
    """A message of which people have said what it means. No wishes: nothing that the shop serves.

    ``weight``: for how many messages of the traffic it stands (see :mod:`.sets`).
    """

    text: str
    wishes: tuple[str, ...]
    language: str
    script: str
    weight: float = 1.0

    @property
    def truth(self) -> str:
        """By which intent it is counted."""
        return self.wishes[0] if self.wishes else OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Reading:
    """``intent`` is the likeliest one, be it too unsure to act on; ``confidence`` its probability, 0..1;
    ``doubtful``: the bot would ask back; ``wishes``: those it would serve, where it sees several."""

    intent: str
    confidence: float
    doubtful: bool
    wishes: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Reading:
        """From the JSON of a reading."""
        ranking = [one for one in told.get("ranking") or () if one.get("name") != FALLBACK]
        intent = told.get("intent")
        unread = intent in (None, FALLBACK)
        best = ranking[0] if unread and ranking else {"name": intent, "confidence": told.get("confidence")}
        return cls(
            str(best.get("name") or FALLBACK),
            min(1.0, max(0.0, float(best.get("confidence") or 0.0))),
            bool(told.get("doubtful")) or unread,
            tuple(told.get("wishes") or ()),
        )


class Board:
    """A model's readings of the items, as columns.

    A message with two wishes is read rightly when one of them is read, and then counted under that one.
    What is out of scope is right when the bot asks back instead of answering.
    """

    def __init__(
        self, items: Sequence[Item], readings: Sequence[Reading], intents: Mapping[str, int]
    ) -> None:
        pairs = list(zip(items, readings, strict=True))
        self.inside: Flags = np.array([bool(item.wishes) for item in items], dtype=bool)
        self.asked: Flags = np.array([reading.doubtful for reading in readings], dtype=bool)
        self.sure: Floats = np.array([reading.confidence for reading in readings], dtype=float)
        self.served: Flags = np.array(
            [len(item.wishes) > 1 and {*item.wishes} <= {*reading.wishes} for item, reading in pairs],
            dtype=bool,
        )
        read = np.array([reading.intent in item.wishes for item, reading in pairs], dtype=bool)
        self.right: Flags = np.where(self.inside, read, self.asked)
        self.wrong: Flags = ~self.asked & ~self.right
        self.confident_wrong: Flags = self.wrong & (self.sure >= CONFIDENT)
        self.read: Numbers = np.array([intents[reading.intent] for reading in readings], dtype=np.intp)
        self.truth: Numbers = np.array(
            [
                intents[reading.intent if hit else item.truth]
                for (item, reading), hit in zip(pairs, read, strict=True)
            ],
            dtype=np.intp,
        )


def numbered(items: Sequence[Item], *models: Sequence[Reading]) -> dict[str, int]:
    """A number for every intent that is meant or read, in order of their names."""
    names = {wish for item in items for wish in item.wishes} | {OUT_OF_SCOPE}
    names |= {reading.intent for readings in models for reading in readings}
    return {name: at for at, name in enumerate(sorted(names))}

"""What goes wrong, how often, and the dice that decide it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Fate = Literal["done", "refused", "throttled", "cut"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares are between 0 and 1, times in seconds.

    ``fail_before``: a sending call is answered 5xx (or, in a quarter of the cases, 429) and nothing
    is done. ``fail_after``: it is done, and the connection is cut before the answer. ``slow``:
    the answer comes up to ``slow_by`` later. The rest is about webhooks.
    """

    fail_before: float = 0.0
    fail_after: float = 0.0
    slow: float = 0.0
    slow_by: float = 2.0
    duplicates: float = 0.0
    duplicate_within: float = 1.0
    reorders: float = 0.0
    reorder_within: float = 0.3


class Dice:
    """Seeded: with the same questions in the same order the same things go wrong."""

    def __init__(self, seed: int) -> None:
        self._calls = random.Random(f"calls {seed}")
        self._webhooks = random.Random(f"webhooks {seed}")

    def fate(self, faults: Faults) -> Fate:
        """What becomes of a sending call."""
        thrown = self._calls.random()
        if thrown < faults.fail_before:
            return "throttled" if thrown < faults.fail_before / 4 else "refused"
        return "cut" if thrown < faults.fail_before + faults.fail_after else "done"

    def slowed(self, faults: Faults) -> float:
        return self._within(self._calls, faults.slow, faults.slow_by)

    def duplicated(self, faults: Faults) -> float | None:
        """After how many seconds a webhook is sent a second time; 0: at once, beside the first."""
        if self._webhooks.random() >= faults.duplicates:
            return None
        return self._webhooks.choice((0.0, self._webhooks.uniform(0, faults.duplicate_within)))

    def held(self, faults: Faults) -> float:
        """For how many seconds a webhook is held back, so that later ones overtake it."""
        return self._within(self._webhooks, faults.reorders, faults.reorder_within)

    def jitter(self, seconds: float) -> float:
        return seconds * self._webhooks.uniform(0.75, 1.25)

    @staticmethod
    def _within(dice: random.Random, share: float, most: float) -> float:
        return dice.uniform(most / 3, most) if dice.random() < share else 0.0

"""How fast this process may call: rates as the platforms state them, the pauses they ask for, and a
circuit for each inbox, so that an outage is met by one call at a time and costs no message its attempts.

Nothing is shared between gateways: each platform says when several are too fast together.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from handoff.channels.base import Capabilities, Rate

KEPT = 20_000  # buckets of contacts; the longest unused is full again
PATIENCE = 3  # messages that failed one after the other: then it is the platform, not they
PROBES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between calls while it is out


@dataclass(slots=True)
class _Circuit:
    """``failing``: the messages that failed since a call last worked."""

    failing: set[str] = field(default_factory=set)
    probes: int = 0
    next_at: float = 0.0

    @property
    def open(self) -> bool:
        return len(self.failing) >= PATIENCE

    def probe(self, now: float) -> None:
        """One call is made, or was in vain; the next may follow after a while."""
        self.next_at = now + PROBES[min(self.probes, len(PROBES) - 1)]
        self.probes += 1


class Pace:
    """``clock`` in seconds; times given back are seconds to wait."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # level, at
        self._paused: dict[Hashable, float] = {}  # until
        self._circuits: dict[str, _Circuit] = {}

    def wait(self, inbox_id: str, can: Capabilities) -> float:
        """Before any call of the inbox. Takes nothing."""
        now = self._clock()
        wait = max(self._pause(inbox_id, now), self._level(inbox_id, can.rate, now)[1])
        circuit = self._circuits.get(inbox_id)
        if circuit is not None and circuit.open:
            wait = max(wait, circuit.next_at - now)
        return wait

    def take(self, inbox_id: str, contact: str, can: Capabilities) -> float:
        """Take the right to one call: 0.0; or the seconds to wait, and nothing is taken."""
        now, who = self._clock(), (inbox_id, contact)
        level, short = self._level(who, can.contact_rate, now)
        wait = max(self.wait(inbox_id, can), self._pause(who, now), short)
        if wait > 0:
            return wait
        self._set(who, can.contact_rate, level - 1, now)
        self._set(inbox_id, can.rate, self._level(inbox_id, can.rate, now)[0] - 1, now)
        circuit = self._circuits.get(inbox_id)
        if circuit is not None and circuit.open:
            circuit.probe(now)
        return 0.0

    def pause(self, inbox_id: str, seconds: float, contact: str | None = None) -> None:
        """The platform asks for quiet: from the inbox, or towards one contact."""
        key = inbox_id if contact is None else (inbox_id, contact)
        self._paused[key] = max(self._paused.get(key, 0.0), self._clock() + seconds)

    def answered(self, inbox_id: str) -> None:
        """The platform is there, whatever it said."""
        self._circuits.pop(inbox_id, None)

    def silent(self, inbox_id: str, delivery_id: str) -> bool:
        """No answer, or an error of the platform's own. True: it is out, no fault of this message."""
        circuit = self._circuits.setdefault(inbox_id, _Circuit())
        if circuit.open:
            return True
        circuit.failing.add(delivery_id)
        if circuit.open:
            circuit.probe(self._clock())
        return False

    def _pause(self, key: Hashable, now: float) -> float:
        until = self._paused.get(key)
        if until is None:
            return 0.0
        if until <= now:
            del self._paused[key]
            return 0.0
        return until - now

    def _level(self, key: Hashable, rate: Rate | None, now: float) -> tuple[float, float]:
        """How full the bucket is, and the seconds until it holds one call."""
        if rate is None:
            return 1.0, 0.0
        level, at = self._buckets.get(key, (float(rate.burst), now))
        level = min(float(rate.burst), level + (now - at) * rate.per_second)
        return level, 0.0 if level >= 1 - 1e-9 else (1 - level) / rate.per_second

    def _set(self, key: Hashable, rate: Rate | None, level: float, now: float) -> None:
        if rate is None:
            return
        self._buckets[key] = (level, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)

"""What happens to an order in time: its events, from the day it was placed until now. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.shop.demo.chance import Chance

Event = tuple[str, datetime, str]  # status, when, where

# How often an order goes which way.
WAYS = {"fine": 0.80, "delayed": 0.07, "cancelled": 0.05, "returned": 0.06, "lost": 0.02}
NOT_STATUSES = ("at_hub", "delayed")  # events that are no status of the order
HUB = {"IN": "Bengaluru", "BD": "Dhaka", "GR": "Athens", "IR": "Tehran", "IE": "Dublin", "US": "New York"}


@dataclass(frozen=True, slots=True)
class Journey:
    """What has happened so far."""

    events: Sequence[Event]

    @property
    def status(self) -> str:
        return [status for status, _, _ in self.events if status not in NOT_STATUSES][-1]

    def at(self, status: str) -> datetime | None:
        return next((when for name, when, _ in self.events if name == status), None)


def travel(
    chance: Chance, way: str, placed: datetime, promised: datetime, country: str, city: str, clock: datetime
) -> Journey:
    """The journey of an order placed at ``placed``, as far as it has come by ``clock``."""
    hub = HUB[country]
    events: list[Event] = [("placed", placed, "")]

    def then(status: str, earliest: float, latest: float, place: str) -> None:
        events.append((status, events[-1][1] + timedelta(hours=chance.uniform(earliest, latest)), place))

    if way == "cancelled":
        then("cancelled", 0.5, 20, "")
        return _until(events, clock)
    then("packed", 3, 20, hub)
    then("shipped", 2, 16, hub)
    if way == "lost":
        then("at_hub", 10, 40, hub)
        events.append(("lost", promised + timedelta(days=chance.uniform(8, 14)), ""))
        if chance.random() < 0.7:  # the others are still looked for
            then("refunded", 24, 96, "")
        return _until(events, clock)
    then("at_hub", 6, 20, hub)
    if way == "delayed":
        events.append(("delayed", promised - timedelta(hours=chance.uniform(2, 10)), hub))
        arrival = promised + timedelta(days=chance.uniform(1, 6))
    else:
        earliest = events[-1][1] + timedelta(hours=3)
        arrival = max(earliest, promised - timedelta(hours=chance.uniform(4, 40)))
    events.append(("out_for_delivery", arrival - timedelta(hours=chance.uniform(1, 3)), city))
    events.append(("delivered", arrival, city))
    if way == "returned":
        then("returned", 90, 350, hub)
        then("refunded", 24, 120, "")
    return _until(events, clock)


def _until(events: list[Event], clock: datetime) -> Journey:
    # What happened is in order, to the second.
    ordered = sorted(((s, when.replace(microsecond=0), p) for s, when, p in events), key=lambda e: e[1])
    return Journey([event for event in ordered if event[1] <= clock])

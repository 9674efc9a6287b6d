"""What platforms tell us, kept before it is acknowledged.

Requests that come together share one transaction: whoever gets to write takes along what has
gathered meanwhile, so that a slow disk delays everybody a little and nobody much. The unique
``(inbox_id, key)`` settles what comes twice. Handling follows (:mod:`handoff.channels.handling`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from actions.db import new_id
from handoff.channels.models import Arrival
from handoff.conversations.context import Context
from handoff.conversations.hygiene import scrubbed
from handoff.conversations.inbound import Control, Echo, Inbound, Incoming, Unknown
from handoff.conversations.views import InboxView

HOLD = timedelta(seconds=0.3)  # a moment for what was sent before and comes after, and for a burst
CATCHING_UP = timedelta(seconds=3)  # the same while a platform repeats what an outage held up
LATE = timedelta(seconds=5)  # on the way for longer than this: it is catching up
AFTER_START = timedelta(seconds=10)  # what came while we were away is repeated now
LONGEST_KEY, LONGEST_LANE = 300, 255
_INSERT: dict[bool, Any] = {
    True: sqlite_insert(Arrival).on_conflict_do_nothing(),
    False: postgres_insert(Arrival).on_conflict_do_nothing(),
}


class Holding:
    """How long a message is held before it is handled, so that those that overtook each other on
    the way are put in order. Whatever is no message needs no order. Pure, but for what it remembers."""

    def __init__(self, started: datetime) -> None:
        self._until = {"": started + AFTER_START}  # of which inbox; "": of all

    def time(self, inbox_id: str, event: Incoming, now: datetime) -> timedelta:
        if isinstance(event, Unknown) or not in_talk(event):
            return timedelta(0)
        if event.sent_at is not None and now - event.sent_at > LATE:
            self._until[inbox_id] = now + LATE
        until = max(self._until.get(inbox_id, self._until[""]), self._until[""])
        return CATCHING_UP if now < until else HOLD


def in_talk(event: Incoming) -> bool:
    """Whether it is part of what is said, and has to be handled in order with it."""
    return isinstance(event, Inbound | Control) or (isinstance(event, Echo) and not (event.ours or event.ref))


def lane(event: Incoming) -> str:
    """What is handled one after the other: a contact's talk, and beside it all else about the contact."""
    return (event.contact if in_talk(event) else f"~{event.contact}")[:LONGEST_LANE]


@dataclass(slots=True)
class _Gathered:
    """Rows of all who wait for the next transaction."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    written: bool = False


class Arrivals:
    """``wake`` is called with the seconds after which there is something to handle."""

    def __init__(self, context: Context, wake: Callable[[float], None]) -> None:
        self._context = context
        self._wake = wake
        self._holding = Holding(context.clock())
        self._gathered = _Gathered()
        self._writing = asyncio.Lock()

    async def store(self, inbox: InboxView, events: Sequence[Incoming]) -> int:
        """Keep what a request told; returns once it is committed. Returns how many it told."""
        if not events:
            return 0
        now = self._context.clock()
        rows = [self._row(inbox, event, now) for event in events]
        # A caller that hangs up must not take others' rows with it.
        await asyncio.shield(self._written(rows))
        for due in {row["due_at"] for row in rows}:
            self._wake((due - now).total_seconds())
        return len(rows)

    async def _written(self, rows: list[dict[str, Any]]) -> None:
        mine = self._gathered
        mine.rows += rows
        async with self._writing:
            if mine.written:
                return
            self._gathered = _Gathered()
            async with self._context.database.write(hurry=True) as session:
                await session.execute(_INSERT[self._context.database.is_sqlite], mine.rows)
            mine.written = True

    def _row(self, inbox: InboxView, event: Incoming, now: datetime) -> dict[str, Any]:
        key = scrubbed(event.key if not isinstance(event, Inbound) or event.external_id else f"m:{new_id()}")
        if len(key) > LONGEST_KEY:
            key = f"h:{hashlib.sha256(key.encode()).hexdigest()}"
        return {
            "inbox_id": inbox.id,
            "key": key,
            "kind": event.kind,
            "contact": scrubbed(lane(event)),
            "data": plain(event),
            "place": max(min(event.place, 2**62), -(2**62)),
            "received_at": now,
            "due_at": now + self._holding.time(inbox.id, event, now),
            "attempts": 0,
        }


def plain(event: Incoming) -> dict[str, Any]:
    """The event as JSON that every database takes; what no text may hold is replaced."""
    try:
        made = orjson.dumps(event, default=str)
    except orjson.JSONEncodeError:  # half a surrogate pair, a number beyond 64 bits
        made = orjson.dumps(scrubbed(asdict(event)), default=str)
    data: dict[str, Any] = orjson.loads(made)
    return scrubbed(data) if b"\\u0000" in made else data

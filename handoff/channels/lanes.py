"""The lanes in which arrivals are handled: a contact's talk, and beside it all other news of the contact.

A lane is claimed by its oldest open arrival, and with it whatever else of the lane is due: no
other gateway can begin there before this one is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from handoff.channels.models import Arrival, Inbox
from handoff.conversations.context import Context
from handoff.conversations.inbound import Incoming

LEASE = timedelta(seconds=30)
LONGEST_PAUSE = 30.0  # seconds

_EVENTS: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class Opened:
    """An arrival as read; ``event`` is None when it can no longer be read."""

    id: int
    attempts: int
    event: Incoming | None


@dataclass(slots=True)
class Done:
    """How a contact's arrivals went: handled, kept for good with an error, or to be tried again."""

    head: int
    handled: list[int]
    kept: dict[int, str]
    again: tuple[int, int, str] | None = None  # id, attempts, error


class Lanes:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def take_back(self) -> None:
        """What an earlier start of ours had claimed is due at once."""
        holder = self._context.holder
        async with self._context.database.write() as session:
            await session.execute(
                update(Arrival)
                .where(
                    Arrival.handled_at.is_(None),
                    Arrival.lease_owner.startswith(holder.place, autoescape=True),
                    Arrival.lease_owner != holder.token,
                )
                .values(lease_owner=None, due_at=self._context.clock())
            )

    async def claim(self, limit: int, *, only_news: bool = False) -> list[tuple[int, str, str]]:
        """Lanes to handle, each by its oldest open arrival, whose ``due_at`` moves past the lease."""
        now, earlier = self._context.clock(), aliased(Arrival)
        oldest = ~exists().where(
            earlier.inbox_id == Arrival.inbox_id,
            earlier.contact == Arrival.contact,
            earlier.handled_at.is_(None),
            earlier.id < Arrival.id,
        )
        resting = select(Inbox.id).where(Inbox.disabled)  # what came there waits until they are back
        news = Arrival.contact.startswith("~")
        due = [Arrival.handled_at.is_(None), Arrival.due_at <= now, Arrival.inbox_id.not_in(resting)]
        due += [news] if only_news else []
        async with self._context.database.read() as session:
            if not await session.scalar(select(exists().where(*due))):
                return []
        async with self._context.database.write() as session:
            found = (
                await session.execute(
                    select(Arrival.id, Arrival.inbox_id, Arrival.contact)
                    .where(*due, oldest)
                    # News of what was sent goes first: it costs little, and doubts wait for it.
                    .order_by(~news, Arrival.due_at)
                    .limit(limit)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if found:
                await session.execute(
                    update(Arrival)
                    .where(Arrival.id.in_([row.id for row in found]))
                    .values(due_at=now + LEASE, lease_owner=self._context.holder.token)
                )
        return [(row.id, row.inbox_id, row.contact) for row in found]

    async def opened(self, inbox_id: str, contact: str) -> list[Opened]:
        """What is due of a lane (its claimed head is always), in the platform's order; what was
        sent before it, but came after, is taken along."""
        now, holder = self._context.clock(), self._context.holder.token
        async with self._context.database.read() as session:
            rows = (
                await session.execute(
                    select(
                        Arrival.id,
                        Arrival.attempts,
                        Arrival.data,
                        Arrival.place,
                        Arrival.due_at,
                        Arrival.lease_owner,
                    )
                    .where(
                        Arrival.inbox_id == inbox_id,
                        Arrival.contact == contact,
                        Arrival.handled_at.is_(None),
                    )
                    .order_by(Arrival.place, Arrival.id)
                )
            ).all()
        ready = [row.due_at <= now or row.lease_owner == holder for row in rows]
        last = max((n for n, is_ready in enumerate(ready) if is_ready), default=-1)
        return [Opened(row.id, row.attempts, read(row.data)) for row in rows[: last + 1]]

    async def settle(self, finished: Sequence[Done]) -> None:
        now = self._context.clock()
        handled = [id_ for done in finished for id_ in done.handled]
        mine = (Arrival.handled_at.is_(None),)
        async with self._context.database.write() as session:
            if handled:
                await session.execute(
                    update(Arrival)
                    .where(Arrival.id.in_(handled), *mine)
                    .values(handled_at=now, data={}, error=None, lease_owner=None)
                )
            for done in finished:
                for id_, error in done.kept.items():
                    values: dict[str, Any] = {"handled_at": now, "error": error or None, "lease_owner": None}
                    await session.execute(update(Arrival).where(Arrival.id == id_, *mine).values(values))
                if done.again:
                    id_, attempts, error = done.again
                    due_at = now + timedelta(seconds=min(LONGEST_PAUSE, 2.0 ** (attempts - 1)))
                    values = {"due_at": due_at, "lease_owner": None}
                    # The head opens the lane: while it waits, so do those behind it.
                    await session.execute(
                        update(Arrival).where(Arrival.id == done.head, *mine).values(values)
                    )
                    values |= {"attempts": attempts, "error": error}
                    await session.execute(update(Arrival).where(Arrival.id == id_, *mine).values(values))


def read(data: dict[str, Any]) -> Incoming | None:
    try:
        return _EVENTS.validate_python(data)
    except ValidationError:
        return None

"""Handles what has arrived: each contact's in order, many contacts at once, nothing given up silently.

A contact's oldest open arrival is claimed, and with it whatever else of the contact is due: no
other gateway can begin there before this one is done. What fails is tried again after a growing
pause, and in the end kept with its error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Protocol

import structlog
from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from handoff.channels.models import Arrival, Inbox
from handoff.channels.registry import Inboxes
from handoff.conversations import afterwards, elsewhere, intake
from handoff.conversations.context import Context
from handoff.conversations.inbound import (
    Control,
    Deleted,
    Echo,
    Edited,
    Inbound,
    Incoming,
    Progress,
    Reacted,
    Unknown,
)
from handoff.conversations.models import Contact
from handoff.conversations.ports import Bell
from handoff.conversations.service import Conversations
from handoff.conversations.views import InboxView
from handoff.delivery.models import Delivery
from handoff.errors import SetuError

AT_ONCE = 16  # contacts
TURNS = 24  # of the bot that may run before more messages are handed to it
LEASE = timedelta(seconds=30)
IDLE, BUSY = 1.0, 0.05  # seconds between looks: while nothing rings, while the bot has enough to do
ATTEMPTS = 8  # then it is kept as it is; with these pauses after about two minutes
PATIENCE = 4  # the same for what speaks of a message that has not come
LONGEST_PAUSE = 30.0  # seconds

log = structlog.get_logger()
_EVENTS: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="kind")])


class Tracking(Protocol):
    """What becomes of messages that were sent."""

    async def progress(self, inbox: InboxView, event: Progress) -> None: ...

    async def echo(self, inbox: InboxView, event: Echo) -> bool:
        """Whether the message was ours."""


class Untracked:
    """Nothing that was sent is followed."""

    async def progress(self, _inbox: InboxView, _event: Progress) -> None:
        return None

    async def echo(self, _inbox: InboxView, event: Echo) -> bool:
        return event.ours or event.ref is not None


@dataclass(frozen=True, slots=True)
class _Open:
    """An arrival as read; ``event`` is None when it can no longer be read."""

    id: int
    attempts: int
    event: Incoming | None


@dataclass(slots=True)
class _Done:
    """How a contact's arrivals went: handled, kept for good with an error, or to be tried again."""

    head: int
    handled: list[int]
    kept: dict[int, str]
    again: tuple[int, int, str] | None = None  # id, attempts, error


class Handling:
    def __init__(
        self, context: Context, conversations: Conversations, inboxes: Inboxes, tracking: Tracking
    ) -> None:
        self._context = context
        self._conversations = conversations
        self._inboxes = inboxes
        self._tracking = tracking
        self._bell = Bell()

    def wake(self, seconds: float) -> None:
        """There will be something to do then."""
        asyncio.get_running_loop().call_later(max(0.0, seconds), self._bell.ring)

    async def run(self) -> None:
        """Until cancelled."""
        await self._take_back()
        while True:
            try:
                while await self.once():
                    pass
            except Exception:
                log.exception("handling_failed")
            await self._bell.wait(BUSY if self._conversations.turns.running >= TURNS else IDLE)

    async def once(self) -> int:
        """Handle what is due now; returns how many contacts had something. While the bot has enough to
        do only news of what was sent is handled."""
        room = TURNS - self._conversations.turns.running
        heads = await self._claim(min(AT_ONCE, room) if room > 0 else AT_ONCE, only_news=room <= 0)
        if heads:
            done = await asyncio.gather(*(self._lane(*head) for head in heads))
            await self._settle(done)
        return len(heads)

    async def _take_back(self) -> None:
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

    async def _claim(self, limit: int, *, only_news: bool = False) -> list[tuple[int, str, str]]:
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

    async def _lane(self, head: int, inbox_id: str, contact: str) -> _Done:
        done = _Done(head, [], {})
        arrivals = await self._open(inbox_id, contact)
        try:
            inbox = await self._inboxes.get(inbox_id)
        except SetuError as gone:
            done.kept = {one.id: gone.code for one in arrivals}
            return done
        for some in _bursts(arrivals):
            try:
                await self._handle(inbox, some, done)
            except Exception as broken:
                first, error = some[0], type(broken).__name__
                early = isinstance(broken, afterwards.NotYet)
                if not early:
                    log.exception("arrival_failed", inbox=inbox_id, arrival=first.id, kind=error)
                if first.attempts + 1 >= (PATIENCE if early else ATTEMPTS):
                    done.kept |= {one.id: error for one in some}
                    continue
                done.again = (first.id, first.attempts + 1, error)
                break
        return done

    async def _open(self, inbox_id: str, contact: str) -> list[_Open]:
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
        return [_Open(row.id, row.attempts, _read(row.data)) for row in rows[: last + 1]]

    async def _handle(self, inbox: InboxView, some: Sequence[_Open], done: _Done) -> None:
        event = some[0].event
        if isinstance(event, Inbound):
            await self._messages(inbox, some, done)
            return
        match event:
            case Echo():
                if not await self._tracking.echo(inbox, event) and not event.ours:
                    await self._nothing_under_way(inbox, event)
                    await elsewhere.answered(self._context, inbox, event)
            case Progress():
                await self._tracking.progress(inbox, event)
            case Control():
                await elsewhere.moved(self._context, inbox, event)
            case Edited() | Deleted() | Reacted():
                await afterwards.apply(self._context, inbox, event)
            case Unknown():
                self._context.metrics.unknown.labels(inbox.channel).inc()
                done.kept[some[0].id] = ""
                return
            case None:
                done.kept[some[0].id] = "unreadable"
                return
        done.handled.append(some[0].id)

    async def _nothing_under_way(self, inbox: InboxView, event: Echo) -> None:
        """An echo without any mark may be of what we are sending at this moment: then it waits until the
        platform's answer tells the id. Raises ``NotYet``."""
        async with self._context.database.read() as session:
            sending = await session.scalar(
                select(Delivery.id)
                .join(Contact, Contact.id == Delivery.contact_id)
                .where(
                    Contact.inbox_id == inbox.id,
                    Contact.external_id == event.contact,
                    Delivery.state == "sending",
                )
                .limit(1)
            )
        if sending is not None:
            raise afterwards.NotYet(event.external_id)

    async def _messages(self, inbox: InboxView, some: Sequence[_Open], done: _Done) -> None:
        """A burst in one transaction; if one of it cannot be taken, each by itself."""
        cleaned: list[tuple[int, Inbound]] = []
        for one in some:
            try:
                assert isinstance(one.event, Inbound)
                cleaned.append((one.id, intake.cleaned(one.event)))
            except SetuError as unreadable:
                done.kept[one.id] = unreadable.code
        if not cleaned:
            return
        try:
            await self._conversations.receive_burst(inbox, [inbound for _, inbound in cleaned])
            done.handled += [id_ for id_, _ in cleaned]
        except SetuError as refused:
            if len(cleaned) == 1:
                done.kept[cleaned[0][0]] = refused.code
                return
            for id_, inbound in cleaned:
                await self._messages(inbox, [_Open(id_, 0, inbound)], done)

    async def _settle(self, finished: Sequence[_Done]) -> None:
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


def _bursts(arrivals: Sequence[_Open]) -> list[list[_Open]]:
    """Messages that follow each other together, all else by itself."""
    bursts: list[list[_Open]] = []
    for one in arrivals:
        if bursts and isinstance(one.event, Inbound) and isinstance(bursts[-1][-1].event, Inbound):
            bursts[-1].append(one)
        else:
            bursts.append([one])
    return bursts


def _read(data: dict[str, Any]) -> Incoming | None:
    try:
        return _EVENTS.validate_python(data)
    except ValidationError:
        return None

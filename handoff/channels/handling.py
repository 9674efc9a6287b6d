"""Handles what has arrived: each contact's in order, many contacts at once, nothing given up silently.

What fails is tried again after a growing pause, and in the end kept with its error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog
from sqlalchemy import select

from handoff.channels.lanes import Done, Lanes, Opened
from handoff.channels.registry import Inboxes
from handoff.conversations import afterwards, elsewhere, intake
from handoff.conversations.context import Context
from handoff.conversations.inbound import (
    Control,
    Deleted,
    Echo,
    Edited,
    Inbound,
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
IDLE, BUSY = 1.0, 0.05  # seconds between looks: while nothing rings, while the bot has enough to do
ATTEMPTS = 8  # then it is kept as it is; with these pauses after about two minutes
PATIENCE = 4  # the same for what speaks of a message that has not come

log = structlog.get_logger()


class Tracking(Protocol):
    """What becomes of messages that were sent."""

    async def progress(self, inbox: InboxView, event: Progress) -> None: ...

    async def echo(self, inbox: InboxView, event: Echo) -> bool:
        """Whether the message was ours."""


class Handling:
    def __init__(
        self, context: Context, conversations: Conversations, inboxes: Inboxes, tracking: Tracking
    ) -> None:
        self._context = context
        self._conversations = conversations
        self._inboxes = inboxes
        self._tracking = tracking
        self._lanes = Lanes(context)
        self._bell = Bell()

    def wake(self, seconds: float) -> None:
        """There will be something to do then."""
        asyncio.get_running_loop().call_later(max(0.0, seconds), self._bell.ring)

    async def run(self) -> None:
        """Until cancelled."""
        await self._lanes.take_back()
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
        heads = await self._lanes.claim(min(AT_ONCE, room) if room > 0 else AT_ONCE, only_news=room <= 0)
        if heads:
            done = await asyncio.gather(*(self._lane(*head) for head in heads))
            await self._lanes.settle(done)
        return len(heads)

    async def _lane(self, head: int, inbox_id: str, contact: str) -> Done:
        done = Done(head, [], {})
        arrivals = await self._lanes.opened(inbox_id, contact)
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

    async def _handle(self, inbox: InboxView, some: Sequence[Opened], done: Done) -> None:
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

    async def _messages(self, inbox: InboxView, some: Sequence[Opened], done: Done) -> None:
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
                await self._messages(inbox, [Opened(id_, 0, inbound)], done)


def _bursts(arrivals: Sequence[Opened]) -> list[list[Opened]]:
    """Messages that follow each other together, all else by itself."""
    bursts: list[list[Opened]] = []
    for one in arrivals:
        if bursts and isinstance(one.event, Inbound) and isinstance(bursts[-1][-1].event, Inbound):
            bursts[-1].append(one)
        else:
            bursts.append([one])
    return bursts

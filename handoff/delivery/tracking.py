"""What platforms tell of messages we sent: that they took them, and how far these got.

Both come twice, late and out of order, before our own call has returned or long after. So a
part's status only rises, and news of a part that we were unsure of settles that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.conversations.context import Context
from handoff.conversations.inbound import Echo, Progress
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.thread import opened
from handoff.conversations.views import InboxView
from handoff.delivery import news
from handoff.delivery.ledger import LONGEST_ID, Taken, record, settle
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.delivery.news import RANKS, by_message

__all__ = ["Tracking", "by_message"]
TELLING = 20  # characters
_PART: Any = DeliveryPart.__table__


@dataclass(frozen=True, slots=True)
class _Sent:
    """A part that news is of."""

    delivery_id: str
    place: int


class Tracking:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def progress(self, inbox: InboxView, event: Progress) -> None:
        """A message of ours got as far as ``event.state``; of somebody else's nothing is known here."""
        context = self._context
        if await self._is_old(inbox, event):
            return
        async with context.database.write() as session:
            if event.external_id is None and event.ref is None:
                moved = await self._up_to(session, inbox, event)
            else:
                moved = await self._one(session, inbox, event)
            changed = [row for id_ in moved if (row := await self._marked(session, id_, event))]
        if changed:
            context.outbox.ring()
        await news.tell(context, changed)
        for row in changed:
            await self._follow(row, event)

    async def echo(self, inbox: InboxView, event: Echo) -> bool:
        """The platform repeats what was sent to a contact; whether it was ours."""
        context = self._context
        async with context.database.write() as session:
            if await self._known(session, inbox, event.external_id):
                return True
            sent = await self._by_ref(session, inbox, event.ref)
            if sent is None and event.ref is None:
                sent = await self._by_words(session, inbox, event)
            if sent is None:
                return event.ours
            settled = await self._taken(session, inbox, sent, event.external_id, event.sent_at)
        if settled is not None:
            context.outbox.ring()
            await news.tell(context, [settled])
        return True

    async def _is_old(self, inbox: InboxView, event: Progress) -> bool:
        """Platforms repeat themselves: what is known already costs no transaction."""
        if not event.external_id:
            return False
        async with self._context.database.read() as session:
            status = await session.scalar(
                select(DeliveryPart.status).where(
                    DeliveryPart.inbox_id == inbox.id,
                    DeliveryPart.external_id == event.external_id[:LONGEST_ID],
                )
            )
        return status is not None and status not in _below(event.state)

    async def _one(self, session: AsyncSession, inbox: InboxView, event: Progress) -> set[str]:
        settled = None
        sent = await self._known(session, inbox, event.external_id)
        if sent is None and (sent := await self._by_ref(session, inbox, event.ref)):
            settled = await self._taken(session, inbox, sent, event.external_id, event.sent_at)
        if sent is None:
            return set()
        moved = await _raise(session, event.state, [sent])
        return moved | {settled.id} if settled is not None else moved

    async def _known(self, session: AsyncSession, inbox: InboxView, external_id: str | None) -> _Sent | None:
        if not external_id:
            return None
        found = await session.execute(
            select(DeliveryPart.delivery_id, DeliveryPart.place).where(
                DeliveryPart.inbox_id == inbox.id, DeliveryPart.external_id == external_id[:LONGEST_ID]
            )
        )
        row = found.first()
        return _Sent(*row) if row else None

    async def _by_ref(self, session: AsyncSession, inbox: InboxView, ref: str | None) -> _Sent | None:
        """``ref`` comes from outside: it counts only if it names a push on this inbox."""
        delivery_id, _, place = (ref or "").rpartition(".")
        if not delivery_id or not place.isascii() or not place.isdecimal() or len(place) > 4:
            return None
        found = await session.scalar(
            select(Delivery.id)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(Delivery.id == delivery_id[:32], Contact.inbox_id == inbox.id)
        )
        return _Sent(found, int(place)) if found else None

    async def _by_words(self, session: AsyncSession, inbox: InboxView, event: Echo) -> _Sent | None:
        """Without a ref: what is being sent to the contact, or what we are unsure of (at most one is
        open, for order is kept; given up for want of news, there may be more), if the words are its
        words, or if there are none to compare. Late news must not pass for a person's words."""
        found = await session.execute(
            select(Delivery.id, Delivery.parts, Message.text)
            .join(Message, Message.id == Delivery.message_id)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(
                Contact.inbox_id == inbox.id,
                Contact.external_id == event.contact,
                or_(
                    Delivery.state.in_(("sending", "unsure")),
                    and_(Delivery.state == "dead", Delivery.code == "unsure"),
                ),
            )
            .order_by(Delivery.number)
        )
        for delivery_id, place, text in found:
            if _is_of(_plain(event.text), _plain(text)) or (event.ours and not event.text):
                return _Sent(delivery_id, place)
        return None

    async def _taken(
        self,
        session: AsyncSession,
        inbox: InboxView,
        sent: _Sent,
        external_id: str | None,
        at: datetime | None,
    ) -> Delivery | None:
        """The part was taken; the push if it was in doubt until now."""
        now = self._context.clock()
        taken = Taken(sent.place, inbox.id, external_id, at or now)
        if await record(session, {sent.delivery_id: taken}):
            return None
        return await settle(session, sent.delivery_id, sent.place, now)

    async def _up_to(self, session: AsyncSession, inbox: InboxView, event: Progress) -> set[str]:
        """All that was sent to the contact by then; a watermark is the platform's time of a message,
        and ours is that of the call, so only a call's length may lie between them."""
        if event.up_to is None:
            return set()
        found = await session.execute(
            select(DeliveryPart.delivery_id, DeliveryPart.place)
            .join(Delivery, Delivery.id == DeliveryPart.delivery_id)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(
                Contact.inbox_id == inbox.id,
                Contact.external_id == event.contact,
                DeliveryPart.at <= event.up_to,
                DeliveryPart.status.in_(_below(event.state)),
            )
        )
        return await _raise(session, event.state, [_Sent(*row) for row in found])

    async def _marked(self, session: AsyncSession, delivery_id: str, event: Progress) -> Delivery | None:
        """The push with its mark as far as its parts are; None if that has not changed."""
        row = await session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
        if row is None or row.state not in ("sent", "dead"):
            if row is not None and event.state == "failed":
                row.error = event.error[:500]
            return row  # its mark follows when all of it is sent
        mark = await news.mark_of(session, delivery_id)
        if mark == row.mark:
            return None
        row.mark = mark
        if mark == "failed" and row.state == "sent":
            row.state, row.error, row.code = "dead", event.error[:500], event.code or None
        await session.flush()
        return row

    async def _follow(self, row: Delivery, event: Progress) -> None:
        if row.mark == "read":
            await read(self._context, row.conversation_id, row.number)
        elif event.state == "failed" and row.mark in ("failed", None):
            async with opened(self._context, row.conversation_id) as thread:
                thread.note("undelivered", number=row.number, error=event.error, code=row.code or "")
                thread.journal("undelivered", delivery=row.id, number=row.number)


async def read(context: Context, conversation_id: str, number: int) -> None:
    """The customer has read up to a number; it never goes back."""
    async with context.database.write() as session:
        moved = await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.read_by_customer < number)
            .values(read_by_customer=number)
            .returning(Conversation.id)
            .execution_options(synchronize_session=False)
        )
        if moved.first() is None:
            return
    await context.told(context.hub.read(conversation_id, "customer", number))


async def _raise(session: AsyncSession, status: str, parts: Sequence[_Sent]) -> set[str]:
    """Lift parts to a status unless they are further already; the pushes that have moved."""
    moved = set()
    for part in parts:
        lifted = await session.execute(
            update(_PART)
            .where(
                _PART.c.delivery_id == part.delivery_id,
                _PART.c.place == part.place,
                _PART.c.status.in_(_below(status)),
            )
            .values(status=status)
            .returning(_PART.c.id)
        )
        if lifted.first() is not None:
            moved.add(part.delivery_id)
    return moved


def _below(status: str) -> Collection[str]:
    return [other for other, rank in RANKS.items() if rank < RANKS[status]]


def _is_of(said: str, text: str) -> bool:
    """Whether these are a message's words, or those of a part of it; a few words are in many messages."""
    return bool(said) and (said == text or (len(said) >= TELLING and said in text))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

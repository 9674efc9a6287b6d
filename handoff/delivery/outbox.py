"""The outbox's rows: which are due, taken by one dispatcher, and what it has to know to send them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.channels.models import Arrival
from handoff.conversations.context import Holder
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.reading import message_view
from handoff.conversations.views import MessageView
from handoff.delivery.models import Delivery, DeliveryPart

LEASE = timedelta(seconds=45)  # of one call; it is given up after CALL seconds
CALL = 25.0
OPEN = ("due", "sending", "unsure")  # later messages of the conversation wait for these

_earlier = aliased(Delivery)
_FIRST = ~exists().where(
    _earlier.conversation_id == Delivery.conversation_id,
    _earlier.number < Delivery.number,
    _earlier.state.in_(OPEN),
)


class Candidate(NamedTuple):
    """A push whose turn it is; to whom."""

    id: str
    inbox_id: str
    contact: str


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed push. ``stale``: a reply of the bot from before a change of owner. ``parts``: the place
    of the part to be sent now; ``done``: of those that the platform has taken. ``last_customer_at``
    opens the window."""

    id: str
    attempts: int  # failed so far
    created_at: datetime
    message: MessageView
    inbox_id: str
    contact: str
    stale: bool
    last_customer_at: datetime | None = None
    reply_to: str | None = None
    parts: int = 0
    done: frozenset[int] = field(default=frozenset())

    def after(self, place: int) -> int:
        """The place of the part to be sent after this one."""
        return following(place + 1, self.done)


def following(place: int, done: Collection[int]) -> int:
    """The first place from ``place`` on that is not done."""
    while place in done:
        place += 1
    return place


def _is_stale(row: Delivery, message: Message, conversation: Conversation) -> bool:
    """Whether somebody else has the talk by now; the words with which the bot itself gave it away (written
    in one epoch, committed in the next) are said all the same."""
    return message.sender == "bot" and conversation.epoch != row.epoch and message.epoch == row.epoch


async def ready(
    session: AsyncSession, now: datetime, limit: int, without: Collection[str] = ()
) -> list[Candidate]:
    """What is due, of each conversation only its first open push, so that order is kept. Inboxes that
    may not be called now are left out here, so that their backlog hides nobody else's messages."""
    statement = (
        select(Delivery.id, Contact.inbox_id, Contact.external_id)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state == "due", Delivery.next_at <= now, _FIRST)
        .order_by(Delivery.next_at)
        .limit(limit)
    )
    if without:
        statement = statement.where(Contact.inbox_id.not_in(without))
    return [Candidate(*row) for row in await session.execute(statement)]


async def claim(session: AsyncSession, ids: Iterable[str], holder: Holder, now: datetime) -> list[Due]:
    """Take those of ``ids`` that are still due. From now on each may have been sent: if this process
    dies, they are ``unsure``."""
    free = (
        select(Delivery.id)
        .where(Delivery.id.in_(list(ids)), Delivery.state == "due", _FIRST)
        .with_for_update(skip_locked=True, of=Delivery)
    )
    taken = (
        await session.scalars(
            update(Delivery)
            .where(Delivery.id.in_(free))
            .values(state="sending", lease_owner=holder.token, next_at=now + LEASE)
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        )
    ).all()
    return await _load(session, taken) if taken else []


async def _load(session: AsyncSession, ids: Collection[str]) -> list[Due]:
    found = (
        await session.execute(
            select(Delivery, Message, Conversation, Contact, Agent)
            .join(Message, Message.id == Delivery.message_id)
            .join(Conversation, Conversation.id == Delivery.conversation_id)
            .join(Contact, Contact.id == Delivery.contact_id)
            .outerjoin(Agent, Agent.id == Message.agent_id)
            .where(Delivery.id.in_(ids))
            .order_by(Delivery.next_at, Delivery.number)
        )
    ).all()
    done: dict[str, set[int]] = {}
    for delivery_id, place in await session.execute(
        select(DeliveryPart.delivery_id, DeliveryPart.place).where(DeliveryPart.delivery_id.in_(ids))
    ):
        done.setdefault(delivery_id, set()).add(place)
    for row, *_ in found:
        # What is sent next is on record before it is sent: only news of that part settle doubts about it.
        if (place := following(row.parts, done.get(row.id, ()))) != row.parts:
            await move(session, row.id, "sending", parts=place)
    return [
        Due(
            id=row.id,
            attempts=row.attempts,
            created_at=row.created_at,
            message=message_view(message, agent),
            inbox_id=contact.inbox_id,
            contact=contact.external_id,
            stale=_is_stale(row, message, conversation),
            last_customer_at=await last_customer_at(session, conversation, contact.id),
            reply_to=await _replied(session, message),
            parts=following(row.parts, done.get(row.id, ())),
            done=frozenset(done.get(row.id, ())),
        )
        for row, message, conversation, contact, agent in found
    ]


async def last_customer_at(
    session: AsyncSession, conversation: Conversation, contact_id: str
) -> datetime | None:
    """When the customer last wrote by this contact; a thread of several contacts has to be looked through."""
    if not conversation.also and conversation.contact_id == contact_id:
        return conversation.last_customer_at
    at: datetime | None = await session.scalar(
        select(func.max(Message.created_at)).where(
            Message.conversation_id == conversation.id,
            Message.contact_id == contact_id,
            Message.sender == "customer",
        )
    )
    return at


async def _replied(session: AsyncSession, message: Message) -> str | None:
    """The channel's id of the message that this one answers."""
    number = message.rich.get("reply_to")
    if not number:
        return None
    id_: str | None = await session.scalar(
        select(Message.external_id).where(
            Message.conversation_id == message.conversation_id, Message.number == number
        )
    )
    return id_


class Left(NamedTuple):
    """A push that nobody is at any more (``sending``), or of which we had no news in time (``unsure``).
    ``evidence``: the platform has told of the part that we are unsure of."""

    id: str
    conversation_id: str
    number: int
    state: str
    attempts: int
    next_at: datetime
    inbox_id: str
    evidence: bool


async def left(session: AsyncSession, holder: Holder, now: datetime, limit: int = 200) -> list[Left]:
    """What is to be settled without sending: of gateways that died, of an earlier start of this one,
    and what has been unsure for long enough. News that has come and was not read yet is no silence."""
    earlier = and_(
        Delivery.lease_owner.startswith(holder.place, autoescape=True), Delivery.lease_owner != holder.token
    )
    told = exists().where(DeliveryPart.delivery_id == Delivery.id, DeliveryPart.place == Delivery.parts)
    unread = exists().where(
        Arrival.handled_at.is_(None),
        Arrival.kind.in_(("echo", "progress")),
        Arrival.inbox_id == Contact.inbox_id,
        Arrival.contact.in_((Contact.external_id, "~" + Contact.external_id)),
    )
    rows = await session.execute(
        select(
            Delivery.id,
            Delivery.conversation_id,
            Delivery.number,
            Delivery.state,
            Delivery.attempts,
            Delivery.next_at,
            Contact.inbox_id,
            told,
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            or_(
                and_(Delivery.state == "sending", or_(Delivery.next_at <= now, earlier)),
                and_(Delivery.state == "unsure", Delivery.next_at <= now, ~unread),
            )
        )
        .limit(limit)
    )
    return [Left(*row) for row in rows]


async def move(
    session: AsyncSession, delivery_id: str, before: str, /, *where: Any, **values: Any
) -> Delivery | None:
    """Change a push whose state is ``before`` (and ``where`` holds); None if it no longer is."""
    changed = await move_all(session, [delivery_id], before, *where, **values)
    return changed[0] if changed else None


async def move_all(
    session: AsyncSession, ids: Collection[str], before: str, /, *where: Any, **values: Any
) -> Sequence[Delivery]:
    """The same for several; those that were changed are returned."""
    changed = await session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == before, *where)
        .values(**values)
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return changed.all()

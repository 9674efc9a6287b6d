"""The outbox's rows: claimed by lease, settled by whoever holds the lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.reading import message_view
from handoff.conversations.views import MessageView
from handoff.delivery.models import Delivery

LEASE = timedelta(seconds=30)  # a push takes five at most


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed push. ``stale``: a reply of the bot from before a change of owner."""

    id: str
    attempts: int  # failed so far
    message: MessageView
    inbox_id: str
    contact: str
    stale: bool


async def waiting(session: AsyncSession, now: datetime) -> bool:
    """Whether anything is due; a look that costs no write."""
    return bool(
        await session.scalar(select(exists().where(Delivery.state == "due", Delivery.next_at <= now)))
    )


async def claim(session: AsyncSession, holder: str, now: datetime, limit: int) -> list[Due]:
    """Take what is due: of each conversation only its oldest open push, so that order is kept.

    Claiming moves ``next_at`` past the lease: if this process dies, the row is due again by itself.
    """
    earlier = aliased(Delivery)
    oldest = ~exists().where(
        earlier.conversation_id == Delivery.conversation_id,
        earlier.state == "due",
        earlier.number < Delivery.number,
    )
    rows = (
        await session.scalars(
            select(Delivery)
            .where(Delivery.state == "due", Delivery.next_at <= now, oldest)
            .order_by(Delivery.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=Delivery)
        )
    ).all()
    if not rows:
        return []
    for row in rows:
        row.lease_owner, row.next_at = holder, now + LEASE
    found = await session.execute(
        select(Message, Conversation, Contact, Agent)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Delivery, Delivery.message_id == Message.id)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Message.id.in_([row.message_id for row in rows]))
    )
    parts = {
        message.id: (message, conversation, contact, agent) for message, conversation, contact, agent in found
    }
    return [_due(row, *parts[row.message_id]) for row in rows]


def _due(
    row: Delivery, message: Message, conversation: Conversation, contact: Contact, agent: Agent | None
) -> Due:
    return Due(
        id=row.id,
        attempts=row.attempts,
        message=message_view(message, agent),
        inbox_id=contact.inbox_id,
        contact=contact.external_id,
        stale=message.sender == "bot" and conversation.epoch != row.epoch,
    )


async def settle(session: AsyncSession, due: Due, holder: str, **values: Any) -> bool:
    """Write how a push went; False if the lease has gone to somebody else meanwhile."""
    done = await session.execute(
        update(Delivery)
        .where(Delivery.id == due.id, Delivery.lease_owner == holder, Delivery.state == "due")
        .values(lease_owner=None, **values)
        .returning(Delivery.id)
    )
    return done.scalar_one_or_none() is not None

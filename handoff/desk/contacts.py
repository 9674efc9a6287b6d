"""Who talks in a thread, and by which channels; and the inboxes that the desk's lists can be narrowed to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation


async def of(session: AsyncSession, conversation: Conversation) -> list[dict[str, Any]]:
    """``[{id, name, channel, inbox, current}]``, the one that answers go to first."""
    current = conversation.contact_id
    here = or_(Contact.conversation_id == conversation.id, Contact.id == current)
    statement = (
        select(Contact.id, Contact.name, Inbox.channel, Inbox.name)
        .join(Inbox, Inbox.id == Contact.inbox_id)
        .where(here)
        .order_by(Contact.id != current, Contact.created_at, Contact.id)
    )
    return [
        {"id": id, "name": name, "channel": channel, "inbox": inbox, "current": id == current}
        for id, name, channel, inbox in await session.execute(statement)
    ]


async def inboxes(session: AsyncSession) -> list[dict[str, Any]]:
    """``[{id, name, channel}]`` of the inboxes in use, by name."""
    statement = select(Inbox.id, Inbox.name, Inbox.channel).where(Inbox.disabled.is_(False))
    found = await session.execute(statement.order_by(Inbox.name, Inbox.id))
    return [{"id": id, "name": name, "channel": channel} for id, name, channel in found]

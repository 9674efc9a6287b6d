"""What a customer does to a message after it was said: edits it, takes it back, reacts to one."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.attachments.models import Attachment
from handoff.conversations import hygiene
from handoff.conversations.changes import change
from handoff.conversations.context import Context
from handoff.conversations.inbound import Deleted, Edited, Reacted
from handoff.conversations.models import Message
from handoff.conversations.views import InboxView
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.errors import Invalid

LONGEST_EMOJI = 16  # characters: a family with skin tones is eleven


class NotYet(Exception):
    """The message it speaks of has not come (yet)."""


async def apply(context: Context, inbox: InboxView, event: Edited | Deleted | Reacted) -> None:
    """Change the message that the event speaks of; raises :class:`NotYet`."""
    async with context.database.read() as session:
        message_id = await _find(session, inbox.id, event)
    if message_id is None:
        raise NotYet(event.external_id)
    at = event.sent_at or context.clock()
    match event:
        case Edited():
            await _edited(context, message_id, event.text, at)
        case Deleted():
            await change(context, message_id, deleted_at=at)
            async with context.database.write() as session:  # its files go with it
                await session.execute(
                    update(Attachment)
                    .where(Attachment.message_id == message_id)
                    .values(expires_at=context.clock())
                )
        case Reacted():
            await change(context, message_id, partial(_react, emoji=event.emoji[:LONGEST_EMOJI]))


async def _edited(context: Context, message_id: str, text: str, at: datetime) -> None:
    try:
        text = hygiene.clean_text(text)
    except Invalid:
        return  # nothing readable is left of it, and taking it back is another thing
    await change(context, message_id, text=text, edited_at=at)


def _react(rich: dict[str, Any], emoji: str) -> dict[str, Any]:
    """A customer has one reaction on a message; an empty one takes it back."""
    others = [one for one in rich.get("reactions", []) if one["by"] != "customer"]
    mine = [{"emoji": emoji, "by": "customer"}] if emoji else []
    return {name: value for name, value in {**rich, "reactions": others + mine}.items() if value != []}


async def _find(session: AsyncSession, inbox_id: str, event: Edited | Deleted | Reacted) -> str | None:
    """The customer's own message; a reaction may be to one of ours."""
    own = select(Message.id).where(Message.inbox_id == inbox_id, Message.external_id == event.external_id)
    found: str | None = await session.scalar(own)
    if found is None and isinstance(event, Reacted):
        found = await session.scalar(
            select(Delivery.message_id)
            .join(DeliveryPart, DeliveryPart.delivery_id == Delivery.id)
            .where(DeliveryPart.inbox_id == inbox_id, DeliveryPart.external_id == event.external_id)
        )
    return found

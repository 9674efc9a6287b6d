"""A message on trial: sent by the way that every message goes, and watched until its end is known."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.channels.vault import redacted
from handoff.conversations import intake
from handoff.conversations.context import Context
from handoff.conversations.hygiene import clean_id
from handoff.conversations.inbound import Inbound
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.views import InboxView, iso
from handoff.delivery.models import Delivery
from handoff.errors import Conflict, Invalid, NotFound

KEY = "inbox_test"
RECENT = 8


async def send(
    context: Context, inbox: InboxView, *, contact_id: str | None = None, to: str | None = None
) -> dict[str, Any]:
    """Send it to a contact of the inbox or, ``to``, to somebody by their id on the channel.

    Returns ``{message_id, conversation_id, number, to}``. Raises ``Conflict`` (inbox_disabled),
    ``NotFound`` (contact_unknown), ``Invalid``.
    """
    if inbox.disabled:
        raise Conflict("inbox_disabled")
    if (contact_id is None) == (to is None):
        raise Invalid("contact_or_to")
    async with context.database.write() as session:
        handle = clean_id(to, "to") if to is not None else await _handle(session, inbox, str(contact_id))
        thread = await intake.thread_of(context, session, inbox, Inbound(contact=handle))
        message = thread.tell(KEY, name=inbox.name)
        thread.journal(KEY)
        await thread.close()
    return {
        "message_id": message.id,
        "conversation_id": message.conversation_id,
        "number": message.number,
        "to": thread.contact.name or handle,
    }


async def _handle(session: AsyncSession, inbox: InboxView, contact_id: str) -> str:
    found = await session.scalar(
        select(Contact.external_id).where(Contact.id == contact_id, Contact.inbox_id == inbox.id)
    )
    if found is None:
        raise NotFound("contact_unknown")
    return found


async def fate(session: AsyncSession, inbox: InboxView, message_id: str) -> dict[str, Any]:
    """What became of a message on trial: ``{state, mark, attempts, error, code}``.

    ``state`` as in :class:`Delivery`, or ``shown`` where nothing is pushed: the contact's own page
    shows it. Raises ``NotFound``.
    """
    found = (
        await session.execute(
            select(Message.rich, Delivery)
            .join(Contact, Contact.id == Message.contact_id)
            .outerjoin(Delivery, Delivery.message_id == Message.id)
            .where(Message.id == message_id, Contact.inbox_id == inbox.id)
        )
    ).first()
    if found is None or found[0].get("key") != KEY:
        raise NotFound("not_found")
    push = found[1]
    if push is None:
        return {"state": "shown", "mark": None, "attempts": 0, "error": None, "code": None}
    return {
        "state": push.state,
        "mark": push.mark,
        "attempts": push.attempts,
        "error": redacted(push.error, inbox.credentials.values()) if push.error else None,
        "code": push.code,
    }


async def recent(session: AsyncSession, inbox_id: str) -> list[dict[str, Any]]:
    """Who wrote to the inbox last: ``[{id, name, handle, at}]``."""
    rows = await session.execute(
        select(Contact, Conversation.last_customer_at)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(Contact.inbox_id == inbox_id, Conversation.last_customer_at.is_not(None))
        .order_by(Conversation.last_customer_at.desc())
        .limit(RECENT)
    )
    return [
        {"id": contact.id, "name": contact.name, "handle": contact.external_id, "at": iso(at)}
        for contact, at in rows
    ]

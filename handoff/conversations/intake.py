"""A customer's message comes in: one transaction stores it and settles who is to answer.

Contact and conversation are found or made (unique constraints settle parallel first messages),
the message gets its number, a second arrival of it changes nothing, and either the turn is
taken or the message is left to people. After the commit it is acknowledged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers import profiles
from actions.db import new_id
from handoff.agents.models import Agent
from handoff.conversations import hygiene, reading, rows
from handoff.conversations.batch import Batch
from handoff.conversations.context import Context
from handoff.conversations.events import CustomerWrote
from handoff.conversations.inbound import Inbound
from handoff.conversations.lifecycle import PEOPLE
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.publishing import view
from handoff.conversations.thread import Thread, message_row
from handoff.conversations.views import ConversationView, InboxView, MessageView
from handoff.errors import Conflict, Forbidden, Invalid

OFFERS_KEPT = 200  # messages looked back through for the button that was tapped
ASK_PERSON = "/contact_human"  # may be tapped at any time: nobody needs an offer to get a person


_INSERT: dict[bool, Any] = {True: sqlite_insert, False: postgres_insert}  # by whether it is SQLite
_STORE = {
    sqlite: make(Message.__table__).on_conflict_do_nothing().returning(Message.__table__.c.id)
    for sqlite, make in _INSERT.items()
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: a turn to run (``batch``), or nothing more to do here."""

    message: MessageView
    conversation: ConversationView
    duplicate: bool = False
    handled: bool = False  # already answered, or with people
    here: bool = False  # a turn of this process answers it
    batch: Batch | None = None


def cleaned(inbound: Inbound) -> Inbound:
    """The inbound fit to be stored; raises ``Invalid``."""
    if (inbound.text is None) == (inbound.payload is None):
        raise Invalid("text_or_payload")
    return replace(
        inbound,
        contact=hygiene.clean_id(inbound.contact, "contact"),
        text=None if inbound.text is None else hygiene.clean_text(inbound.text),
        payload=None if inbound.payload is None else hygiene.clean_payload(inbound.payload),
        external_id=None if inbound.external_id is None else hygiene.clean_id(inbound.external_id, "id"),
        client_id=None if inbound.client_id is None else hygiene.clean_id(inbound.client_id, "client_id", 64),
        name=hygiene.clean_name(inbound.name),
        locale=hygiene.clean_locale(inbound.locale),
    )


async def take_in(context: Context, inbox: InboxView, inbound: Inbound) -> Taken:
    """Store a cleaned inbound; raises ``Invalid`` (unknown_payload), ``Conflict`` (id_taken),
    ``Forbidden`` (identity_other)."""
    async with context.database.write() as session:
        thread = await _thread(context, session, inbox, inbound)
        await _know_customer(thread, inbound)
        text = inbound.text
        if inbound.payload is not None:
            text = await _title(thread, session, inbox, inbound.payload)
        message = thread.draft("customer", text or "", payload=inbound.payload, client_id=inbound.client_id)
        if not await _store(thread, message, inbound):
            return await _again(thread, inbound)
        thread.keep(message)
        snoozed, agent_id = thread.row.status == "snoozed", thread.row.agent_id
        free = snoozed and agent_id is not None and await context.presence.free(session, agent_id)
        await thread.step(CustomerWrote(agent_free=free))
        await thread.close()
        row = thread.row
        batch = Batch.of(row, inbox.channel, (message,)) if thread.turn else None
        here = row.turn_owner == context.holder.token
        return Taken(message, thread.seen, handled=row.status in PEOPLE, here=here, batch=batch)


async def _thread(context: Context, session: AsyncSession, inbox: InboxView, inbound: Inbound) -> Thread:
    """The contact's conversation, locked; made if it is their first message."""
    locked = await rows.lock_of_contact(session, inbox.id, inbound.contact)
    if locked is None:
        await begin(context, session, inbox, inbound)
        locked = await rows.lock_of_contact(session, inbox.id, inbound.contact)
    assert locked is not None  # made just now, by us or by another request
    return Thread(context, session, locked)


async def begin(context: Context, session: AsyncSession, inbox: InboxView, inbound: Inbound) -> None:
    """Make contact and conversation, unless another request is doing just that."""
    now = context.clock()
    insert = _INSERT[context.database.is_sqlite]
    await session.execute(
        insert(Contact)
        .values(
            id=new_id(),
            inbox_id=inbox.id,
            external_id=inbound.contact,
            name=inbound.name,
            locale=inbound.locale,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    contact_id = await session.scalar(
        select(Contact.id).where(Contact.inbox_id == inbox.id, Contact.external_id == inbound.contact)
    )
    await session.execute(
        insert(Conversation)
        .values(id=new_id(), contact_id=contact_id, inbox_id=inbox.id, locale=inbound.locale, created_at=now)
        .on_conflict_do_nothing()
    )


async def _know_customer(thread: Thread, inbound: Inbound) -> None:
    """Take over what the channel knows of the person. A contact once linked to a customer stays so."""
    contact, row = thread.contact, thread.row
    if inbound.customer_id is not None and contact.customer_id not in (None, inbound.customer_id):
        raise Forbidden("identity_other")
    name, locale = inbound.name or contact.name, inbound.locale or contact.locale
    if inbound.customer_id is not None and contact.customer_id is None:
        # Just now proven to be somebody: the shop knows their name and how they write money and dates.
        customer = await profiles.get(thread.session, inbound.customer_id)
        if customer is not None:
            name, locale = name or customer.name, locale or customer.locale
    known = replace(contact, customer_id=inbound.customer_id or contact.customer_id, name=name, locale=locale)
    row.customer_id, row.locale = known.customer_id or row.customer_id, locale or row.locale
    if known != contact:
        thread.contact = known
        await thread.session.execute(
            update(Contact)
            .where(Contact.id == contact.id)
            .values(customer_id=known.customer_id, name=known.name, locale=known.locale)
            .execution_options(synchronize_session=False)
        )


async def _title(thread: Thread, session: AsyncSession, inbox: InboxView, payload: str) -> str:
    """The words on the button with this payload; only what was offered here can be tapped."""
    row = thread.row
    for button in inbox.options.get("buttons", []):
        if button.get("payload") == payload:
            return str(button["title"])
    offers = await session.scalars(
        select(Message.rich)
        .where(Message.conversation_id == row.id, Message.sender.in_(("bot", "system")), ~Message.private)
        .order_by(Message.number.desc())
        .limit(OFFERS_KEPT)
    )
    for rich in offers:
        cards = rich.get("cards", [])
        for button in [*rich.get("buttons", []), *(b for card in cards for b in card.get("buttons", []))]:
            if button.get("payload") == payload:
                return str(button.get("title") or "")
    if payload == ASK_PERSON:
        return thread.context.texts.say("widget.ask_person", row.language or row.locale)
    raise Invalid("unknown_payload")


async def _store(thread: Thread, message: MessageView, inbound: Inbound) -> bool:
    """Insert the message; False if it is there already."""
    handled = thread.now if thread.row.status in PEOPLE else None
    values = message_row(
        message,
        handled,
        inbox_id=thread.inbox.id if inbound.external_id else None,
        external_id=inbound.external_id,
    )
    statement = _STORE[thread.context.database.is_sqlite]
    return (await thread.session.execute(statement, [values])).first() is not None


async def _again(thread: Thread, inbound: Inbound) -> Taken:
    """The receipt of the first arrival. An id that another contact used is no proof of anything."""
    session, row = thread.session, thread.row
    same = []
    if inbound.external_id:
        same.append((Message.inbox_id == thread.inbox.id) & (Message.external_id == inbound.external_id))
    if inbound.client_id:
        same.append((Message.conversation_id == row.id) & (Message.client_id == inbound.client_id))
    found = (
        await session.execute(
            select(Message, Agent).outerjoin(Agent, Agent.id == Message.agent_id).where(or_(*same))
        )
    ).first()
    if found is None or found[0].conversation_id != row.id or found[0].sender != "customer":
        raise Conflict("id_taken")
    message = found[0]
    return Taken(
        reading.message_view(message, None), await view(thread), True, message.handled_at is not None
    )

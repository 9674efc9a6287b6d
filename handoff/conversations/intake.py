"""A customer's messages come in: one transaction stores them and settles who is to answer.

Contact and conversation are found or made (unique constraints settle parallel first messages),
the message gets its number, a second arrival of it changes nothing, and either the turn is
taken or the message is left to people. After the commit it is acknowledged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers import profiles
from actions.db import new_id
from handoff.agents.models import Agent
from handoff.conversations import codes, hygiene, reading, rows
from handoff.conversations.batch import Batch, one_turn
from handoff.conversations.context import Context
from handoff.conversations.drafting import drafted, with_files
from handoff.conversations.events import CustomerWrote
from handoff.conversations.inbound import Inbound
from handoff.conversations.lifecycle import PEOPLE
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.thread import Thread, message_row
from handoff.conversations.views import ConversationView, InboxView, MessageView
from handoff.errors import Conflict, Forbidden, Invalid

FILES_LIMIT = 20  # of one message


_INSERT: dict[bool, Any] = {True: sqlite_insert, False: postgres_insert}  # by whether it is SQLite
# Made once: building a statement anew costs about as much as running it.
_STORE = {
    sqlite: make(Message.__table__).on_conflict_do_nothing().returning(Message.__table__.c.id)
    for sqlite, make in _INSERT.items()
}
_CONTACT = {sqlite: make(Contact.__table__).on_conflict_do_nothing() for sqlite, make in _INSERT.items()}
_TALK = {sqlite: make(Conversation.__table__).on_conflict_do_nothing() for sqlite, make in _INSERT.items()}
_WHO = select(Contact.id, Contact.conversation_id).where(
    Contact.inbox_id == bindparam("inbox"), Contact.external_id == bindparam("contact")
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: a turn to run (``batch``), or nothing more to do here."""

    message: MessageView
    conversation: ConversationView | None = None  # known once the burst is stored
    duplicate: bool = False
    handled: bool = False  # already answered, or with people
    here: bool = False  # a turn of this process answers it
    aside: bool = False  # no word to anybody: a code that was asked for
    batch: Batch | None = None


def cleaned(inbound: Inbound) -> Inbound:
    """The inbound fit to be stored; raises ``Invalid``."""
    if inbound.files or inbound.uploads or inbound.location:
        inbound = replace(inbound, text=(inbound.text or "").strip() or None)
        if inbound.payload is not None:
            raise Invalid("text_or_payload")
    elif (inbound.text is None) == (inbound.payload is None):
        raise Invalid("text_or_payload")
    if len(inbound.uploads) > FILES_LIMIT:
        raise Invalid("too_many_files", limit=FILES_LIMIT)
    return replace(
        inbound,
        contact=hygiene.clean_id(inbound.contact, "contact"),
        text=None if inbound.text is None else hygiene.clean_text(inbound.text),
        payload=None if inbound.payload is None else hygiene.clean_payload(inbound.payload),
        external_id=None if inbound.external_id is None else hygiene.clean_id(inbound.external_id, "id"),
        client_id=None if inbound.client_id is None else hygiene.clean_id(inbound.client_id, "client_id", 64),
        name=hygiene.clean_name(inbound.name),
        locale=hygiene.clean_locale(inbound.locale),
        title=hygiene.clean_name(inbound.title),
        files=inbound.files[:FILES_LIMIT],
    )


async def take_in(context: Context, inbox: InboxView, inbounds: Sequence[Inbound]) -> list[Taken]:
    """Store cleaned messages of one contact, in order, as one burst; raises ``Invalid``
    (unknown_payload, unknown_file), ``Conflict`` (id_taken), ``Forbidden`` (identity_other)."""
    async with context.database.write() as session:
        thread = await thread_of(context, session, inbox, inbounds[0])
        taken = [await _one(thread, inbound) for inbound in inbounds]
        fresh = [one.message for one in taken if not one.duplicate and not one.aside]
        if not fresh:
            if not all(one.duplicate for one in taken):
                await thread.close()
            return taken
        snoozed, agent_id = thread.row.status == "snoozed", thread.row.agent_id
        free = snoozed and agent_id is not None and await context.presence.free(session, agent_id)
        await thread.step(CustomerWrote(agent_free=free))
        row = thread.row
        batch = None
        if thread.turn:
            turn = one_turn(fresh)
            thread.renew_turn(turn[-1].number)
            batch = Batch.of(row, inbox.channel, turn)
        await thread.close()
        here, handled = row.turn_owner == context.holder.token, row.status in PEOPLE
        answered = {message.id for message in batch.messages} if batch else set()
        return [
            one
            if one.duplicate or one.aside
            else replace(
                one,
                conversation=thread.seen,
                handled=handled,
                here=here,
                batch=batch if one.message.id in answered else None,
            )
            for one in taken
        ]


async def _one(thread: Thread, inbound: Inbound) -> Taken:
    """Store one message; the second arrival of one changes nothing."""
    await _know_customer(thread, inbound)
    words = inbound.text or inbound.title  # a link's code may come with a tap
    code = await codes.heard(thread, words) if words else None
    if code:
        inbound = replace(inbound, text=code.text, payload=None, title=None)
    message = await drafted(thread, inbound)
    if not await store(thread, message, inbound.external_id, aside=code is not None):
        return await _again(thread, inbound)
    thread.keep(message)
    message = await with_files(thread, message, inbound)
    thread.row.last_customer_at = thread.now
    return Taken(message, handled=code is not None, aside=code is not None)


async def thread_of(context: Context, session: AsyncSession, inbox: InboxView, inbound: Inbound) -> Thread:
    """The thread in which the contact talks, locked; made if it is their first message."""
    while True:
        locked = await rows.lock_of_contact(session, inbox.id, inbound.contact)
        if locked is None:
            await begin(context, session, inbox, inbound)
        elif locked.row.merged_into is None:
            thread = Thread(context, session, locked)
            thread.use(locked.contact, locked.inbox)
            return thread


async def begin(context: Context, session: AsyncSession, inbox: InboxView, inbound: Inbound) -> None:
    """Make contact and conversation, unless another request is doing just that."""
    sqlite = context.database.is_sqlite
    values = {"inbox_id": inbox.id, "locale": inbound.locale, "created_at": context.clock()}
    contact = {
        "id": new_id(),
        "conversation_id": new_id(),
        "external_id": inbound.contact,
        "name": inbound.name,
    }
    await session.execute(_CONTACT[sqlite], [contact | values])
    who = {"inbox": inbox.id, "contact": inbound.contact}
    contact_id, conversation_id = (await session.execute(_WHO, who)).one()
    talk = {"id": conversation_id, "contact_id": contact_id}
    await session.execute(_TALK[sqlite], [talk | values])


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


async def store(
    thread: Thread, message: MessageView, external_id: str | None, *, aside: bool = False
) -> bool:
    """Insert the message; False if it is there already. ``aside``: it is no word to the bot."""
    handled = thread.now if aside or thread.row.status in PEOPLE else None
    inbox_id = thread.inbox.id if external_id else None
    values = message_row(message, handled, inbox_id=inbox_id, external_id=external_id)
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
    return Taken(reading.message_view(message, None), None, True, message.handled_at is not None)

"""One person, many channels: two threads become one, only with proof, and can be parted again.

The thread that is given up keeps its messages and points to the one in which the talk goes on;
its contacts talk there from now on, and the answer goes to whichever was used last.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import new_id
from handoff.channels.models import Inbox
from handoff.conversations import events, rows
from handoff.conversations.context import Context
from handoff.conversations.lifecycle import PEOPLE
from handoff.conversations.models import Contact, Conversation, Link, Message
from handoff.conversations.reading import message_view
from handoff.conversations.thread import Thread
from handoff.conversations.views import ContactView, InboxView
from handoff.errors import Conflict, NotFound


async def join(
    context: Context, here_id: str, other_id: str, *, proof: str, agent_id: str | None = None
) -> str:
    """Make one thread of two; returns the id of the one that goes on.

    ``here_id`` is where the proof was given; ``proof``: identity, code or agent. People keep the
    talk they have, else the talk of the moment goes on, unless nothing has been said in it.
    Raises ``Conflict``: other_customer (both are known, as two persons), both_with_people, busy
    (the bot is about to answer in the one to be given up), moved_on; and ``NotFound``.
    """
    if here_id == other_id:
        return here_id
    async with context.database.write() as session:
        threads = await _both(context, session, here_id, other_id)
        keep, give = _which(threads[here_id], threads[other_id])
        _check(keep, give)
        await give.step(events.Merged())
        await _move(keep, give, proof, agent_id)
        await give.close()
        await keep.close()
    return keep.row.id


async def proven(context: Context, contact_id: str) -> str:
    """A contact whose person is proven joins the person's thread, if there is another; returns the
    thread it talks in. What cannot be joined now stays as it is."""
    async with context.database.read() as session:
        contact = await session.get_one(Contact, contact_id)
        other = None
        if contact.customer_id is not None:
            other = await session.scalar(
                select(Conversation.id)
                .join(Contact, Contact.conversation_id == Conversation.id)
                .where(Contact.customer_id == contact.customer_id, Conversation.id != contact.conversation_id)
                .order_by(Conversation.last_message_at.desc().nulls_last())
                .limit(1)
            )
    if other is None:
        return contact.conversation_id
    try:
        return await join(context, contact.conversation_id, other, proof="identity")
    except Conflict:
        return contact.conversation_id


async def part(context: Context, link_id: str, agent_id: str) -> None:
    """Undo a joining: the contact goes back to its own thread, and with it what was said to and by it
    since. Raises ``NotFound``, ``Conflict`` (undone, moved_on)."""
    async with context.database.write() as session:
        link = await session.get(Link, link_id, with_for_update=True)
        if link is None:
            raise NotFound("link_unknown")
        contact = await session.get_one(Contact, link.contact_id)
        if link.undone_at is not None:
            raise Conflict("undone")
        if contact.conversation_id != link.into_id:
            raise Conflict("moved_on")
        threads = await _both(context, session, link.from_id, link.into_id)
        own, joint = threads[link.from_id], threads[link.into_id]
        link.undone_at, link.undone_by = own.now, agent_id
        contact.conversation_id = own.row.id
        await session.flush()
        await _take_along(own, joint, link, contact)
        await _leave(joint, contact.id)
        own.row.merged_into, own.row.customer_id = None, contact.customer_id
        own.row.contact_id, own.row.inbox_id = contact.id, contact.inbox_id
        joint.note("threads_parted", channel=own.inbox.name, conversation=own.row.id)
        joint.journal("Parted", agent_id, link=link.id)
        own.journal("Parted", agent_id, link=link.id)
        await own.close()
        await joint.close()


async def _both(context: Context, session: AsyncSession, *ids: str) -> dict[str, Thread]:
    """Both locked, in one order for everybody."""
    threads = {}
    for id_ in sorted(ids):
        locked = await rows.lock(session, id_)
        if locked is None:
            raise NotFound("conversation_unknown")
        threads[id_] = Thread(context, session, locked)
    return threads


def _which(here: Thread, other: Thread) -> tuple[Thread, Thread]:
    """Which one goes on, and which one is given up."""
    if other.row.status in PEOPLE and here.row.status not in PEOPLE:
        return other, here
    if here.row.status not in PEOPLE and not here.row.last_number:
        return other, here
    return here, other


def _check(keep: Thread, give: Thread) -> None:
    if keep.row.merged_into or give.row.merged_into:
        raise Conflict("moved_on")
    if keep.row.customer_id and give.row.customer_id and keep.row.customer_id != give.row.customer_id:
        raise Conflict("other_customer")
    if give.row.status in PEOPLE:
        raise Conflict("both_with_people")
    if give.row.turn_owner is not None:
        raise Conflict("busy")


async def _move(keep: Thread, give: Thread, proof: str, agent_id: str | None) -> None:
    session, row = keep.session, keep.row
    contacts = list(await session.scalars(select(Contact.id).where(Contact.conversation_id == give.row.id)))
    session.add_all(
        Link(
            contact_id=contact_id,
            from_id=give.row.id,
            into_id=row.id,
            proof=proof,
            agent_id=agent_id,
            at=keep.now,
        )
        for contact_id in contacts
    )
    await session.execute(
        update(Contact)
        .where(Contact.conversation_id == give.row.id)
        .values(conversation_id=row.id)
        .execution_options(synchronize_session=False)
    )
    give.row.merged_into = row.id
    row.also = sorted({*row.also, *contacts} - {row.contact_id})
    row.customer_id = row.customer_id or give.row.customer_id
    row.locale, row.language = row.locale or give.row.locale, row.language or give.row.language
    keep.note("threads_joined", channel=give.inbox.name, conversation=give.row.id, count=give.row.last_number)
    keep.journal("Joined", agent_id, other=give.row.id, proof=proof)
    give.journal("Joined", agent_id, into=row.id, proof=proof)


async def _take_along(own: Thread, joint: Thread, link: Link, contact: Contact) -> None:
    """What was said to and by the contact since the joining is copied to its own thread; in the joint
    one it stays for the desk's eyes only."""
    session = joint.session
    found = list(
        await session.scalars(
            select(Message)
            .where(
                Message.conversation_id == joint.row.id,
                Message.contact_id == contact.id,
                Message.created_at >= link.at,
                Message.private.is_(False),
            )
            .order_by(Message.number)
        )
    )
    for message in found:
        own.row.last_number += 1
        own.row.last_message_at = message.created_at
        copy = Message(
            **{
                column.key: getattr(message, column.key)
                for column in Message.__table__.columns
                if column.key not in ("id", "conversation_id", "number", "client_id", "epoch", "handled_at")
            }
        )
        copy.id, copy.conversation_id, copy.number = new_id(), own.row.id, own.row.last_number
        copy.epoch, copy.handled_at = own.row.epoch, own.now
        message.private, message.external_id, message.inbox_id = True, None, None
        message.handled_at = message.handled_at or joint.now
        message.rich = message.rich | {"moved": own.row.id}
        await session.flush()  # the id on the channel is free for the copy now
        session.add(copy)
        await session.flush()
        joint.changed.append(message_view(message, None))


async def _leave(joint: Thread, contact_id: str) -> None:
    """The joint thread without the contact: who is it now, and where do answers go?"""
    session, row = joint.session, joint.row
    left = list(
        await session.scalars(
            select(Contact).where(Contact.conversation_id == row.id).order_by(Contact.created_at)
        )
    )
    if not left:
        raise Conflict("moved_on")
    present = next((one for one in left if one.id == row.contact_id), left[0])
    if row.contact_id == contact_id:
        last = await session.scalar(
            select(Message.contact_id)
            .where(
                Message.conversation_id == row.id,
                Message.sender == "customer",
                Message.contact_id.in_([one.id for one in left]),
            )
            .order_by(Message.number.desc())
            .limit(1)
        )
        present = next((one for one in left if one.id == last), left[0])
        inbox = await _inbox(session, present.inbox_id)
        joint.use(_view(present), inbox)
    row.also = sorted({one.id for one in left} - {present.id})
    row.customer_id = next((one.customer_id for one in left if one.customer_id), None)


def _view(contact: Contact) -> ContactView:
    return ContactView(contact.id, contact.name, contact.customer_id, contact.locale)


async def _inbox(session: AsyncSession, inbox_id: str) -> InboxView:
    found = await session.get_one(Inbox, inbox_id)
    return InboxView(found.id, found.channel, found.name, found.options)

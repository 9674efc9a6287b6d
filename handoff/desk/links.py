"""HTTP of the desk: the other channels of a person, joined with proof and parted again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers.models import Customer
from actions.db import Database
from handoff.agents.models import Agent
from handoff.channels.models import Inbox
from handoff.conversations import codes, joining
from handoff.conversations.models import Contact, Conversation, Link
from handoff.conversations.service import Conversations
from handoff.conversations.views import iso
from handoff.desk import sight
from handoff.desk.access import Door
from handoff.errors import NotFound

ID = r"^[A-Za-z0-9_-]{1,32}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
SHOWN = 5  # candidates
LATELY = timedelta(days=365)
SEEN = 4  # characters of a contact's id on the channel that are shown


class OtherContact(BaseModel):
    model_config = ConfigDict(extra="forbid")
    contact_id: Id


class OtherTalk(BaseModel):
    model_config = ConfigDict(extra="forbid")
    conversation_id: Id


def router(*, database: Database, conversations: Conversations, door: Door) -> APIRouter:
    api = APIRouter(prefix="/api/desk/conversations/{id}/links", tags=["desk"])
    context = conversations.context

    async def seen(id: Id, agent: Agent = Depends(door.agent)) -> Agent:
        async with database.read() as session:
            await sight.need(session, agent, id)
        return agent

    @api.get("")
    async def links(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        """The contacts of the thread, how they came together, and who may be the same person."""
        async with database.read() as session:
            row = await session.get_one(Conversation, id)
            return {
                "contacts": await _contacts(session, row),
                "links": await _links(session, id),
                "candidates": await _candidates(session, row, agent, context.clock() - LATELY),
            }

    @api.post("/code")
    async def code(id: Id, body: OtherContact, agent: Agent = Depends(seen)) -> dict[str, Any]:
        """Send a code to the other channel, and ask for it here."""
        async with database.read() as session:
            other = await session.get(Contact, body.contact_id)
            if other is None:
                raise NotFound("contact_unknown")
            await sight.need(session, agent, other.conversation_id)
        await codes.send(context, id, body.contact_id, agent.id)
        return {}

    @api.post("/merge")
    async def merge(id: Id, body: OtherTalk, agent: Agent = Depends(seen)) -> dict[str, Any]:
        """The agent vouches that both are one person; returns where the talk goes on."""
        async with database.read() as session:
            await sight.need(session, agent, body.conversation_id)
        kept = await joining.join(context, id, body.conversation_id, proof="agent", agent_id=agent.id)
        return {"conversation_id": kept}

    @api.post("/{link}/undo")
    async def undo(id: Id, link: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        async with database.read() as session:
            found = await session.get(Link, link)
        if found is None or found.into_id != id:
            raise NotFound("link_unknown")
        await joining.part(context, link, agent.id)
        return {}

    return api


def _shown(contact: Contact, inbox: Inbox, **more: Any) -> dict[str, Any]:
    handle = contact.external_id
    return {
        "id": contact.id,
        "channel": inbox.channel,
        "inbox": inbox.name,
        "name": contact.name,
        "handle": f"…{handle[-SEEN:]}" if len(handle) > SEEN else handle,
        **more,
    }


async def _contacts(session: AsyncSession, row: Conversation) -> list[dict[str, Any]]:
    found = await session.execute(
        select(Contact, Inbox)
        .join(Inbox, Inbox.id == Contact.inbox_id)
        .where(Contact.conversation_id == row.id)
        .order_by(Contact.created_at)
    )
    return [_shown(contact, inbox, current=contact.id == row.contact_id) for contact, inbox in found]


async def _links(session: AsyncSession, id_: str) -> list[dict[str, Any]]:
    found = await session.execute(
        select(Link, Contact, Inbox, Agent.name)
        .join(Contact, Contact.id == Link.contact_id)
        .join(Inbox, Inbox.id == Contact.inbox_id)
        .outerjoin(Agent, Agent.id == Link.agent_id)
        .where(Link.into_id == id_)
        .order_by(Link.at.desc())
    )
    return [
        {
            "id": link.id,
            "contact": _shown(contact, inbox),
            "from": link.from_id,
            "proof": link.proof,
            "agent": agent,
            "at": iso(link.at),
            "undone_at": iso(link.undone_at),
        }
        for link, contact, inbox, agent in found
    ]


async def _candidates(
    session: AsyncSession, row: Conversation, agent: Agent, since: Any
) -> list[dict[str, Any]]:
    """Contacts of other threads that may be this person, with the reason: the same customer, the number
    in the customer's profile, the same name. None of these is proof."""
    mine = list(await session.scalars(select(Contact).where(Contact.conversation_id == row.id)))
    reasons: list[tuple[str, ColumnElement[bool]]] = []
    if row.customer_id:
        reasons.append(("customer", Contact.customer_id == row.customer_id))
        phone = await session.scalar(select(Customer.phone).where(Customer.id == row.customer_id))
        if digits := "".join(filter(str.isdigit, phone or "")):
            reasons.append(("phone", Contact.external_id.in_((digits, f"+{digits}"))))
    names = {one.name.strip().lower() for one in mine if one.name}
    if names:
        reasons.append(("name", func.lower(Contact.name).in_(names)))
    if not reasons:
        return []
    found = await session.execute(
        select(Contact, Inbox, Conversation.id, Conversation.last_message_at, *(rule for _, rule in reasons))
        .join(Inbox, Inbox.id == Contact.inbox_id)
        .join(Conversation, Conversation.id == Contact.conversation_id)
        .where(
            Conversation.id != row.id,
            Conversation.merged_into.is_(None),
            Conversation.last_message_at >= since,
            *(
                [or_(Conversation.customer_id.is_(None), Conversation.customer_id == row.customer_id)]
                if row.customer_id
                else []
            ),
            or_(*(rule for _, rule in reasons)),
            sight.visible_to(agent),
        )
        .order_by(Conversation.last_message_at.desc())
        .limit(SHOWN)
    )
    return [
        {
            "conversation_id": id_,
            "contact": _shown(contact, inbox),
            "why": next(name for (name, _), holds in zip(reasons, rules, strict=True) if holds),
            "last_message_at": iso(at),
        }
        for contact, inbox, id_, at, *rules in found
    ]

"""What was said around an utterance where it was last written, with nothing personal in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers.models import Customer
from handoff.agents.models import Agent
from handoff.conversations.models import Contact, Conversation, Message
from handoff.workbench.gathering.masking import mask

AROUND = 3  # messages before and after


async def around(
    session: AsyncSession, conversation_id: str | None, number: int | None
) -> list[dict[str, Any]]:
    """``[{sender, text, this}]``; empty when the talk is gone. Notes are the desk's own and stay there."""
    if conversation_id is None or number is None:
        return []
    found = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.number.between(number - AROUND, number + AROUND),
            Message.private.is_(False),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.number)
    )
    names = (await known_names(session, [conversation_id])).get(conversation_id, [])
    return [
        {"sender": row.sender, "text": mask(row.text, names).text, "this": row.number == number}
        for row in found
        if row.text
    ]


async def known_names(session: AsyncSession, conversations: list[str]) -> dict[str, list[str]]:
    """By conversation, the names of the people who talk there: contact, customer, agents."""
    names: dict[str, list[str]] = {id: [] for id in conversations}
    people = await session.execute(
        select(Conversation.id, Contact.name, Customer.name)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .where(Conversation.id.in_(conversations))
    )
    for id, contact, customer in people:
        names[id] += [name for name in (contact, customer) if name]
    agents = await session.execute(
        select(Message.conversation_id, Agent.name)
        .join(Agent, Agent.id == Message.agent_id)
        .where(Message.conversation_id.in_(conversations))
        .distinct()
    )
    for id, name in agents:
        names[id].append(name)
    return names

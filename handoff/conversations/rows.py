"""A conversation's row in a transaction: read and written by plain statements.

Every turn of the bot comes through here twice, and the unit of work of the ORM would cost more
than all else that is done; elsewhere the models serve.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation
from handoff.conversations.views import AgentView, ContactView, InboxView


@dataclass(slots=True)
class ConversationRow:
    """What may change of a conversation, and what names it (columns of :class:`Conversation`)."""

    id: str
    contact_id: str
    inbox_id: str
    also: list[str]
    merged_into: str | None
    customer_id: str | None
    status: str
    epoch: int
    agent_id: str | None
    language: str | None
    locale: str | None
    last_number: int
    last_message_at: datetime | None
    last_customer_at: datetime | None
    read_by_customer: int
    read_by_agent: int
    queued_at: datetime | None
    snoozed_until: datetime | None
    reason: str | None
    memory: dict[str, Any]
    bot_state: dict[str, Any]
    turn_owner: str | None
    turn_until: datetime | None
    turn_number: int
    away_from: int | None


class Locked(NamedTuple):
    """A conversation, locked until the end of the transaction, with who takes part."""

    row: ConversationRow
    contact: ContactView
    agent: AgentView | None
    inbox: InboxView


_CONVERSATION, _CONTACT = Conversation.__table__, Contact.__table__
_AGENT, _INBOX = Agent.__table__, Inbox.__table__
COLUMNS = tuple(field.name for field in fields(ConversationRow))
_WIDTH = len(COLUMNS)


def _select(whose: Any) -> Any:
    return (
        select(
            *(_CONVERSATION.c[name] for name in COLUMNS),
            *(_CONTACT.c[name] for name in ("id", "name", "customer_id", "locale")),
            _AGENT.c.name,
            *(_INBOX.c[name] for name in ("id", "channel", "name", "options")),
        )
        .select_from(_CONVERSATION)
        .join(_CONTACT, whose)
        .join(_INBOX, _INBOX.c.id == _CONTACT.c.inbox_id)
        .outerjoin(_AGENT, _AGENT.c.id == _CONVERSATION.c.agent_id)
        .with_for_update(of=_CONVERSATION)
    )


# With the contact that answers go to; and the thread in which a contact talks, with that contact.
_BY_ID = _select(_CONTACT.c.id == _CONVERSATION.c.contact_id).where(_CONVERSATION.c.id == bindparam("id"))
_OF_CONTACT = _select(_CONTACT.c.conversation_id == _CONVERSATION.c.id).where(
    _CONTACT.c.inbox_id == bindparam("inbox"), _CONTACT.c.external_id == bindparam("contact")
)


async def lock(session: AsyncSession, conversation_id: str) -> Locked | None:
    return _locked((await session.execute(_BY_ID, {"id": conversation_id})).first())


async def lock_of_contact(session: AsyncSession, inbox_id: str, external_id: str) -> Locked | None:
    whose = {"inbox": inbox_id, "contact": external_id}
    return _locked((await session.execute(_OF_CONTACT, whose)).first())


async def save(session: AsyncSession, before: ConversationRow, row: ConversationRow) -> ConversationRow:
    """Write what differs; returns a copy of what is stored now."""
    values = {name: getattr(row, name) for name in COLUMNS}
    changed = tuple(name for name in COLUMNS if values[name] != getattr(before, name))
    if changed:
        bound = {f"new_{name}": values[name] for name in changed}
        await session.execute(_update(changed), {"which": row.id, **bound})
    return copy(row)


@cache
def _update(columns: tuple[str, ...]) -> Update:
    values: dict[Any, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(_CONVERSATION).where(_CONVERSATION.c.id == bindparam("which")).values(values)  # type: ignore[arg-type]


def _locked(found: Any) -> Locked | None:
    if found is None:
        return None
    row = ConversationRow(*found[:_WIDTH])
    contact_id, name, customer_id, locale, agent, inbox_id, channel, inbox, options = found[_WIDTH:]
    return Locked(
        row,
        ContactView(contact_id, name, customer_id, locale),
        AgentView(row.agent_id, agent) if row.agent_id else None,
        InboxView(inbox_id, channel, inbox, options),
    )

"""Reading conversations and messages as views, for the desk, the widget and the REST inbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.rows import ConversationRow
from handoff.conversations.views import AgentView, ContactView, ConversationView, InboxView, MessageView
from handoff.errors import NotFound

_last = aliased(Message)


def _unread() -> Any:
    """Of interest only while people have the talk."""
    counted = (
        select(func.count())
        .where(
            Message.conversation_id == Conversation.id,
            Message.sender == "customer",
            Message.number > Conversation.read_by_agent,
        )
        .correlate(Conversation)
        .scalar_subquery()
    )
    return case((Conversation.status.in_(("bot", "resolved")), 0), else_=counted)


def _position() -> Any:
    """One-based place in the queue, whoever asks; meaningful for queued conversations only."""
    ahead = aliased(Conversation)
    return (
        select(func.count() + 1)
        .where(
            ahead.status == "queued",
            or_(
                ahead.queued_at < Conversation.queued_at,
                (ahead.queued_at == Conversation.queued_at) & (ahead.id < Conversation.id),
            ),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )


def conversations(*where: ColumnElement[bool]) -> Select[Any]:
    """The statement behind :func:`list_views`; add order and limit to taste."""
    return (
        select(Conversation, Contact, Inbox, Agent, _last, _unread(), _position())
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Inbox, Inbox.id == Contact.inbox_id)
        .outerjoin(Agent, Agent.id == Conversation.agent_id)
        .outerjoin(
            _last, (_last.conversation_id == Conversation.id) & (_last.number == Conversation.last_number)
        )
        .where(*where)
    )


async def list_views(session: AsyncSession, statement: Select[Any]) -> list[ConversationView]:
    """Run a statement made by :func:`conversations`."""
    return [
        conversation_view(
            conversation,
            contact,
            inbox,
            agent,
            queue_position=position,
            unread=unread,
            last_message=message_view(last, agent) if last else None,
        )
        for conversation, contact, inbox, agent, last, unread, position in await session.execute(statement)
    ]


async def view(session: AsyncSession, conversation_id: str) -> ConversationView:
    found = await list_views(session, conversations(Conversation.id == conversation_id))
    if not found:
        raise NotFound("conversation_unknown")
    return found[0]


async def position(session: AsyncSession, conversation_id: str) -> int | None:
    """One-based place in the queue, None when it does not wait."""
    statement = select(_position()).where(Conversation.id == conversation_id, Conversation.status == "queued")
    found: int | None = await session.scalar(statement)
    return found


async def messages(
    session: AsyncSession,
    conversation_id: str,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 100,
    private: bool = False,
) -> list[MessageView]:
    """Messages in order of number: the first ``limit`` after ``after``, or, without it, the last
    ``limit`` (before ``before``)."""
    statement = (
        select(Message, Agent)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .where(Message.conversation_id == conversation_id)
    )
    if not private:
        statement = statement.where(Message.private.is_(False))
    if before is not None:
        statement = statement.where(Message.number < before)
    if after is not None:
        statement = statement.where(Message.number > after).order_by(Message.number)
    else:
        statement = statement.order_by(Message.number.desc())
    rows = [message_view(message, agent) for message, agent in await session.execute(statement.limit(limit))]
    return rows[::-1] if after is None else rows


def message_view(message: Message, agent: Agent | None) -> MessageView:
    """``agent`` is the author's row if it was loaded; another's row is ignored."""
    author = AgentView(agent.id, agent.name) if agent and agent.id == message.agent_id else None
    return MessageView(
        id=message.id,
        conversation_id=message.conversation_id,
        number=message.number,
        sender=message.sender,
        text=message.text,
        created_at=message.created_at,
        author=author,
        rich=message.rich,
        payload=message.payload,
        client_id=message.client_id,
        private=message.private,
        epoch=message.epoch,
        understanding=message.understanding,
        contact_id=message.contact_id,
        sent_at=message.sent_at,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
    )


def conversation_view(
    row: Conversation | ConversationRow,
    contact: Contact | ContactView,
    inbox: Inbox | InboxView,
    agent: Agent | AgentView | None,
    *,
    queue_position: int | None = None,
    unread: int = 0,
    last_message: MessageView | None = None,
) -> ConversationView:
    """A view of what was read, in either form."""
    return ConversationView(
        id=row.id,
        status=row.status,  # type: ignore[arg-type]
        epoch=row.epoch,
        contact=ContactView(contact.id, contact.name, contact.customer_id, contact.locale),
        inbox_id=inbox.id,
        inbox_name=inbox.name,
        channel=inbox.channel,
        last_number=row.last_number,
        read_by_agent=row.read_by_agent,
        read_by_customer=row.read_by_customer,
        agent=AgentView(agent.id, agent.name) if agent else None,
        queue_position=queue_position if row.status == "queued" else None,
        customer_id=row.customer_id,
        locale=row.locale,
        language=row.language,
        reason=row.reason,
        mood=(row.memory or {}).get("mood"),
        queued_at=row.queued_at,
        snoozed_until=row.snoozed_until,
        last_message_at=row.last_message_at,
        unread=unread,
        last_message=last_message,
        also=tuple(row.also),
        last_customer_at=row.last_customer_at,
        merged_into=row.merged_into,
    )

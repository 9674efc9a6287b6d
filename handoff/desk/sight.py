"""What an agent may see and open. The one rule, as a condition of queries and as a question."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.agents.roles import SEES_ALL
from handoff.conversations.models import Conversation, Handoff
from handoff.errors import NotFound
from handoff.realtime.rooms import OPEN_TO_ALL


def visible_to(agent: Agent) -> ColumnElement[bool]:
    """Conversations an agent may read: the queue's, the bot's, the own ones, resolved ones the agent
    had or nobody had, and what became part of one of these; a supervisor reads all."""
    if agent.role in SEES_ALL:
        return true()
    onward = aliased(Conversation)
    return or_(
        _own_right(agent, Conversation),
        exists().where(onward.id == Conversation.merged_into, _own_right(agent, onward)),
    )


def _own_right(agent: Agent, row: type[Conversation]) -> ColumnElement[bool]:
    had = exists().where(Handoff.conversation_id == row.id, Handoff.agent_id == agent.id)
    anybody = exists().where(Handoff.conversation_id == row.id, Handoff.agent_id.is_not(None))
    return or_(
        row.status.in_(OPEN_TO_ALL),
        row.agent_id == agent.id,
        and_(row.status == "resolved", or_(had, ~anybody)),
    )


async def need(session: AsyncSession, agent: Agent, conversation_id: str) -> None:
    """:class:`NotFound` for what does not exist and for what the agent may not see, alike."""
    statement = select(Conversation.id).where(Conversation.id == conversation_id, visible_to(agent))
    if await session.scalar(statement) is None:
        raise NotFound("conversation_unknown")

"""What an agent may see and open. The one rule, as a condition of queries and as a question."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.agents.roles import SEES_ALL
from handoff.conversations.models import Conversation, Handoff
from handoff.errors import NotFound
from handoff.realtime.rooms import OPEN_TO_ALL


def visible_to(agent: Agent) -> ColumnElement[bool]:
    """Conversations an agent may read: the queue's, the bot's, the own ones, and resolved ones
    the agent had or nobody had; a supervisor reads all."""
    if agent.role in SEES_ALL:
        return true()
    had = exists().where(Handoff.conversation_id == Conversation.id, Handoff.agent_id == agent.id)
    anybody = exists().where(Handoff.conversation_id == Conversation.id, Handoff.agent_id.is_not(None))
    return or_(
        Conversation.status.in_(OPEN_TO_ALL),
        Conversation.agent_id == agent.id,
        and_(Conversation.status == "resolved", or_(had, ~anybody)),
    )


async def need(session: AsyncSession, agent: Agent, conversation_id: str) -> None:
    """:class:`NotFound` for what does not exist and for what the agent may not see, alike."""
    statement = select(Conversation.id).where(Conversation.id == conversation_id, visible_to(agent))
    if await session.scalar(statement) is None:
        raise NotFound("conversation_unknown")

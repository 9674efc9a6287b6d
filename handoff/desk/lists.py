"""The lists of the desk: which conversations, in which order, and how many of each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.agents.roles import SEES_ALL
from handoff.conversations import reading
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.views import ConversationView
from handoff.desk.sight import visible_to
from handoff.errors import Invalid

PAGE = 30
VIEWS = ("queue", "mine", "bot", "resolved", "all")


async def page(
    session: AsyncSession, agent: Agent, view: str, q: str = "", before: str | None = None
) -> tuple[list[ConversationView], bool]:
    """A page of a view, and whether more follow. ``before`` is the id of the last row shown.

    The queue begins with who waits longest, every other view with what is newest; ``q`` finds
    names of contacts. :class:`Invalid` for an unknown view.
    """
    if view not in VIEWS:
        raise Invalid("unknown_view")
    queue = view == "queue"
    key = _sort_key(Conversation, queue)
    statement = reading.conversations(_of_view(agent, view), visible_to(agent))
    if q:
        statement = statement.where(Contact.name.icontains(q, autoescape=True))
    if before is not None:
        shown = aliased(Conversation)
        mark = select(_sort_key(shown, queue)).where(shown.id == before).scalar_subquery()
        beyond = key > mark if queue else key < mark
        statement = statement.where(or_(beyond, and_(key == mark, Conversation.id > before)))
    order = key if queue else key.desc()
    found = await reading.list_views(session, statement.order_by(order, Conversation.id).limit(PAGE + 1))
    return found[:PAGE], len(found) > PAGE


async def counts(session: AsyncSession, agent: Agent) -> dict[str, int]:
    """How many conversations each view holds, and ``unread``: own ones with something new."""
    mine = _of_view(agent, "mine")
    unread = and_(
        mine,
        exists().where(
            Message.conversation_id == Conversation.id,
            Message.sender == "customer",
            Message.number > Conversation.read_by_agent,
        ),
    )
    conditions = {view: _of_view(agent, view) for view in VIEWS} | {"unread": unread}
    columns = [
        func.count(case((condition, 1))).label(f"n_{name}")  # "all" alone would be a word of SQL
        for name, condition in conditions.items()
    ]
    row = (await session.execute(select(*columns).where(visible_to(agent)))).one()
    found = dict(zip(conditions, row, strict=True))
    if agent.role not in SEES_ALL:
        del found["all"]
    return found


def _of_view(agent: Agent, view: str) -> ColumnElement[bool]:
    if view == "queue":
        return Conversation.status == "queued"
    if view == "mine":
        return and_(Conversation.agent_id == agent.id, Conversation.status.in_(("assigned", "snoozed")))
    talked = Conversation.last_number > 0  # an opened widget alone is no talk
    if view == "all":
        return talked
    return and_(Conversation.status == view, talked)


def _sort_key(table: Any, queue: bool) -> ColumnElement[Any]:
    return table.queued_at if queue else func.coalesce(table.last_message_at, table.created_at)

"""The lists of the desk: which conversations, in which order, and how many of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.agents.models import Agent
from handoff.agents.roles import SEES_ALL
from handoff.channels.models import Inbox
from handoff.conversations import reading
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.views import ConversationView
from handoff.desk.sight import visible_to
from handoff.errors import Invalid

PAGE = 30
VIEWS = ("queue", "mine", "bot", "elsewhere", "resolved", "all")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to: names of contacts, a kind of channel, one inbox."""

    q: str = ""
    channel: str | None = None
    inbox: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Of a statement by :func:`handoff.conversations.reading.conversations`."""
        found = []
        if self.q:
            found.append(Contact.name.icontains(self.q, autoescape=True))
        if self.channel:
            found.append(Inbox.channel == self.channel)
        if self.inbox:
            found.append(Inbox.id == self.inbox)
        return found


async def page(
    session: AsyncSession, agent: Agent, view: str, wanted: Filter = Filter(), before: str | None = None
) -> tuple[list[ConversationView], bool]:
    """A page of a view, and whether more follow. ``before`` is the id of the last row shown.

    The queue begins with who waits longest, every other view with what is newest. What goes on in
    another thread (merged) is in none. :class:`Invalid` for an unknown view.
    """
    if view not in VIEWS:
        raise Invalid("unknown_view")
    queue = view == "queue"
    key = _sort_key(Conversation, queue)
    statement = reading.conversations(_of_view(agent, view), visible_to(agent), *wanted.conditions())
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
    here = Conversation.merged_into.is_(None)
    if view == "queue":
        return and_(here, Conversation.status == "queued")
    if view == "mine":
        own = and_(Conversation.agent_id == agent.id, Conversation.status.in_(("assigned", "snoozed")))
        return and_(here, own)
    talked = and_(here, Conversation.last_number > 0)  # an opened widget alone is no talk
    return talked if view == "all" else and_(Conversation.status == view, talked)


def _sort_key(table: Any, queue: bool) -> ColumnElement[Any]:
    return table.queued_at if queue else func.coalesce(table.last_message_at, table.created_at)

"""Who is there: the availability an agent chose, and the last sign of life of the agent's desk.

Both live in the database, so that every gateway sees the same team; a gateway reports the
agents whose desks are connected to it every :data:`BEAT`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database
from actions.db import now as utc_now
from handoff.agents.models import Agent
from handoff.agents.roles import DESK
from handoff.assignment import load
from handoff.conversations.models import Conversation
from handoff.errors import Invalid

AVAILABILITIES = ("online", "away")
BEAT = timedelta(seconds=10)
PRESENT_FOR = timedelta(seconds=30)  # three missed beats: gets no new conversation
LOST_AFTER = timedelta(seconds=90)  # the conversations go back to the queue


@dataclass(frozen=True, slots=True)
class Stranded:
    """A conversation whose agent is gone."""

    conversation_id: str
    epoch: int
    agent_id: str


def is_present(agent: Agent, at: datetime) -> bool:
    """Online by choice and seen just now."""
    return agent.availability == "online" and agent.seen_at is not None and agent.seen_at > at - PRESENT_FOR


def as_json(agent: Agent, at: datetime) -> dict[str, Any]:
    """An agent as the desks show one."""
    return {
        "id": agent.id,
        "name": agent.name,
        "role": agent.role,
        "languages": list(agent.languages),
        "availability": agent.availability,
        "present": is_present(agent, at),
        "load": agent.load,
        "capacity": agent.capacity,
    }


class Presence:
    """Signs of life, chosen availability, and what follows when an agent is lost."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def seen(self, agent_ids: Collection[str]) -> None:
        """These agents' desks are connected now."""
        if agent_ids:
            async with self._database.write() as session:
                await load.hold(session, agent_ids)
                await session.execute(
                    update(Agent).where(Agent.id.in_(agent_ids)).values(seen_at=self._clock())
                )

    async def left(self, agent_id: str) -> None:
        """The agent's last desk here was closed: nothing new is given meanwhile, nothing is taken away yet.

        Should another gateway have a desk of this agent, its next beat says so.
        """
        gone = self._clock() - PRESENT_FOR
        async with self._database.write() as session:
            await session.execute(
                update(Agent).where(Agent.id == agent_id, Agent.seen_at > gone).values(seen_at=gone)
            )

    async def choose(self, agent_id: str, availability: str) -> None:
        """The agent's own choice; :class:`Invalid` for an unknown word."""
        if availability not in AVAILABILITIES:
            raise Invalid("unknown_availability")
        async with self._database.write() as session:
            await session.execute(update(Agent).where(Agent.id == agent_id).values(availability=availability))

    async def team(self) -> list[dict[str, Any]]:
        """Everybody who may have conversations, by name, as the desks show them."""
        everybody = select(Agent).where(Agent.role.in_(DESK), ~Agent.disabled).order_by(Agent.name, Agent.id)
        at = self._clock()
        async with self._database.read() as session:
            return [as_json(agent, at) for agent in await session.scalars(everybody)]

    async def stranded(self) -> list[Stranded]:
        """Conversations of agents who gave no sign of life for :data:`LOST_AFTER`, or were disabled."""
        cutoff = self._clock() - LOST_AFTER
        async with self._database.read() as session:
            rows = await session.execute(
                select(Conversation.id, Conversation.epoch, Agent.id)
                .join(Agent, Agent.id == Conversation.agent_id)
                .where(
                    Conversation.status == "assigned",
                    or_(Agent.seen_at.is_(None), Agent.seen_at <= cutoff, Agent.disabled),
                )
                .order_by(Conversation.queued_at)
            )
            return [Stranded(*row) for row in rows]


class Duty:
    """What the conversations ask about presence, inside their own transactions."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock

    async def anyone(self, session: AsyncSession) -> bool:
        """Whether somebody is on duty at all, busy or not."""
        return bool(await session.scalar(select(exists().where(*self._present()))))

    async def free(self, session: AsyncSession, agent_id: str) -> bool:
        """Whether this agent is on duty and has room for one more conversation."""
        room = exists().where(*self._present(), Agent.id == agent_id, Agent.load < Agent.capacity)
        return bool(await session.scalar(select(room)))

    def _present(self) -> tuple[ColumnElement[bool], ...]:
        return (
            Agent.availability == "online",
            Agent.seen_at > self._clock() - PRESENT_FOR,
            ~Agent.disabled,
            Agent.role.in_(DESK),
        )

"""Giving waiting conversations to agents: a plan from a snapshot, then one claim after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import select

from actions.db import Database
from actions.db import now as utc_now
from handoff.agents.models import Agent
from handoff.agents.presence import is_present
from handoff.agents.roles import DESK
from handoff.assignment.choice import Candidate, Rules, Waiting, plan
from handoff.conversations.models import Conversation, Handoff
from handoff.errors import Conflict, NotFound

LOOK_AT = 500  # conversations considered at once, the longest waiting ones

log = structlog.get_logger(__name__)


class Claims(Protocol):
    """The claim: conditional updates of conversation and agent in one transaction."""

    async def assign(self, conversation_id: str, agent_id: str, expected_epoch: int) -> object:
        """``Conflict`` if somebody was faster, or the agent has no room or is gone."""


class Assignment:
    """Drains the queue. Several gateways may do so at once: the claim decides."""

    def __init__(
        self,
        database: Database,
        claims: Claims,
        clock: Callable[[], datetime] = utc_now,
        rules: Rules | None = None,
    ) -> None:
        self._database = database
        self._claims = claims
        self._clock = clock
        self._rules = rules or Rules()
        self._turn = asyncio.Lock()

    async def drain(self) -> int:
        """Assign whatever can be assigned now; returns how many were."""
        given = 0
        async with self._turn:
            while True:
                queue, team = await self._snapshot()
                matches = plan(queue, team, self._clock(), self._rules)
                lost = 0
                for match in matches:
                    try:
                        await self._claims.assign(match.conversation_id, match.agent_id, match.epoch)
                        given += 1
                    except (Conflict, NotFound) as faster:
                        log.info("claim lost", conversation=match.conversation_id, code=faster.code)
                        lost += 1
                # The world moved under the plan: look again, unless nothing of it could be done.
                if not lost or lost == len(matches):
                    return given

    async def _snapshot(self) -> tuple[list[Waiting], list[Candidate]]:
        previous = (
            select(Handoff.agent_id)
            .where(Handoff.conversation_id == Conversation.id, Handoff.agent_id.is_not(None))
            .order_by(Handoff.requested_at.desc())
            .limit(1)
            .correlate(Conversation)
            .scalar_subquery()
        )
        queued = (
            select(
                Conversation.id,
                Conversation.epoch,
                Conversation.queued_at,
                Conversation.language,
                Conversation.memory,
                previous,
            )
            .where(Conversation.status == "queued", Conversation.queued_at.is_not(None))
            .order_by(Conversation.queued_at)
            .limit(LOOK_AT)
        )
        at = self._clock()
        async with self._database.read() as session:
            queue = [
                Waiting(id_, epoch, queued_at, language, (memory or {}).get("asked_agent"), served_by)
                for id_, epoch, queued_at, language, memory, served_by in await session.execute(queued)
            ]
            if not queue:
                return [], []
            agents = await session.scalars(select(Agent).where(~Agent.disabled, Agent.role.in_(DESK)))
            team = [
                Candidate(
                    agent.id,
                    is_present(agent, at),
                    agent.capacity,
                    agent.load,
                    tuple(agent.languages),
                    agent.assigned_at,
                )
                for agent in agents
            ]
        return queue, team

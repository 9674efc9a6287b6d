"""The number of conversations an agent has, moved only here and only by conditional updates.

Its functions run inside the transaction that changes the conversation's agent, so that
``agents.load`` always equals the number of conversations assigned to the agent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent


async def hold(session: AsyncSession, agent_ids: Collection[str]) -> None:
    """Lock several agents' rows until the end of the transaction, always in the same order:
    two transactions that need the same agents then wait in line instead of for each other."""
    if len(agent_ids) > 1:
        rows = select(Agent.id).where(Agent.id.in_(agent_ids)).order_by(Agent.id)
        # NO KEY UPDATE: a conversation that refers to an agent holds the agent's key meanwhile.
        await session.execute(rows.with_for_update(key_share=True))


async def take(
    session: AsyncSession, agent_id: str, *, at: datetime, present_since: datetime | None = None
) -> bool:
    """Give the agent one more conversation, if there is room; False says that there was none.

    ``present_since``: ask also that the agent is online and was seen after it (assignment by
    the system); without it the agent acts in person, and being away is no hindrance.
    """
    free = update(Agent).where(Agent.id == agent_id, Agent.load < Agent.capacity, Agent.disabled.is_(False))
    if present_since is not None:
        free = free.where(Agent.availability == "online", Agent.seen_at > present_since)
    done = await session.execute(
        free.values(load=Agent.load + 1, assigned_at=at)
        .returning(Agent.id)
        .execution_options(synchronize_session=False)
    )
    return done.scalar_one_or_none() is not None


async def release(session: AsyncSession, agent_id: str) -> None:
    """Take one conversation off the agent's load: it was handed back, resolved, moved or queued again."""
    await session.execute(
        update(Agent)
        .where(Agent.id == agent_id, Agent.load > 0)
        .values(load=Agent.load - 1)
        .execution_options(synchronize_session=False)
    )

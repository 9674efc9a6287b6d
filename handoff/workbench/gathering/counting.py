"""How much there is in each view: counted rarely, told at once."""

from __future__ import annotations

import asyncio
import time

from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.gathering import queue

FRESH = 2.0  # seconds; older counts are told while they are counted anew
STALE = 60.0  # seconds; older ones are waited for


class Counting:
    """Counts of 200,000 utterances take longer than a page of them: they are kept for moments."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counts: dict[str, int] = {}
        self._at = float("-inf")
        self._going: asyncio.Task[None] | None = None

    async def counts(self, agent: Agent) -> dict[str, int]:
        age = time.monotonic() - self._at
        if age > FRESH and (self._going is None or self._going.done()):
            self._going = asyncio.create_task(self._count(), name="counts")
        if age > STALE and self._going is not None:
            await self._going
        async with self._context.database.read() as session:
            own = await queue.mine(session, agent, self._context.clock())
        return {**self._counts, "mine": own}

    async def _count(self) -> None:
        async with self._context.database.read() as session:
            self._counts = await queue.counts(session)
        self._at = time.monotonic()

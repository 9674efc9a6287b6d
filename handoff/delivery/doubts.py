"""Pushes that nobody is at any more: settled by what the platform has told, else by what is the lesser evil.

A message may reach the customer twice, or not at all. Where the platform tells of everything it
took, silence means that it did not; else nobody can know, and the desk decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handoff.channels.base import Capabilities
from handoff.conversations.context import Context
from handoff.delivery import news, outbox
from handoff.delivery.backoff import ATTEMPTS, pause
from handoff.delivery.models import Delivery
from handoff.delivery.outbox import Left
from handoff.delivery.routes import Routes
from handoff.delivery.sending import UNSURE_WAIT, end


class Doubts:
    def __init__(
        self,
        context: Context,
        routes: Routes,
        *,
        unsure_wait: float = UNSURE_WAIT,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._routes = routes
        self._unsure_wait = unsure_wait
        self._luck = luck

    async def settle(self, running: Container[str] = ()) -> int:
        """Look at what was left behind; ``running`` are pushes that this process is at. Returns how many
        have moved."""
        context = self._context
        async with context.database.read() as session:
            found = await outbox.left(session, context.holder, context.clock())
        found = [one for one in found if one.id not in running]
        if not found:
            return 0
        lost, moved = [], []
        async with context.database.write() as session:
            for one in found:
                route = await self._routes.to(one.inbox_id)
                if route is None:
                    continue
                values = self._next(one, route.can)
                if values is None:
                    lost.append(one)
                elif row := await self._move(session, one, values):
                    moved.append(row)
        await news.tell(context, moved)
        dead = [one for one in lost if await self._give_up(one)]
        return len(moved) + len(dead)

    def _next(self, one: Left, can: Capabilities) -> dict[str, Any] | None:
        """The push's new values; None: it is lost."""
        now = self._context.clock()
        if one.evidence:
            return {"state": "due", "next_at": now}
        if one.state == "sending":
            if can.whole:
                return {"state": "due", "next_at": now}
            until = now + timedelta(seconds=self._unsure_wait)
            return {"state": "unsure", "next_at": until, "attempts": one.attempts + 1, "code": "unsure"}
        if (can.evidence or can.whole) and one.attempts < ATTEMPTS:
            wait = pause(max(1, one.attempts), self._luck())
            return {"state": "due", "next_at": now + timedelta(seconds=wait), "code": None}
        return None

    async def _move(self, session: AsyncSession, one: Left, values: dict[str, Any]) -> Delivery | None:
        same = Delivery.next_at == one.next_at  # else somebody was faster
        return await outbox.move(session, one.id, one.state, same, lease_owner=None, **values)

    async def _give_up(self, one: Left) -> bool:
        told = {"error": "", "code": "unsure"}
        same = Delivery.next_at == one.next_at
        values: dict[str, object] = {"state": "dead", "code": "unsure"}
        return await end(
            self._context,
            one.id,
            one.conversation_id,
            one.number,
            "unsure",
            same,
            "undelivered",
            told,
            values,
        )

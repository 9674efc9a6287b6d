"""Sends what is in the outbox: surely, in order, and not once too often if it can be helped."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

import structlog

from handoff.channels.base import Outbound, SendFailed
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.context import Context
from handoff.conversations.thread import opened
from handoff.delivery import outbox
from handoff.delivery.backoff import ATTEMPTS, pause
from handoff.delivery.outbox import Due

AT_ONCE = 20
IDLE = 1.0  # seconds between looks while nothing rings: retries come due by time

log = structlog.get_logger()


class Dispatcher:
    def __init__(
        self,
        context: Context,
        channels: Channels,
        inboxes: Inboxes,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._channels = channels
        self._inboxes = inboxes
        self._luck = luck

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                while await self.once():
                    pass
            except Exception:
                log.exception("outbox_failed")
            await self._context.outbox.wait(IDLE)

    async def once(self) -> int:
        """Push what is due now; returns how many were tried."""
        context = self._context
        async with context.database.read() as session:
            if not await outbox.waiting(session, context.clock()):
                return 0
        async with context.database.write() as session:
            due = await outbox.claim(session, context.holder.token, context.clock(), AT_ONCE)
        await asyncio.gather(*(self._push(one) for one in due))
        return len(due)

    async def _push(self, due: Due) -> None:
        if due.stale:
            await self._drop(due)
            return
        try:
            inbox = await self._inboxes.get(due.inbox_id)
            channel = self._channels.of(inbox)
            await channel.send(Outbound(due.id, inbox, due.contact, due.message))
        except SendFailed as failure:
            await self._failed(due, failure)
        except Exception as broken:
            log.exception("push_broken", delivery=due.id)
            await self._failed(due, SendFailed(type(broken).__name__))
        else:
            await self._settle(due, state="sent", error=None)

    async def _failed(self, due: Due, failure: SendFailed) -> None:
        attempts = due.attempts + 1
        error = str(failure)[:500]
        if failure.final or attempts >= ATTEMPTS:
            if await self._settle(due, state="dead", attempts=attempts, error=error):
                await self._note(due, "undelivered", error=error)
            return
        wait = timedelta(seconds=pause(attempts, self._luck(), failure.retry_after))
        next_at = self._context.clock() + wait
        await self._settle(due, state="due", attempts=attempts, error=error, next_at=next_at)

    async def _drop(self, due: Due) -> None:
        """People have the talk by now: what the bot said before stays unsaid, and they see that."""
        if await self._settle(due, state="dropped"):
            await self._note(due, "undelivered_reply", text=due.message.text)

    async def _settle(self, due: Due, *, state: str, **values: object) -> bool:
        context = self._context
        context.metrics.deliveries.labels(state if state != "due" else "retry").inc()
        async with context.database.write() as session:
            return await outbox.settle(session, due, context.holder.token, state=state, **values)

    async def _note(self, due: Due, key: str, **values: str) -> None:
        """Tell the desk, in the thread."""
        async with opened(self._context, due.message.conversation_id) as thread:
            thread.note(key, number=due.message.number, **values)
            thread.journal(key, delivery=due.id, number=due.message.number)

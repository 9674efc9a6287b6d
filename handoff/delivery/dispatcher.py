"""Sends what is in the outbox: surely, in order, at most once, and no faster than the platforms take it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable

import structlog

from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.context import Context
from handoff.delivery import outbox
from handoff.delivery.doubts import Doubts
from handoff.delivery.outbox import Due
from handoff.delivery.pace import Pace
from handoff.delivery.routes import Route, Routes
from handoff.delivery.sending import UNSURE_WAIT, Sender

AT_ONCE = 16
OF_ONE_INBOX = 12  # a platform that hangs must leave room for the others
IDLE = 1.0  # seconds between looks while nothing rings: retries come due by time
GATHER = 0.02  # seconds in which ended calls are gathered, so that one claim fills all their places
GRACE = 4.0  # seconds for calls under way when we are asked to stop

log = structlog.get_logger()


class Dispatcher:
    """``unsure_wait``: seconds for news of a message of which we cannot know whether it went out."""

    def __init__(
        self,
        context: Context,
        channels: Channels,
        inboxes: Inboxes,
        luck: Callable[[], float] = random.random,
        *,
        base_url: str = "",
        unsure_wait: float = UNSURE_WAIT,
        pace: Pace | None = None,
    ) -> None:
        self._context = context
        self._routes = Routes(channels, inboxes)
        self._pace = pace or Pace()
        self._sender = Sender(context, self._pace, base_url=base_url, unsure_wait=unsure_wait, luck=luck)
        self._doubts = Doubts(context, self._routes, unsure_wait=unsure_wait, luck=luck)
        self._known: set[str] = set()  # inboxes that had messages to send
        self._running: dict[str, asyncio.Task[None]] = {}
        self._busy: Counter[str] = Counter()  # calls of each inbox
        self._soonest = IDLE  # seconds until something that is held back may go

    @property
    def stopping(self) -> bool:
        return self._sender.stopping

    async def run(self) -> None:
        """Until cancelled; then what has not begun is given back, and what has may end."""
        beginning: asyncio.Task[list[asyncio.Task[None]]] | None = None
        next_look = 0.0
        try:
            while True:
                self._soonest = IDLE
                begun = []
                try:
                    if time.monotonic() >= next_look:
                        next_look = time.monotonic() + IDLE
                        await self._doubts.settle(self._running)
                    if len(self._running) < AT_ONCE:
                        beginning = asyncio.create_task(self._begin())
                        begun = await asyncio.shield(beginning)
                except Exception:
                    log.exception("outbox_failed")
                if not begun or len(self._running) >= AT_ONCE:
                    await self._context.outbox.wait(self._soonest)
                    if self._running:
                        await asyncio.sleep(GATHER)
        finally:
            self._sender.stopping = True
            if beginning is not None:
                await asyncio.wait([beginning])
            await self._finish()

    async def once(self) -> int:
        """Settle what was left behind and push what is due now; returns how many were dealt with."""
        settled = await self._doubts.settle(self._running)
        begun = await self._begin()
        await asyncio.gather(*begun)
        return settled + len(begun)

    async def _begin(self) -> list[asyncio.Task[None]]:
        """Take what is due and may be sent now, and start on it."""
        context = self._context
        routes, blocked = await self._look_around()
        room = AT_ONCE - len(self._running)
        async with context.database.read() as session:
            found = await outbox.ready(session, context.clock(), 2 * AT_ONCE, blocked)
        chosen: dict[str, str] = {}
        for candidate in found:
            inbox_id = candidate.inbox_id
            if inbox_id not in routes:
                self._known.add(inbox_id)
                if route := await self._routes.to(inbox_id):
                    routes[inbox_id] = route
            if len(chosen) < room and inbox_id in routes and self._may(candidate, routes[inbox_id]):
                self._busy[inbox_id] += 1
                chosen[candidate.id] = inbox_id
        if not chosen:
            return []
        claimed: list[Due] = []
        try:
            async with context.database.write() as session:
                claimed = await outbox.claim(session, chosen, context.holder, context.clock())
        finally:
            for delivery_id in chosen.keys() - {due.id for due in claimed}:
                self._busy[chosen[delivery_id]] -= 1
        return [self._start(due, routes[due.inbox_id]) for due in claimed]

    async def _look_around(self) -> tuple[dict[str, Route], list[str]]:
        """The inboxes that may be called, and those that may not now."""
        routes: dict[str, Route] = {}
        blocked = []
        for inbox_id in self._known:
            route = await self._routes.to(inbox_id)
            wait = self._pace.wait(inbox_id, route.can) if route else IDLE
            if route is None or wait > 0 or self._busy[inbox_id] >= OF_ONE_INBOX:
                self._soonest = min(self._soonest, max(wait, GATHER))
                blocked.append(inbox_id)
            else:
                routes[inbox_id] = route
        return routes, blocked

    def _may(self, candidate: outbox.Candidate, route: Route) -> bool:
        if self._busy[candidate.inbox_id] >= OF_ONE_INBOX:
            return False
        wait = self._pace.take(candidate.inbox_id, candidate.contact, route.can)
        if wait > 0:
            self._soonest = min(self._soonest, max(wait, GATHER))
        return not wait

    def _start(self, due: Due, route: Route) -> asyncio.Task[None]:
        task = asyncio.create_task(self._push(due, route))
        self._running[due.id] = task
        return task

    async def _push(self, due: Due, route: Route) -> None:
        try:
            await self._sender.push(due, route)
        except Exception:
            # It stays as it is until its lease is over; then it is unsure.
            log.exception("push_failed", delivery=due.id)
        finally:
            self._busy[due.inbox_id] -= 1
            self._running.pop(due.id, None)
            self._context.outbox.ring()

    async def _finish(self) -> None:
        running = list(self._running.values())
        if running:
            _, hanging = await asyncio.wait(running, timeout=GRACE)
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

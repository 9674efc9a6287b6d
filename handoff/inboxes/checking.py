"""Asks the platforms whether all is well with our inboxes: on demand, and regularly."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from prometheus_client import CollectorRegistry
from sqlalchemy import or_, select, update

from actions.db import Database, now
from handoff.channels.base import Configured, Health, SendFailed
from handoff.channels.models import Inbox
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import redacted
from handoff.conversations.views import InboxView
from handoff.inboxes.gauges import Gauges
from handoff.inboxes.judgement import TOKEN_WARNING

EVERY = timedelta(minutes=30)
AGAIN = timedelta(minutes=5)  # after a problem: most of them pass
LOOK = 60.0  # seconds between looks for inboxes that are due
PATIENCE = 20.0  # seconds for a platform's answer
LONGEST = 500  # characters of a problem

log = structlog.get_logger()

T = TypeVar("T")


class Checks:
    """``luck`` (0 to 1) spreads the checks of several inboxes and gateways."""

    def __init__(
        self,
        database: Database,
        inboxes: Inboxes,
        channels: Channels,
        clock: Callable[[], datetime] = now,
        luck: Callable[[], float] = random.random,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._database = database
        self._inboxes = inboxes
        self._channels = channels
        self._clock = clock
        self._luck = luck
        self._gauges = Gauges(registry or CollectorRegistry())

    async def connect(self, inbox_id: str, webhook_url: str) -> None:
        """Tell the platform where we are, and ask how it stands; what it says is kept with the inbox."""
        inbox = await self._inboxes.get(inbox_id)
        channel = self._channels.of(inbox)
        if not isinstance(channel, Configured):
            return
        problem = await _asked(inbox, channel.connect(inbox, webhook_url))
        if isinstance(problem, str):
            await self._keep(inbox, Health(problem=problem))
        else:
            await self.check(inbox_id)

    async def check(self, inbox_id: str) -> Health | None:
        """Ask now; None for a channel that has nobody to ask."""
        inbox = await self._inboxes.get(inbox_id)
        channel = self._channels.of(inbox)
        if not isinstance(channel, Configured):
            return None
        answer = await _asked(inbox, channel.check(inbox))
        health = Health(problem=answer) if isinstance(answer, str) else answer or Health()
        await self._keep(inbox, health)
        return health

    async def _keep(self, inbox: InboxView, health: Health) -> None:
        problem = redacted(health.problem, inbox.credentials.values())[:LONGEST]
        values: dict[str, Any] = {"checked_at": self._clock(), "problem": problem or None}
        if health.token_expires_at or not problem:  # a failed check knows nothing of the token's end
            values["token_expires_at"] = health.token_expires_at
        async with self._database.write() as session:
            await session.execute(update(Inbox).where(Inbox.id == inbox.id).values(**values))
        if problem:
            log.warning("inbox_problem", inbox=inbox.id, channel=inbox.channel)
        ends = health.token_expires_at
        if ends and ends <= self._clock() + TOKEN_WARNING:
            log.warning("inbox_token_ends", inbox=inbox.id, days=(ends - self._clock()).days)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK * (0.5 + self._luck()))
            try:
                await self.once()
            except Exception:
                log.exception("inbox_checks_failed")

    async def once(self) -> int:
        """Check what is due and no other gateway has taken; returns how many."""
        checked = 0
        async with self._database.read() as session:
            due = list(await session.scalars(select(Inbox.id).where(self._due())))
            await self._gauges.look(session)
        for inbox_id in due:
            if await self._take(inbox_id):
                try:
                    checked += await self.check(inbox_id) is not None
                except Exception:  # one odd inbox does not cost the others their check
                    log.exception("inbox_check_failed", inbox=inbox_id)
        return checked

    def _due(self) -> Any:
        at = self._clock()
        spread = 0.9 + 0.2 * self._luck()
        return (
            Inbox.disabled.is_(False)
            & Inbox.channel.in_(
                [name for name, kind in self._channels.kinds.items() if isinstance(kind, Configured)]
            )
            & or_(
                Inbox.checked_at.is_(None),
                Inbox.checked_at < at - EVERY * spread,
                Inbox.problem.is_not(None) & (Inbox.checked_at < at - AGAIN * spread),
            )
        )

    async def _take(self, inbox_id: str) -> bool:
        """Of several gateways that find an inbox due, one gets it: it is asked about from now on."""
        async with self._database.write() as session:
            taken = await session.execute(
                update(Inbox)
                .where(Inbox.id == inbox_id, self._due())
                .values(checked_at=self._clock())
                .returning(Inbox.id)
            )
            return taken.scalar_one_or_none() is not None


async def _asked(inbox: InboxView, call: Awaitable[T]) -> T | str:
    """What the platform answers, or in a sentence why it did not."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await call
    except SendFailed as failed:
        return str(failed) or failed.code or type(failed).__name__
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} seconds"
    except Exception as broken:
        log.warning("inbox_check_broken", inbox=inbox.id, error=type(broken).__name__)
        return f"no answer: {type(broken).__name__}"

"""What comes in at the webhooks of each inbox, counted in memory and written every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import update

from actions.db import Database, now
from handoff.channels.models import Inbox

EVERY = 3.0  # seconds between writes: a request itself writes nothing

log = structlog.get_logger()


@dataclass(slots=True)
class Glance:
    """Since the last write: the newest request that was right, and those refused after it."""

    seen_at: datetime | None = None
    refused: int = 0
    refused_at: datetime | None = None


class Watching:
    """The webhook route calls :meth:`seen` for a request whose signature holds, else :meth:`refused`.

    Both only count. What is not written yet when the process dies is lost, and with it nothing
    but a moment's figures.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = now,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._glances: dict[str, Glance] = {}
        self._requests = Counter(
            "setu_webhooks",
            "Webhooks of platforms",
            ["inbox", "result"],
            registry=registry or CollectorRegistry(),
        )

    def seen(self, inbox_id: str) -> None:
        self._requests.labels(inbox_id, "accepted").inc()
        glance = self._glances.setdefault(inbox_id, Glance())
        glance.seen_at, glance.refused = self._clock(), 0

    def refused(self, inbox_id: str) -> None:
        self._requests.labels(inbox_id, "refused").inc()
        glance = self._glances.setdefault(inbox_id, Glance())
        glance.refused += 1
        glance.refused_at = self._clock()

    async def run(self) -> None:
        """Until cancelled; then once more."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self._write_or_tell()
        finally:
            await self._write_or_tell()

    async def _write_or_tell(self) -> None:
        try:
            await self.write()
        except Exception:
            log.exception("watching_failed")

    async def write(self) -> None:
        """Write what was counted since the last time."""
        taken, self._glances = self._glances, {}
        if not taken:
            return
        async with self._database.write() as session:
            for inbox_id in sorted(taken):  # everybody in one order: no two gateways wait for each other
                await session.execute(
                    update(Inbox).where(Inbox.id == inbox_id).values(**_changes(taken[inbox_id]))
                )


def _changes(glance: Glance) -> dict[str, object]:
    changes: dict[str, object] = {}
    if glance.seen_at is not None:
        changes |= {"last_webhook_at": glance.seen_at, "refused": glance.refused}
    elif glance.refused:
        changes["refused"] = Inbox.refused + glance.refused
    if glance.refused_at is not None:
        changes["last_refused_at"] = glance.refused_at
    return changes

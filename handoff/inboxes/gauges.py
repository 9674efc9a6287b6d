"""The health of inboxes for Prometheus, from what a look at two small parts of tables tells."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.channels.models import Arrival, Inbox

NAMES = ["inbox", "channel"]


class Gauges:
    """Points in time are Unix seconds, 0 for none. Inboxes out of service are left out."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str) -> Gauge:
            return Gauge(f"setu_inbox_{name}", what, NAMES, registry=registry)

        self._problem = gauge("problem", "Whether the platform reports a problem")
        self._seen = gauge("last_webhook_timestamp_seconds", "When the platform last called")
        self._ends = gauge("token_end_timestamp_seconds", "When the access token ends")
        self._refused = gauge("refused", "Webhooks with a wrong signature since the last right one")
        self._waiting = gauge("arrivals_waiting", "What has arrived and is not handled")

    async def look(self, session: AsyncSession) -> None:
        inboxes = list(await session.scalars(select(Inbox).where(Inbox.disabled.is_(False))))
        found = await session.execute(
            select(Arrival.inbox_id, func.count())
            .where(Arrival.handled_at.is_(None))
            .group_by(Arrival.inbox_id)
        )
        waiting: dict[str, int] = {row[0]: row[1] for row in found}
        for gauge in (self._problem, self._seen, self._ends, self._refused, self._waiting):
            gauge.clear()
        for inbox in inboxes:
            names = (inbox.id, inbox.channel)
            self._problem.labels(*names).set(inbox.problem is not None)
            self._seen.labels(*names).set(_seconds(inbox.last_webhook_at))
            self._ends.labels(*names).set(_seconds(inbox.token_expires_at))
            self._refused.labels(*names).set(inbox.refused)
            self._waiting.labels(*names).set(waiting.get(inbox.id, 0))


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0

"""What every part of the conversations works with, handed on as one value."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from actions.db import Database, now
from handoff.conversations.policy import Thresholds
from handoff.conversations.ports import Bell, Files, Hub, NoFiles, Presence
from handoff.conversations.views import InboxView
from handoff.errors import Say
from handoff.telemetry import Metrics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds leases: this start (``token``) of the gateway at one address (``place``)."""

    place: str
    token: str

    @classmethod
    def at(cls, address: str) -> Holder:
        """``address`` names the gateway across restarts (host and port): what an earlier start of
        the same gateway had begun is then taken up at once, without waiting for its lease to end."""
        place = hashlib.blake2s(address.encode(), digest_size=8).hexdigest()
        return cls(place, f"{place}.{secrets.token_hex(6)}")


@dataclass(frozen=True, slots=True)
class Context:
    database: Database
    hub: Hub
    presence: Presence
    texts: Say
    thresholds: Thresholds
    turn_timeout: float
    holder: Holder
    pushes: Callable[[InboxView], bool] = lambda _inbox: False  # whether messages go through the outbox
    # The payload that a text means where buttons had to be written out as a numbered list.
    chosen: Callable[[InboxView, str, dict[str, Any]], str | None] = lambda _inbox, _text, _rich: None
    files: Files = field(default_factory=NoFiles)
    clock: Callable[[], datetime] = now
    metrics: Metrics = field(default_factory=Metrics)
    queue: Bell = field(default_factory=Bell)  # rung when somebody waits or an agent has room
    outbox: Bell = field(default_factory=Bell)  # rung when a delivery is due

    async def told(self, call: Awaitable[None]) -> None:
        """Await something of the hub: what goes wrong there costs nobody a message."""
        try:
            await call
        except Exception:
            log.exception("hub_failed")

"""By which inbox and channel a push goes; an inbox that cannot be used now keeps its messages waiting."""

from __future__ import annotations

from typing import NamedTuple

import structlog

from handoff.channels.base import Capabilities, Channel
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.views import InboxView

log = structlog.get_logger()


class Route(NamedTuple):
    inbox: InboxView
    channel: Channel

    @property
    def can(self) -> Capabilities:
        return self.channel.capabilities


class Routes:
    def __init__(self, channels: Channels, inboxes: Inboxes) -> None:
        self._channels = channels
        self._inboxes = inboxes
        self._told: set[str] = set()

    async def to(self, inbox_id: str) -> Route | None:
        """None: it is disabled, or broken, which is logged once."""
        try:
            inbox = await self._inboxes.get(inbox_id)
            route = Route(inbox, self._channels.of(inbox))
        except Exception:
            if inbox_id not in self._told:
                log.exception("inbox_unusable", inbox=inbox_id)
                self._told.add(inbox_id)
            return None
        self._told.discard(inbox_id)
        return None if inbox.disabled else route

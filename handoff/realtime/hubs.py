"""Several hubs as one: what happened is told to each, and one that fails costs the others nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

import structlog

from handoff.conversations.ports import DeliveryChange, Hub
from handoff.conversations.views import ConversationView, MessageView

log = structlog.get_logger(__name__)


class Hubs:
    """Forwards to each in the order given; never raises."""

    def __init__(self, *hubs: Hub) -> None:
        self._hubs = hubs

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        for hub in self._hubs:
            await _surely(hub, hub.publish(conversation, messages))

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        for hub in self._hubs:
            await _surely(hub, hub.typing(conversation_id, who, on, name))

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        for hub in self._hubs:
            await _surely(hub, hub.read(conversation_id, who, number))

    async def queue_changed(self) -> None:
        for hub in self._hubs:
            await _surely(hub, hub.queue_changed())

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        for hub in self._hubs:
            await _surely(hub, hub.delivery(changes))


async def _surely(hub: Hub, telling: Awaitable[None]) -> None:
    try:
        await telling
    except Exception:
        log.exception("hub failed", hub=type(hub).__name__)

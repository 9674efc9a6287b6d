"""What bot and people say, told to the web widgets that were made for Rasa."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeVar

import structlog
from socketio import AsyncServer

from handoff.channels.webchat import CHANNEL, shapes
from handoff.conversations.ports import DeliveryChange
from handoff.conversations.views import ConversationView, MessageView
from handoff.realtime import rooms

NAMESPACE = "/"
REMEMBER = 10_000  # messages, and talks that were left

K = TypeVar("K")

log = structlog.get_logger(__name__)


class WebchatHub:
    """These widgets cannot ask for what they missed, nor replace what they show: each message is told
    once, and what was said while nobody was there is told by the sockets' side when somebody comes."""

    def __init__(self, server: AsyncServer, base_url: str = "") -> None:
        self._server = server
        self._base_url = base_url
        self._told: OrderedDict[str, int] = OrderedDict()  # message: the moment at which it was told
        self._left: OrderedDict[tuple[str, str], int] = OrderedDict()
        self.moment = 0  # grows with each message that is told

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        if conversation.channel != CHANNEL:
            return
        try:
            for message in messages:
                changed = message.edited_at or message.deleted_at or message.id in self._told
                if message.contact_id in (None, conversation.contact.id) and not changed:
                    self.moment += 1
                    _keep(self._told, message.id, self.moment)
                    await self.tell(message, rooms.contact(conversation.contact.id))
        except Exception:
            log.exception("not published", conversation=conversation.id)

    async def tell(self, message: MessageView, to: str) -> None:
        """To a room or a socket; a customer's own words and what is private are not told."""
        if (
            message.sender == "customer"
            or message.private
            or message.rich.get("dropped")
            or message.deleted_at
        ):
            return
        for event in shapes(message, self._base_url):
            await self._server.emit("bot_uttered", event, to=to, namespace=NAMESPACE)

    def was_told(self, message_id: str, until: int) -> bool:
        """Whether the rooms were told of a message by that moment."""
        return 0 < self._told.get(message_id, 0) <= until

    def left(self, contact_id: str, conversation_id: str, number: int) -> None:
        """The last socket of a contact went, having heard all up to ``number``."""
        _keep(self._left, (contact_id, conversation_id), number)

    def told(self, contact_id: str, conversation_id: str) -> int:
        return self._left.get((contact_id, conversation_id), 0)

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        """These widgets have no such sign."""

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        """Nor this one."""

    async def queue_changed(self) -> None:
        """Nor places in a queue; the queue's words come as messages."""

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        """For the desk only."""


def _keep(kept: OrderedDict[K, int], key: K, value: int) -> None:
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > REMEMBER:
        kept.popitem(last=False)

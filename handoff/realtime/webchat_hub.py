"""What bot and people say, told to the web widgets that were made for Rasa."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import structlog
from socketio import AsyncServer

from handoff.channels.webchat import CHANNEL, shapes
from handoff.conversations.ports import DeliveryChange
from handoff.conversations.views import ConversationView, MessageView
from handoff.realtime import rooms

NAMESPACE = "/"
REMEMBER = 10_000  # messages

log = structlog.get_logger(__name__)


class WebchatHub:
    """These widgets cannot replace what they show: each message is told once. What was said while nobody
    was there is told when somebody comes (:mod:`handoff.realtime.webchat_missed`)."""

    def __init__(self, server: AsyncServer, base_url: str = "") -> None:
        self._server = server
        self._base_url = base_url
        self._told: OrderedDict[str, tuple[int, bool]] = OrderedDict()  # message: moment, somebody was there
        self.moment = 0  # grows with each message that is told

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        if conversation.channel != CHANNEL:
            return
        try:
            for message in messages:
                changed = message.edited_at or message.deleted_at or message.id in self._told
                if message.contact_id in (None, conversation.contact.id) and not changed:
                    room = rooms.contact(conversation.contact.id)
                    self.moment += 1
                    self._note(message.id, any(self._server.manager.get_participants(NAMESPACE, room)))
                    await self.tell(message, room)
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
        """Whether the room was told of a message by that moment."""
        return 0 < self._told.get(message_id, (0, False))[0] <= until

    def reached(self, message_id: str) -> bool:
        """Whether somebody was in the room then."""
        return self._told.get(message_id, (0, False))[1]

    def _note(self, message_id: str, reached: bool) -> None:
        self._told[message_id] = (self.moment, reached)
        if len(self._told) > REMEMBER:
            self._told.popitem(last=False)

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        """These widgets have no such sign."""

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        """Nor this one."""

    async def queue_changed(self) -> None:
        """Nor places in a queue; the queue's words come as messages."""

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        """For the desk only."""

"""Typing and read marks of our side, shown on the platforms: best effort, and never in a message's way."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import select

from actions.db import Database
from handoff.channels.base import Channel, SendFailed, Sign, Signals
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.ports import DeliveryChange
from handoff.conversations.views import ConversationView, MessageView

EVERY: dict[Sign, float] = {"typing": 4.0, "read": 3.0}  # seconds between two of a conversation
QUIET = 60.0  # seconds for which a platform that refuses one is spared them
AT_ONCE = 4
WAITING = 200  # more of them have no use by the time they are sent
TIMEOUT = 5.0
REMEMBER = 10_000  # conversations

log = structlog.get_logger(__name__)


class ChannelSigns:
    """A hub: who types or has read is shown where the channel can show it.

    Agents' reading is told as it happens; what the bot has answered it has read.
    """

    def __init__(
        self,
        database: Database,
        channels: Channels,
        inboxes: Inboxes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._channels = channels
        self._inboxes = inboxes
        self._clock = clock
        self._kinds: OrderedDict[str, str] = OrderedDict()  # channel of a conversation
        self._shown: OrderedDict[tuple[str, Sign], float] = OrderedDict()  # when last
        self._quiet: dict[str, float] = {}  # inbox: until when
        self._line = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        self._kinds[conversation.id] = conversation.channel
        self._kinds.move_to_end(conversation.id)
        if len(self._kinds) > REMEMBER:
            self._kinds.popitem(last=False)
        if any(message.sender == "bot" and not message.private for message in messages):
            self._show(conversation.id, "read")

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        if on and who in ("agent", "bot"):
            self._show(conversation_id, "typing")

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        if who == "agent":
            self._show(conversation_id, "read")

    async def queue_changed(self) -> None:
        return None

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        return None

    async def settle(self) -> None:
        """Wait until nothing is being shown."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _show(self, conversation_id: str, sign: Sign) -> None:
        kind = self._kinds.get(conversation_id)
        if kind is not None and not _shows(self._channels.kinds.get(kind), sign):
            return
        now, key = self._clock(), (conversation_id, sign)
        if now - self._shown.get(key, -QUIET) < EVERY[sign] or len(self._tasks) >= WAITING:
            return
        self._shown[key] = now
        self._shown.move_to_end(key)
        if len(self._shown) > REMEMBER:
            self._shown.popitem(last=False)
        task = asyncio.create_task(self._send(conversation_id, sign))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, conversation_id: str, sign: Sign) -> None:
        try:
            async with self._line:
                inbox_id, contact, last = await self._whom(conversation_id)
                inbox = await self._inboxes.get(inbox_id)
                channel = self._channels.kinds.get(inbox.channel)
                self._kinds[conversation_id] = inbox.channel
                if inbox.disabled or not isinstance(channel, Signals) or not _shows(channel, sign):
                    return
                if self._quiet.get(inbox_id, 0.0) > self._clock():
                    return
                async with asyncio.timeout(TIMEOUT):
                    await channel.signal(inbox, contact, sign, last)
        except (SendFailed, TimeoutError) as failure:
            self._quiet[inbox_id] = self._clock() + (getattr(failure, "retry_after", None) or QUIET)
        except Exception as broken:
            log.warning("sign_not_shown", conversation=conversation_id, error=type(broken).__name__)

    async def _whom(self, conversation_id: str) -> tuple[str, str, str | None]:
        """The inbox, the contact there, and the channel's id of their newest message."""
        async with self._database.read() as session:
            contact_id, inbox_id, contact = (
                await session.execute(
                    select(Contact.id, Contact.inbox_id, Contact.external_id)
                    .join(Conversation, Conversation.contact_id == Contact.id)
                    .where(Conversation.id == conversation_id)
                )
            ).one()
            last = await session.scalar(
                select(Message.external_id)
                .where(
                    Message.conversation_id == conversation_id,
                    Message.contact_id == contact_id,
                    Message.sender == "customer",
                    Message.external_id.is_not(None),
                )
                .order_by(Message.number.desc())
                .limit(1)
            )
        return inbox_id, contact, last


def _shows(channel: Channel | None, sign: Sign) -> bool:
    if channel is None or not isinstance(channel, Signals):
        return False
    return channel.capabilities.typing if sign == "typing" else channel.capabilities.read_receipts

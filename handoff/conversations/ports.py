"""What the conversations need from around them, each as small as it can be."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.contract import TurnReply, TurnRequest
from handoff.conversations.inbound import IncomingFile
from handoff.conversations.views import ConversationView, MessageView
from handoff.errors import Invalid


class DeliveryChange(NamedTuple):
    """How far the push of a message is now; ``delivery`` as in ``MessageView``."""

    conversation_id: str
    number: int
    delivery: dict[str, Any]


class Hub(Protocol):
    """Live connections of customers and agents. Called after the commit, and must not raise."""

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        """The conversation changed, and these messages are new (private ones for the desk only)."""

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        """``who`` is ``customer``, ``bot`` or ``agent``."""

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        """``who`` (``customer`` or ``agent``) has read everything up to ``number``."""

    async def queue_changed(self) -> None:
        """Places in the queue have moved."""

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        """Pushes went on or failed, for the desk."""


class Files(Protocol):
    """Keeps the files of messages; called in the transaction that stores the message."""

    async def take(
        self,
        session: AsyncSession,
        conversation_id: str,
        message_id: str,
        inbox_id: str,
        files: Sequence[IncomingFile],
    ) -> list[dict[str, Any]]:
        """Note files that a platform has, to be fetched; returns the entries of ``rich["files"]``."""

    async def claim(
        self, session: AsyncSession, conversation_id: str, message_id: str, by: str, ids: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Give uploads of ``by`` (a contact, an agent) to a message; ``Invalid`` (unknown_file)."""


class NoFiles:
    """Files are named in their message, and not kept."""

    async def take(
        self,
        _session: AsyncSession,
        _conversation: str,
        _message: str,
        _inbox: str,
        files: Sequence[IncomingFile],
    ) -> list[dict[str, Any]]:
        return [{"id": "", "kind": one.kind, "name": one.name, "state": "lost"} for one in files]

    async def claim(
        self, _session: AsyncSession, _conversation: str, _message: str, _by: str, ids: Sequence[str]
    ) -> list[dict[str, Any]]:
        if ids:
            raise Invalid("unknown_file")
        return []


class NullHub:
    """Nobody is connected."""

    async def publish(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    async def typing(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    async def read(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    async def queue_changed(self) -> None:
        return None

    async def delivery(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class BotFailure(Exception):
    """The bot did not answer a turn; ``kind``: timeout, unreachable, status, invalid, empty."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


class Bot(Protocol):
    """The turn engine; raises :class:`BotFailure` and nothing else."""

    async def turn(self, request: TurnRequest) -> TurnReply: ...


class Presence(Protocol):
    """Who is at their desk, read in the caller's transaction."""

    async def anyone(self, session: AsyncSession, /) -> bool:
        """Whether somebody is on duty at all (busy or not)."""

    async def free(self, session: AsyncSession, agent_id: str, /) -> bool:
        """Whether this agent is on duty and has room for one more conversation."""


class Nobody:
    """Presence of an empty house."""

    async def anyone(self, _session: AsyncSession, /) -> bool:
        return False

    async def free(self, _session: AsyncSession, _agent_id: str, /) -> bool:
        return False


class Bell:
    """Wakes one waiting loop; rings that come while it works are kept as one."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most ``seconds``; True if it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True

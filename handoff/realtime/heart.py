"""The regular work of a gateway: signs of life of its desks, lost agents, waiting conversations."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from socketio import AsyncServer

from handoff.agents.presence import BEAT, LOST_AFTER, Presence
from handoff.assignment.service import Assignment
from handoff.conversations.ports import Bell
from handoff.errors import SetuError
from handoff.realtime.desk import DeskSockets
from handoff.realtime.hub import SocketHub

TOO_FAR_BEHIND = 2_000  # packets a client has not fetched: it will do better with a new connection

log = structlog.get_logger(__name__)


class Requeues(Protocol):
    async def requeue(self, conversation_id: str, reason: str, expected_epoch: int | None = None) -> object:
        """Put a conversation back into the queue, if still in this epoch, and tell its customer."""


class Heart:
    """Beats every :data:`BEAT`, and drains the queue whenever the bell rings."""

    def __init__(
        self,
        *,
        server: AsyncServer,
        desk: DeskSockets,
        presence: Presence,
        hub: SocketHub,
        assignment: Assignment,
        conversations: Requeues,
        bell: Bell,
        beat: float = BEAT.total_seconds(),
        grace: float = LOST_AFTER.total_seconds(),
    ) -> None:
        self._server = server
        self._desk = desk
        self._presence = presence
        self._hub = hub
        self._assignment = assignment
        self._conversations = conversations
        self._bell = bell
        self._pause = beat
        self._grace = grace
        self._team: list[dict[str, Any]] = []

    async def run(self) -> None:
        """Until cancelled; one failing beat does not stop the next."""
        # After a restart everybody looks lost; their desks get time to come back.
        merciful_until = time.monotonic() + self._grace
        next_beat = 0.0
        while True:
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + self._pause
                await self._try(self.signs_of_life)
                if time.monotonic() >= merciful_until:
                    await self._try(self.rescue)
            await self._try(self.assign)
            await self._bell.wait(max(0.0, next_beat - time.monotonic()))

    async def signs_of_life(self) -> None:
        """Report connected desks, close those whose sign-in ended and those that no longer read."""
        await self._desk.check()
        await self._presence.seen(self._desk.connected())
        for eio_sid, socket in list(self._server.eio.sockets.items()):
            if socket.queue.qsize() > TOO_FAR_BEHIND:
                await self._server.eio.disconnect(eio_sid)

    async def rescue(self) -> None:
        """Queue the conversations of lost agents again; nothing of them is lost."""
        for stranded in await self._presence.stranded():
            try:
                await self._conversations.requeue(stranded.conversation_id, "agent_lost", stranded.epoch)
            except SetuError as moved_on:
                log.info("not requeued", conversation=stranded.conversation_id, code=moved_on.code)

    async def assign(self) -> None:
        """Drain the queue; tell the desks if the team looks different now."""
        await self._assignment.drain()
        team = await self._presence.team()
        if team != self._team:
            self._team = team
            await self._hub.agents(team)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            log.exception("regular work failed", work=work.__name__)

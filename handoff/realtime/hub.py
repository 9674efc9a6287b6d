"""The hub: tells customers' widgets and agents' desks what happened, after it was committed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import structlog
from socketio import AsyncServer
from sqlalchemy import select

from actions.db import Database
from handoff.conversations import reading
from handoff.conversations.models import Conversation, Handoff
from handoff.conversations.ports import DeliveryChange
from handoff.conversations.views import ConversationView, MessageView
from handoff.realtime import rooms

WIDGET, DESK = "/widget", "/desk"
REMEMBER = 10_000  # conversations whose epoch is remembered
QUEUE_PAUSE = 0.5  # seconds between two rounds of places in the queue

log = structlog.get_logger(__name__)


class SocketHub:
    """Publishes over Socket.IO. Sending only fills each socket's own queue: a slow client holds up nobody.

    Nothing here raises: the change is committed already, and who missed it will ask for it.
    """

    def __init__(self, server: AsyncServer, database: Database) -> None:
        self._server = server
        self._database = database
        self._epochs: OrderedDict[str, int] = OrderedDict()
        self._queue_moved = False
        self._telling: asyncio.Task[None] | None = None

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        """The conversation changed and these messages are new."""
        try:
            agents = await self._agents(conversation)
            customer = rooms.contacts(conversation.contact.id, conversation.also)
            readers = rooms.for_messages(conversation.id, conversation.status, agents)
            for message in messages:
                seen_by_desk = {"conversation_id": conversation.id, "message": message.for_desk()}
                await self._emit("message", seen_by_desk, DESK, readers)
                if not message.private and not message.rich.get("dropped"):
                    await self._emit("message", {"message": message.for_customer()}, WIDGET, customer)
            if self._is_new_epoch(conversation) and conversation.status not in rooms.OPEN_TO_ALL:
                await self._emit("conversation", _hidden(conversation), DESK, rooms.FLOOR)
            rows = rooms.for_rows(conversation.status, agents)
            await self._emit("conversation", conversation.for_desk(), DESK, rows)
            await self._emit("conversation", conversation.for_customer(), WIDGET, customer)
        except Exception:
            log.exception("not published", conversation=conversation.id)

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        """Somebody types, or stopped; never told back to who types."""
        try:
            customer, readers = await self._audience(conversation_id)
            sign = {"who": who, "name": name, "on": on}
            if who != "customer":
                await self._emit("typing", sign, WIDGET, customer)
            if who != "agent":
                await self._emit("typing", {"conversation_id": conversation_id, **sign}, DESK, readers)
        except Exception:
            log.exception("typing not told", conversation=conversation_id)

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        """Somebody has read up to a number."""
        try:
            customer, readers = await self._audience(conversation_id)
            mark = {"conversation_id": conversation_id, "who": who, "number": number}
            await self._emit("read", mark, DESK, readers)
            if who == "agent":
                await self._emit("read", {"number": number}, WIDGET, customer)
        except Exception:
            log.exception("read mark not told", conversation=conversation_id)

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        """Pushes went on or failed. One question for all of them: whole batches are settled at once."""
        try:
            readers = await self._readers({change.conversation_id for change in changes})
            for change in changes:
                if change.conversation_id in readers:
                    await self._emit("delivery", change._asdict(), DESK, readers[change.conversation_id])
        except Exception:
            log.exception("deliveries not told")

    async def agents(self, team: list[dict[str, Any]]) -> None:
        """The team as the desks show it."""
        try:
            await self._emit("agents", {"agents": team}, DESK, rooms.FLOOR)
        except Exception:
            log.exception("team not told")

    async def queue_changed(self) -> None:
        """Places in the queue have moved; a burst of moves is told once."""
        self._queue_moved = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_queue())

    async def close(self) -> None:
        """Stop telling; waits for nothing."""
        if self._telling is not None:
            self._telling.cancel()

    async def _tell_queue(self) -> None:
        while self._queue_moved:
            self._queue_moved = False
            try:
                async with self._database.read() as session:
                    queue = await reading.list_views(
                        session, reading.conversations(Conversation.status == "queued")
                    )
                await self._emit("queue", {"waiting": len(queue)}, DESK, rooms.FLOOR)
                for waiting in queue:
                    room = rooms.contacts(waiting.contact.id, waiting.also)
                    await self._emit("conversation", waiting.for_customer(), WIDGET, room)
            except Exception:
                log.exception("queue not told")
            await asyncio.sleep(QUEUE_PAUSE)

    async def _emit(self, event: str, data: dict[str, Any], namespace: str, room: str | list[str]) -> None:
        await self._server.emit(event, data, room=room, namespace=namespace)

    async def _agents(self, conversation: ConversationView) -> list[str]:
        """The owner; for a resolved conversation those who had it (rare: no cost on the way of a message)."""
        if conversation.agent is not None:
            return [conversation.agent.id]
        return await self._had(conversation.id) if conversation.status == "resolved" else []

    async def _had(self, conversation_id: str) -> list[str]:
        statement = (
            select(Handoff.agent_id)
            .where(Handoff.conversation_id == conversation_id, Handoff.agent_id.is_not(None))
            .distinct()
        )
        async with self._database.read() as session:
            return [agent_id for agent_id in await session.scalars(statement) if agent_id]

    async def _audience(self, conversation_id: str) -> tuple[list[str], list[str]]:
        """The customer's room and those of the desk's readers, by who owns the conversation now."""
        statement = select(
            Conversation.contact_id, Conversation.also, Conversation.status, Conversation.agent_id
        ).where(Conversation.id == conversation_id)
        async with self._database.read() as session:
            contact_id, also, status, owner = (await session.execute(statement)).one()
        readers = rooms.for_messages(conversation_id, status, [owner] if owner else [])
        return rooms.contacts(contact_id, also), readers

    async def _readers(self, conversation_ids: set[str]) -> dict[str, list[str]]:
        """The rooms of those who may read each conversation now."""
        statement = select(Conversation.id, Conversation.status, Conversation.agent_id).where(
            Conversation.id.in_(conversation_ids)
        )
        async with self._database.read() as session:
            found = (await session.execute(statement)).all()
        return {
            id_: rooms.for_messages(id_, status, [owner] if owner else []) for id_, status, owner in found
        }

    def _is_new_epoch(self, conversation: ConversationView) -> bool:
        """Whether this process has not yet told the floor of this epoch."""
        known = self._epochs.pop(conversation.id, None)
        self._epochs[conversation.id] = conversation.epoch
        if len(self._epochs) > REMEMBER:
            self._epochs.popitem(last=False)
        return known != conversation.epoch


def _hidden(conversation: ConversationView) -> dict[str, Any]:
    """The row for those who may no longer see the conversation: it leaves their lists."""
    return {
        "id": conversation.id,
        "status": "hidden",
        "owner": conversation.owner,
        "epoch": conversation.epoch,
        "agent": None,
        "unread": 0,
        "hidden": True,
    }

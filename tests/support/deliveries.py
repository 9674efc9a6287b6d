"""A platform that does as it is told, and an outbox before it whose time moves only when told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from actions.db import Database, new_id
from bot.contract import Reply
from handoff.channels.base import Capabilities, Outbound, SendFailed
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.context import Context, Holder
from handoff.conversations.thread import opened
from handoff.conversations.views import InboxView
from handoff.delivery.dispatcher import Dispatcher
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.delivery.pace import Pace
from handoff.delivery.tracking import Tracking
from tests.support import conversations
from tests.support.conversations import House

PLAIN = Capabilities(buttons=3, text_limit=100)
TELLS = replace(PLAIN, evidence=True)
WINDOWS = replace(PLAIN, reply_window=timedelta(hours=24), human_window=timedelta(days=7))

Answer = SendFailed | Exception | str | None


class Platform:
    """A channel. ``answers`` are given in turn (an exception is raised), then an id is made up."""

    def __init__(self, capabilities: Capabilities = PLAIN) -> None:
        self.capabilities = capabilities
        self.answers: list[Answer] = []
        self.calls: list[Outbound] = []
        self.took: list[tuple[str, str]] = []  # contact, text: what reached the customer
        self.loses_answers = 0  # so many calls are taken, but nobody hears of it
        self.at_call: Callable[[Outbound], Any] | None = None
        self.running = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    def pushes(self, inbox: InboxView) -> bool:
        return True

    async def send(self, outbound: Outbound) -> str | None:
        self.calls.append(outbound)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.entered.set()
        try:
            if self.at_call:
                self.at_call(outbound)
            await self.gate.wait()
            answer = self.answers.pop(0) if self.answers else f"mid.{new_id()}"
            if isinstance(answer, Exception):
                raise answer
            self.took.append((outbound.contact, outbound.part.text))
            if self.loses_answers:
                self.loses_answers -= 1
                raise SendFailed("ReadTimeout", unsure=True, code="unreachable")
            return answer
        finally:
            self.running -= 1

    def texts(self, contact: str | None = None) -> list[str]:
        return [text for who, text in self.took if contact in (None, who)]


@dataclass
class Post:
    """An outbox with one inbox, a dispatcher and a platform."""

    house: House
    platform: Platform
    dispatcher: Dispatcher
    inboxes: Inboxes
    pace: Pace
    context: Context
    tracking: Tracking
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.house.database

    async def customer(self, contact: str = "ann") -> str:
        """A conversation in which the customer has just written; the bot's answer is not pushed."""
        outcome = await self.house.write("Hello", contact)
        async with self.database.write() as session:
            for row in await session.scalars(select(Delivery)):
                if row.conversation_id == outcome.conversation.id and row.state == "due":
                    await session.delete(row)
        return outcome.conversation.id

    async def say(self, conversation: str, *texts: str, sender: str = "agent", **rich: Any) -> None:
        """Messages to push."""
        async with opened(self.context, conversation) as thread:
            for text in texts:
                if sender == "bot":
                    thread.bot_says([Reply(text=text)])
                else:
                    thread.add(sender, text, rich=dict(rich))

    async def drain(self) -> None:
        while await self.dispatcher.once():
            pass

    async def later(self, seconds: float) -> None:
        self.house.clock.pass_(seconds)
        await self.drain()

    async def rows(self) -> list[Delivery]:
        async with self.database.read() as session:
            return list(
                await session.scalars(select(Delivery).order_by(Delivery.conversation_id, Delivery.number))
            )

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]

    async def parts(self) -> list[DeliveryPart]:
        async with self.database.read() as session:
            return list(await session.scalars(select(DeliveryPart).order_by(DeliveryPart.place)))

    async def notes(self, conversation: str) -> list[dict[str, Any]]:
        thread = await self.house.thread(conversation)
        return [m.rich for m in thread if m.private and m.sender == "system"]

    def another(self, address: str = "one:1") -> Post:
        """A gateway on the same database that starts now; the same address: a restart of this one."""
        context = replace(self.context, holder=Holder.at(address))
        pace = Pace(lambda: self.house.clock().timestamp())
        dispatcher = _dispatcher(context, self.platform, self.inboxes, pace)
        return replace(self, context=context, dispatcher=dispatcher, pace=pace, tracking=Tracking(context))


def _dispatcher(context: Context, platform: Platform, inboxes: Inboxes, pace: Pace) -> Dispatcher:
    channels = Channels({"rest": platform})
    return Dispatcher(
        context, channels, inboxes, lambda: 1.0, base_url="https://shop.example", unsure_wait=45, pace=pace
    )


async def build(
    database: Database, capabilities: Capabilities = PLAIN, platform: Platform | None = None
) -> Post:
    house = await conversations.build(database, pushed=True)
    context = house.conversations.context
    platform = platform or Platform(capabilities)
    inboxes = Inboxes(database, Vault("k" * 40))
    pace = Pace(lambda: house.clock().timestamp())
    dispatcher = _dispatcher(context, platform, inboxes, pace)
    return Post(house, platform, dispatcher, inboxes, pace, context, Tracking(context))


class Changing(Platform):
    """A platform on which what was sent can be changed, with approved texts."""

    def __init__(self, capabilities: Capabilities = replace(PLAIN, edits=True, deletions=True)) -> None:
        super().__init__(capabilities)
        self.changed: list[tuple[str, str, str | None]] = []  # contact, id, text
        self.refuses = False
        self.listed = 0

    async def edit(self, inbox: InboxView, contact: str, external_id: str, text: str) -> None:
        await self._change(contact, external_id, text)

    async def delete(self, inbox: InboxView, contact: str, external_id: str) -> None:
        await self._change(contact, external_id, None)

    async def _change(self, contact: str, external_id: str, text: str | None) -> None:
        if self.refuses:
            raise SendFailed("too old", final=True)
        self.changed.append((contact, external_id, text))

    async def templates(self, inbox: InboxView) -> list[dict[str, Any]]:
        self.listed += 1
        if self.refuses:
            raise SendFailed("no such account", final=True)
        return [
            {"name": "hello", "language": "en", "body": "Hello {{1}}", "variables": 1, "category": "UTILITY"}
        ]

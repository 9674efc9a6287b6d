"""A bot that answers as told, a hub that remembers, and conversations around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.db import Database, new_id
from actions.texts import Texts
from bot.contract import HandoffWish, Reply, TurnReply, TurnRequest, Understanding
from handoff.agents.models import Agent
from handoff.agents.presence import Duty
from handoff.channels.models import Inbox
from handoff.conversations import reading
from handoff.conversations.context import Context, Holder
from handoff.conversations.inbound import Echo, Inbound, Outcome, Progress
from handoff.conversations.policy import Thresholds
from handoff.conversations.ports import BotFailure, DeliveryChange
from handoff.conversations.rates import Rates
from handoff.conversations.service import Conversations
from handoff.conversations.views import ConversationView, InboxView, MessageView

Answer = Callable[[TurnRequest], TurnReply | BotFailure]


def said(text: str = "Hello", *, intent: str = "greet", score: float = 0.0, **rest: Any) -> TurnReply:
    """A bot's answer. ``rest``: doubtful, handoff, slots, active_form; or buttons of the reply."""
    buttons = rest.pop("buttons", [])
    understanding = Understanding(
        intent=intent, confidence=0.9, in_scope=0.9, language="en", sentiment={"label": "", "score": score}
    )
    return TurnReply([Reply(text=text, buttons=buttons)] if text else [], understanding, **rest)


def wish(reason: str = "asked", text: str = "") -> TurnReply:
    """The dialogue wants a person."""
    return said(text, intent="contact_human", handoff=HandoffWish(reason))


class FakeBot:
    """Answers by ``answer``; while ``gate`` is closed its turns hang. Remembers every request."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer: Answer = answer or (lambda request: said(f"re: {request.text or request.payload}"))
        self.asked: list[TurnRequest] = []
        self.running: set[str] = set()
        self.overlapped = False
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    def close(self) -> None:
        """Turns from now on hang until :meth:`open`."""
        self.gate.clear()
        self.entered.clear()

    def open(self) -> None:
        self.gate.set()

    async def turn(self, request: TurnRequest) -> TurnReply:
        self.asked.append(request)
        self.overlapped |= request.conversation_id in self.running
        self.running.add(request.conversation_id)
        self.entered.set()
        try:
            await self.gate.wait()
        finally:
            self.running.discard(request.conversation_id)
        answer = self.answer(request)
        if isinstance(answer, BotFailure):
            raise answer
        return answer


class Untracked:
    """Nothing that was sent is followed."""

    async def progress(self, _inbox: InboxView, _event: Progress) -> None:
        return None

    async def echo(self, _inbox: InboxView, event: Echo) -> bool:
        return event.ours or event.ref is not None


class RecordingHub:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.published: list[tuple[ConversationView, list[MessageView]]] = []
        self.queue_changes = 0
        self.reads: list[tuple[str, int]] = []
        self.deliveries: list[DeliveryChange] = []

    async def publish(self, conversation: ConversationView, messages: list[MessageView]) -> None:
        self.published.append((conversation, messages))

    async def typing(self, conversation_id: str, who: str, on: bool, name: str | None = None) -> None:
        return None

    async def read(self, conversation_id: str, who: str, number: int) -> None:
        self.reads.append((who, number))

    async def queue_changed(self) -> None:
        self.queue_changes += 1

    async def delivery(self, changes: Sequence[DeliveryChange]) -> None:
        self.deliveries.extend(changes)


class Clock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class House:
    """Conversations over a database, with everything around them faked."""

    database: Database
    bot: FakeBot
    hub: RecordingHub
    clock: Clock
    inbox: InboxView
    conversations: Conversations
    pushed: bool = field(default=False)

    async def write(self, text: str | None = None, contact: str = "ann", **rest: Any) -> Outcome:
        """A customer writes, and it is dealt with."""
        receipt = await self.receive(text, contact, **rest)
        return await receipt.done()

    async def receive(self, text: str | None = None, contact: str = "ann", **rest: Any) -> Any:
        rest.setdefault("external_id", new_id())
        return await self.conversations.receive(self.inbox, Inbound(contact=contact, text=text, **rest))

    async def agent(self, name: str = "Maria", *, capacity: int = 4, present: bool = True) -> str:
        row = Agent(
            id=new_id(),
            email=f"{new_id()}@example.org",
            name=name,
            password_hash="",
            capacity=capacity,
            availability="online" if present else "away",
            seen_at=self.clock(),
        )
        async with self.database.write() as session:
            session.add(row)
        return row.id

    async def load(self, agent_id: str) -> int:
        async with self.database.read() as session:
            agent = await session.get(Agent, agent_id)
            assert agent is not None
            return agent.load

    async def thread(self, conversation_id: str, private: bool = True) -> list[MessageView]:
        async with self.database.read() as session:
            return await reading.messages(session, conversation_id, after=0, limit=1000, private=private)

    async def view(self, conversation_id: str) -> ConversationView:
        async with self.database.read() as session:
            return await reading.view(session, conversation_id)

    def another_gateway(self, address: str = "other:1") -> House:
        """A second gateway on the same database; the same address: a restart of this one."""
        context = replace(self.conversations.context, holder=Holder.at(address))
        return replace(self, conversations=Conversations(context, self.bot))


async def build(
    database: Database, *, turn_timeout: float = 5.0, address: str = "one:1", pushed: bool = False
) -> House:
    """A house with one inbox."""
    bot, hub, clock = FakeBot(), RecordingHub(), Clock()
    row = Inbox(id=new_id(), channel="rest", name="Test", options={})
    async with database.write() as session:
        session.add(row)
    context = Context(
        database=database,
        hub=hub,
        presence=Duty(clock),
        texts=Texts.load(),
        thresholds=Thresholds(not_questions=("greet",)),
        turn_timeout=turn_timeout,
        holder=Holder.at(address),
        pushes=lambda _inbox: pushed,
        clock=clock,
    )
    conversations = Conversations(context, bot, Rates(per_second=1000, burst=1000))
    inbox = InboxView(row.id, row.channel, row.name, row.options)
    return House(database, bot, hub, clock, inbox, conversations)

"""Conversations: the one way in for channels, desk and assignment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.conversations import events, hygiene, intake, joining, reading
from handoff.conversations.batch import Batch
from handoff.conversations.context import Context
from handoff.conversations.inbound import Inbound, Outcome, Receipt
from handoff.conversations.lines import Lines
from handoff.conversations.models import Contact, Conversation, Message
from handoff.conversations.ports import Bot
from handoff.conversations.rates import Rates
from handoff.conversations.thread import Thread, opened
from handoff.conversations.turns import Turns
from handoff.conversations.views import AgentView, ConversationView, InboxView, MessageView
from handoff.errors import Conflict, Invalid, NotFound, TooMany

LOOK = 0.1  # seconds between looks at a turn that another gateway runs
LOOK_AFTER = 2.0  # the same for a turn of ours, which tells by itself: only to be sure


class Conversations:
    """Everything that can happen to a conversation.

    Errors: ``NotFound`` (no such conversation), ``Conflict`` (wrong state, not yours, somebody
    was faster, agent full), ``Invalid`` (text), ``TooMany`` (rate).
    """

    def __init__(self, context: Context, bot: Bot, rates: Rates | None = None) -> None:
        self.context = context
        self.turns = Turns(context, bot)
        self._lines = Lines()
        self._looked = Rates(per_second=1 / 60, burst=2)
        self._rates = rates or Rates(per_second=5, burst=100)

    async def receive(self, inbox: InboxView, inbound: Inbound) -> Receipt:
        """Store a customer's message and have it answered; returns as soon as it is stored."""
        inbound = intake.cleaned(inbound)
        wait = self._rates.spend((inbox.id, inbound.contact))
        if wait:
            raise TooMany("too_fast", retry_after=wait)
        if inbound.customer_id is not None:
            await self._one_person(inbox, inbound.contact)
        (receipt,) = await self.receive_burst(inbox, [inbound])
        return receipt

    async def _one_person(self, inbox: InboxView, contact: str) -> None:
        """A contact that is proven to be a customer talks in the customer's thread; looked at once in a
        while, for it changes seldom and messages come often."""
        if not self._looked.spend((inbox.id, contact)):
            async with self.context.database.read() as session:
                contact_id = await session.scalar(
                    select(Contact.id).where(
                        Contact.inbox_id == inbox.id,
                        Contact.external_id == contact,
                        Contact.customer_id.is_not(None),
                    )
                )
            if contact_id is not None:
                await joining.proven(self.context, contact_id)

    async def receive_burst(self, inbox: InboxView, inbounds: Sequence[Inbound]) -> list[Receipt]:
        """Store what one contact said in short order, to be answered in one turn if it can be.

        The messages are cleaned already; how fast they come is the caller's concern."""
        async with self._lines.of((inbox.id, inbounds[0].contact)):
            burst = await intake.take_in(self.context, inbox, inbounds)
        self.context.metrics.received.labels(inbox.channel).inc(len(burst))
        if batch := next((taken.batch for taken in burst if taken.batch), None):
            self.turns.start(batch)
        return [await self._receipt(taken) for taken in burst]

    async def _receipt(self, taken: intake.Taken) -> Receipt:
        message, seen = taken.message, taken.conversation
        if seen is None:  # a duplicate whose own receipt was given long ago
            async with self.context.database.read() as session:
                seen = await reading.view(session, message.conversation_id)
        return Receipt(
            message,
            seen,
            taken.duplicate,
            done=partial(self._outcome, taken),
            so_far=partial(self._so_far, message),
        )

    async def claim(self, conversation_id: str, agent_id: str) -> ConversationView:
        """The agent takes it: from the queue, from the bot, woken or reopened."""
        return await self._happen(conversation_id, events.Claimed(agent_id))

    async def assign(self, conversation_id: str, agent_id: str, expected_epoch: int) -> ConversationView:
        """The assignment gives it to an agent who is there and has room, if it waits in that epoch still."""
        return await self._happen(conversation_id, events.Assigned(agent_id, expected_epoch))

    async def reply(
        self,
        conversation_id: str,
        agent_id: str,
        text: str,
        client_id: str | None = None,
        *,
        files: Sequence[str] = (),
        template: dict[str, Any] | None = None,
        reply_to: int | None = None,
    ) -> MessageView:
        """The agent answers the customer. The same ``client_id`` again is the same message.

        ``files`` are ids of the agent's uploads, ``template`` an approved text of the platform
        (``text`` is what it reads like), ``reply_to`` the number of the message this answers."""
        rich = {"template": template, "reply_to": reply_to}
        return await self._write(
            conversation_id,
            agent_id,
            text,
            client_id,
            private=False,
            files=files,
            rich={name: value for name, value in rich.items() if value},
        )

    async def note(
        self, conversation_id: str, agent_id: str, text: str, client_id: str | None = None
    ) -> MessageView:
        """A word among agents, in any state, never seen by the customer."""
        return await self._write(conversation_id, agent_id, text, client_id, private=True)

    async def hand_back(
        self, conversation_id: str, agent_id: str, next: str = "", note: str = ""
    ) -> ConversationView:
        """The bot goes on: with ``next`` (an intent) if given. It is told what was said meanwhile."""
        if next and not next.replace("_", "").isalnum():
            raise Invalid("bad_next")
        note = hygiene.clean_text(note) if note.strip() else ""
        async with opened(self.context, conversation_id) as thread:
            author = await self._author(thread, agent_id)
            payload = f"/handed_back{json.dumps({'next': next})}"
            text = note or thread.words("handed_back")
            thread.add("agent", text, author=author, private=True, payload=payload, unanswered=True)
            turn = thread.said[-1]
            await thread.step(events.HandedBack(agent_id), next=next, note=note)
            batch = Batch.of(thread.row, thread.inbox.channel, (turn,)) if thread.turn else None
        if batch:
            self.turns.start(batch)
        return thread.seen

    async def resolve(self, conversation_id: str, agent_id: str) -> ConversationView:
        return await self._happen(conversation_id, events.Resolved(agent_id))

    async def snooze(self, conversation_id: str, agent_id: str, until: datetime) -> ConversationView:
        """Put it away until then, or until the customer writes."""
        if until.tzinfo is None or until <= self.context.clock():
            raise Invalid("bad_time")
        return await self._happen(conversation_id, events.Snoozed(agent_id), until=until)

    async def transfer(
        self, conversation_id: str, agent_id: str, to_agent_id: str, note: str = ""
    ) -> ConversationView:
        """Give it to a colleague who is present and has room."""
        return await self._happen(conversation_id, events.Transferred(agent_id, to_agent_id), note=note)

    async def requeue(
        self, conversation_id: str, reason: str, expected_epoch: int | None = None
    ) -> ConversationView:
        """Its agent is lost or gave it up: back to the queue, in its old place."""
        event = events.Requeued(reason)
        return await self._happen(conversation_id, event, epoch=expected_epoch)

    async def read_by(self, conversation_id: str, who: str, number: int) -> None:
        """``who`` (``customer`` or ``agent``) has read up to ``number``; it never goes back."""
        async with self.context.database.write() as session:
            row = await session.get(Conversation, conversation_id, with_for_update=True)
            if row is None:
                raise NotFound("conversation_unknown")
            column = "read_by_customer" if who == "customer" else "read_by_agent"
            number = min(number, row.last_number)
            if number <= getattr(row, column):
                return
            setattr(row, column, number)
        await self.context.told(self.context.hub.read(conversation_id, who, number))

    async def tend(self) -> None:
        """What time brings: turns left behind are taken up, snoozed conversations wake. Call it often."""
        await self.turns.recover()
        async with self.context.database.read() as session:
            due = (
                await session.execute(
                    select(Conversation.id, Conversation.agent_id).where(
                        Conversation.status.in_(("snoozed", "elsewhere")),
                        Conversation.snoozed_until <= self.context.clock(),
                    )
                )
            ).all()
        for conversation_id, agent_id in due:
            try:
                async with opened(self.context, conversation_id) as thread:
                    free = bool(agent_id) and await self.context.presence.free(thread.session, agent_id or "")
                    over = thread.state.status == "elsewhere"
                    await thread.step(events.Returned() if over else events.SnoozeOver(agent_free=free))
            except Conflict:
                continue  # somebody was faster

    async def _happen(
        self,
        conversation_id: str,
        event: events.Event,
        *,
        epoch: int | None = None,
        until: datetime | None = None,
        note: str = "",
    ) -> ConversationView:
        async with opened(self.context, conversation_id) as thread:
            if epoch is not None and thread.row.epoch != epoch:
                raise Conflict("moved_on")
            if note.strip() and (agent_id := getattr(event, "agent_id", None)):
                author = await self._author(thread, agent_id)
                thread.add("agent", hygiene.clean_text(note), author=author, private=True)
            await thread.step(event)
            if until is not None:
                thread.row.snoozed_until = until
        return thread.seen

    async def _write(
        self,
        conversation_id: str,
        agent_id: str,
        text: str,
        client_id: str | None,
        *,
        private: bool,
        files: Sequence[str] = (),
        rich: dict[str, Any] | None = None,
    ) -> MessageView:
        text = hygiene.clean_text(text) if text.strip() or not files else ""
        if client_id is not None:
            client_id = hygiene.clean_id(client_id, "client_id", 64)
        async with opened(self.context, conversation_id) as thread:
            if client_id and (again := await self._said_before(thread, agent_id, client_id)):
                return again
            if not private:
                await thread.step(events.AgentWrote(agent_id))
                thread.row.read_by_agent = thread.row.last_number + 1
            author = await self._author(thread, agent_id)
            said = thread.add("agent", text, author=author, client_id=client_id, private=private, rich=rich)
            if files:
                await thread.flush()
                entries = await self.context.files.claim(
                    thread.session, conversation_id, said.id, agent_id, files
                )
                said = await thread.enrich(said, files=entries)
            return said

    async def _author(self, thread: Thread, agent_id: str) -> AgentView:
        agent = await thread.session.get(Agent, agent_id)
        if agent is None:
            raise NotFound("agent_unknown")
        return AgentView(agent.id, agent.name)

    async def _said_before(self, thread: Thread, agent_id: str, client_id: str) -> MessageView | None:
        row = await thread.session.scalar(
            select(Message).where(Message.conversation_id == thread.row.id, Message.client_id == client_id)
        )
        if row is None:
            return None
        if row.sender != "agent" or row.agent_id != agent_id:
            raise Conflict("id_taken")
        return reading.message_view(row, await thread.session.get(Agent, agent_id))

    async def _outcome(self, taken: intake.Taken) -> Outcome:
        """How it went: told by the turn if it runs here, else seen in the database."""
        message_id = taken.message.id
        if taken.handled and not taken.duplicate and taken.conversation:
            return Outcome(taken.conversation, [])
        told = self.turns.expect(message_id)
        try:
            if taken.batch is None and (found := await self._found(taken.message)):
                return found
            while True:
                await asyncio.wait({told}, timeout=LOOK_AFTER if taken.here else LOOK)
                if told.done() and (outcome := told.result()):
                    return outcome
                told = self.turns.expect(message_id)
                if found := await self._found(taken.message):
                    return found
        finally:
            self.turns.forget(message_id)

    async def _found(self, message: MessageView) -> Outcome | None:
        async with self.context.database.read() as session:
            handled = await session.scalar(select(Message.handled_at).where(Message.id == message.id))
        return await self._so_far(message) if handled else None

    async def _so_far(self, message: MessageView) -> Outcome:
        async with self.context.database.read() as session:
            said = await reading.messages(session, message.conversation_id, after=message.number)
            seen = await reading.view(session, message.conversation_id)
        return Outcome(seen, [one for one in said if one.sender != "customer"])

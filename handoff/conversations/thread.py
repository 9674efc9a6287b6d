"""One conversation inside one write transaction: what is said in it, and what its steps entail.

A :class:`Thread` is opened with the conversation's row locked, so that numbers have no gaps
and an epoch once read stays true until the commit; :meth:`Thread.close` writes what was
gathered, and publishes it once it is committed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import new_id
from bot.contract import Reply
from handoff.conversations import effects, events, lifecycle, publishing, rows
from handoff.conversations.context import Context
from handoff.conversations.models import JournalEntry, Message
from handoff.conversations.rows import ConversationRow
from handoff.conversations.views import AgentView, ContactView, ConversationView, InboxView, MessageView
from handoff.delivery.models import Delivery
from handoff.errors import Conflict, NotFound

# How a push looks at first: nobody is to believe that it is delivered before its news come.
WAITING = {"state": "due", "mark": None, "error": None, "code": None, "parts": 0}
LEASE_MARGIN = 6.0  # seconds on top of the bot's time-out before another gateway takes a turn over

# Made once: building a statement anew costs about as much as running it. Plain tables, for the
# unit of work would cost more than both.
_MESSAGES = insert(Message.__table__)  # type: ignore[arg-type]
_DELIVERIES = insert(Delivery.__table__)  # type: ignore[arg-type]
_JOURNAL = insert(JournalEntry.__table__)  # type: ignore[arg-type]


@asynccontextmanager
async def opened(context: Context, conversation_id: str) -> AsyncIterator[Thread]:
    """A thread in a transaction of its own, closed at the end; raises ``NotFound``."""
    async with context.database.write() as session:
        locked = await rows.lock(session, conversation_id)
        if locked is None:
            raise NotFound("conversation_unknown")
        thread = Thread(context, session, locked)
        yield thread
        await thread.close()


class Thread:
    """``turn``: this transaction has taken the lease for a turn, which is to run after the commit.
    ``seen``: the conversation as the transaction leaves it, known once the thread is closed.
    """

    seen: ConversationView

    def __init__(self, context: Context, session: AsyncSession, locked: rows.Locked) -> None:
        self.context = context
        self.session = session
        self.row, self.contact, self.agent, self.inbox = locked
        self._stored = copy(self.row)
        self.now = context.clock()
        self.said: list[MessageView] = []  # new in this transaction
        self.changed: list[MessageView] = []  # said before, and different now
        self.turn = False
        self.queue_moved = False
        self._unsaved: list[dict[str, Any]] = []
        self._journal: list[dict[str, Any]] = []

    def use(self, contact: ContactView, inbox: InboxView) -> None:
        """Answers go to this contact from now on: the channel that was used last."""
        self.contact, self.inbox = contact, inbox
        row = self.row
        if row.contact_id != contact.id:
            row.also = sorted({*row.also, row.contact_id} - {contact.id})
            row.contact_id, row.inbox_id = contact.id, inbox.id

    @property
    def state(self) -> lifecycle.State:
        row = self.row
        return lifecycle.State(row.status, row.epoch, row.agent_id)  # type: ignore[arg-type]

    async def step(self, event: events.Event, **detail: Any) -> tuple[events.Effect, ...]:
        """Let an event happen, with all it entails; raises ``Conflict`` if it cannot."""
        before = self.state
        try:
            after, entailed = lifecycle.step(before, event)
        except lifecycle.Refused as refused:
            raise Conflict(refused.code) from refused
        self.row.status, self.row.epoch, self.row.agent_id = after.status, after.epoch, after.agent_id
        if after != before:
            self.queue_moved |= "queued" in (before.status, after.status)
            self.journal(type(event).__name__, getattr(event, "agent_id", None), **detail)
        await effects.run(self, entailed, detail)
        return entailed

    def draft(
        self,
        sender: str,
        text: str,
        *,
        author: AgentView | None = None,
        rich: dict[str, Any] | None = None,
        private: bool = False,
        payload: str | None = None,
        client_id: str | None = None,
    ) -> MessageView:
        """A message with the next number, not yet part of the thread."""
        return MessageView(
            id=new_id(),
            conversation_id=self.row.id,
            number=self.row.last_number + 1,
            sender=sender,
            text=text,
            created_at=self.now,
            author=author,
            rich=rich or {},
            private=private,
            payload=payload,
            client_id=client_id,
            epoch=self.row.epoch,
            contact_id=None if private else self.row.contact_id,
        )

    def keep(self, message: MessageView) -> None:
        """Count a message, stored already, as said here."""
        self.row.last_number = message.number
        self.row.last_message_at = message.created_at
        self.said.append(message)

    def add(self, sender: str, text: str, *, unanswered: bool = False, **rest: Any) -> MessageView:
        """Say something; ``unanswered`` leaves it for the bot's next turn. Else as :meth:`draft`."""
        message = self.draft(sender, text, **rest)
        self._unsaved.append(message_row(message, handled_at=None if unanswered else self.now))
        self.keep(message)
        return message

    def words(self, key: str, **values: Any) -> str:
        """A text of ours in the customer's language."""
        return self.context.texts.say(f"conversation.{key}", self.row.language or self.row.locale, **values)

    def tell(self, key: str, text: str | None = None, **values: Any) -> MessageView:
        """Tell the customer something; ``key`` and ``values`` let a client say it in its own way."""
        rich = {"key": key, "values": values} if values else {"key": key}
        return self.add("system", text or self.words(key, **values), rich=rich)

    def note(self, key: str, **values: Any) -> MessageView:
        """Tell the desk something, in the thread, unseen by the customer."""
        rich = {"key": key, "values": values}
        return self.add("system", self.words(key, **values), rich=rich, private=True)

    def bot_says(self, replies: list[Reply], dropped: bool = False) -> None:
        """The bot's replies; ``dropped`` ones came too late and are for the desk's eyes only."""
        for reply in replies:
            rich = {"buttons": reply.buttons, "cards": reply.cards, "image": reply.image, "dropped": dropped}
            kept = {name: value for name, value in rich.items() if value}
            self.add("bot", reply.text or "", rich=kept, private=dropped)

    def journal(self, event: str, agent_id: str | None = None, **detail: Any) -> None:
        row = self.row
        self._journal.append(
            {
                "conversation_id": row.id,
                "epoch": row.epoch,
                "event": event,
                "agent_id": agent_id,
                "detail": detail,
                "at": self.now,
            }
        )

    def take_turn(self, number: int) -> None:
        """Take the turn that answers everything up to ``number``, unless somebody runs one:
        who does looks again before letting go."""
        row = self.row
        if row.turn_owner is None or row.turn_until is None or row.turn_until <= self.now:
            self.renew_turn(number)
            self.turn = True

    def renew_turn(self, number: int) -> None:
        row = self.row
        row.turn_owner, row.turn_number = self.context.holder.token, number
        row.turn_until = self.now + timedelta(seconds=self.context.turn_timeout + LEASE_MARGIN)

    async def save(self) -> None:
        """Write the conversation's row as it is now, for statements that look at it."""
        self._stored = await rows.save(self.session, self._stored, self.row)

    async def flush(self) -> None:
        """Write what was said until now, for rows that refer to it."""
        if self._unsaved:
            await self.session.execute(_MESSAGES, self._unsaved)
            self._unsaved = []

    async def enrich(self, message: MessageView, **more: Any) -> MessageView:
        """Add to the ``rich`` of a message of this transaction that is written already."""
        after = replace(message, rich=message.rich | more)
        await self.session.execute(
            update(Message)
            .where(Message.id == message.id)
            .values(rich=after.rich)
            .execution_options(synchronize_session=False)
        )
        self.said = [after if one.id == after.id else one for one in self.said]
        return after

    async def close(self) -> None:
        """Write what was said and done, and have it published after the commit."""
        await self.save()
        await self.flush()
        if self._journal:
            await self.session.execute(_JOURNAL, self._journal)
        pushed: list[MessageView] = []
        if self.context.pushes(self.inbox):
            pushed = [
                m for m in self.said if m.sender != "customer" and not m.private and "elsewhere" not in m.rich
            ]
        if pushed:
            await self.session.execute(_DELIVERIES, [delivery_row(m, self.row) for m in pushed])
            going = {m.id for m in pushed}
            self.said = [replace(m, delivery=dict(WAITING)) if m.id in going else m for m in self.said]
        self.seen = await publishing.view(self)
        publishing.after(self, bool(pushed))


def message_row(message: MessageView, handled_at: Any, **rest: Any) -> dict[str, Any]:
    """A message as a row of its table."""
    row = {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "number": message.number,
        "sender": message.sender,
        "agent_id": message.author.id if message.author else None,
        "contact_id": message.contact_id,
        "text": message.text,
        "payload": message.payload,
        "rich": message.rich,
        "private": message.private,
        "epoch": message.epoch,
        "inbox_id": None,
        "external_id": None,
        "client_id": message.client_id,
        "understanding": None,
        "sent_at": message.sent_at,
        "edited_at": None,
        "deleted_at": None,
        "created_at": message.created_at,
        "handled_at": handled_at,
    }
    return row | rest


def delivery_row(message: MessageView, row: ConversationRow) -> dict[str, Any]:
    """The epoch is that of the conversation as it is committed, so that a hand-off's own words go out."""
    return {
        "id": new_id(),
        "message_id": message.id,
        "conversation_id": message.conversation_id,
        "contact_id": row.contact_id,
        "number": message.number,
        "epoch": row.epoch,
        "state": "due",
        "parts": 0,
        "attempts": 0,
        "next_at": message.created_at,
        "created_at": message.created_at,
    }

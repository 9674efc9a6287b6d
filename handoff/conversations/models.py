"""Tables of conversations, messages, hand-offs and the journal of who owned what, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, new_id, now


class Contact(Base):
    """An identity on a channel; the person behind it is a customer, known only with proof."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("inbox_id", "external_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inboxes.id"))
    external_id: Mapped[str] = mapped_column(String(255))
    customer_id: Mapped[str | None] = mapped_column(String(32), index=True)  # plain id, the shop's half
    name: Mapped[str | None] = mapped_column(String(120))
    locale: Mapped[str | None] = mapped_column(String(20))
    # The thread it talks in: its own at first, another's once both are proven to be one person.
    conversation_id: Mapped[str] = mapped_column(String(32), index=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ContactToken(Base):
    """A browser that may speak as a contact of the widget. Only the hash of its token is kept."""

    __tablename__ = "contact_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Conversation(Base):
    """One thread with a person: who owns it, in which epoch, and what is known for a hand-off.

    ``contact_id`` and ``inbox_id`` are those last used: answers go there. ``also`` lists the other
    contacts of the person that talk here (see :class:`Link`).
    """

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_status_queued_at", "status", "queued_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    inbox_id: Mapped[str] = mapped_column(ForeignKey("inboxes.id"))
    also: Mapped[list[str]] = mapped_column(default=list)
    merged_into: Mapped[str | None] = mapped_column(String(32), index=True)  # its talk goes on there
    customer_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(12), default="bot")  # see lifecycle.Status
    epoch: Mapped[int] = mapped_column(default=0)  # raised at every change of owner
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(8))
    locale: Mapped[str | None] = mapped_column(String(20))
    last_number: Mapped[int] = mapped_column(default=0)  # number of the newest message
    last_message_at: Mapped[datetime | None] = mapped_column(index=True)
    last_customer_at: Mapped[datetime | None]  # opens the platform's window for answers
    read_by_customer: Mapped[int] = mapped_column(default=0)  # highest number read
    read_by_agent: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(String(40))  # of the present hand-off
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)  # policy's window: mood, doubts, questions
    bot_state: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slots, form and understanding last seen
    turn_owner: Mapped[str | None] = mapped_column(String(32))  # gateway that runs a turn now
    turn_until: Mapped[datetime | None] = mapped_column(index=True)  # its lease
    turn_number: Mapped[int] = mapped_column(default=0)  # newest message the running turn answers
    away_from: Mapped[int | None]  # newest message the bot knows of, while people have had the talk
    created_at: Mapped[datetime] = mapped_column(default=now)


class Message(Base):
    """A message of a conversation; private ones are notes. Numbered without gaps from 1."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("inbox_id", "external_id"),
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_messages_unhandled", "handled_at", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[int]
    sender: Mapped[str] = mapped_column(String(10))  # customer bot agent system
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    contact_id: Mapped[str | None] = mapped_column(String(32))  # by which it came, or to which it goes
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str | None] = mapped_column(Text)  # of a tapped button
    rich: Mapped[dict[str, Any]] = mapped_column(default=dict)  # buttons, cards, image, key of a system text
    private: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=0)  # in which it was born
    inbox_id: Mapped[str | None] = mapped_column(String(32))  # set together with external_id
    external_id: Mapped[str | None] = mapped_column(String(255))  # the channel's id, deduplicates
    client_id: Mapped[str | None] = mapped_column(String(64))  # made by the widget or desk, deduplicates
    understanding: Mapped[dict[str, Any] | None]  # of a customer's message
    sent_at: Mapped[datetime | None]  # as the platform says
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    handled_at: Mapped[datetime | None]  # null: the bot has yet to answer it


class Handoff(Base):
    """One transfer to a person, from the escalation to its end."""

    __tablename__ = "handoffs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    epoch: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[list[Any]] = mapped_column(default=list)  # [{"reason", "value", "threshold"}]
    note: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime] = mapped_column(default=now)
    assigned_at: Mapped[datetime | None]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))  # handed_back resolved abandoned


class JournalEntry(Base):
    """What happened to a conversation: every step of its lifecycle, by whom, in which epoch."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    epoch: Mapped[int]
    event: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)


class Link(Base):
    """Two contacts became one person: the thread that was given up, the proof, and how it was undone."""

    __tablename__ = "links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)  # who moved
    from_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))  # its thread before
    into_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    proof: Mapped[str] = mapped_column(String(12))  # identity code agent
    agent_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(32))


class LinkCode(Base):
    """A code shown on one channel, to be said on another: who can do both is one person.

    Only its hash is kept; it is good once, for minutes, and for a few tries.
    """

    __tablename__ = "link_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(String(64), index=True)
    shown_to: Mapped[str] = mapped_column(ForeignKey("contacts.id"))  # the contact that got the code
    expected_of: Mapped[str | None] = mapped_column(String(32), index=True)  # contact; null: any
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

"""What others get to see of a conversation: plain values, made once, safe to keep and to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Status = Literal["bot", "queued", "assigned", "snoozed", "elsewhere", "resolved"]
Owner = Literal["bot", "queue", "agent", "nobody"]
OWNERS: dict[str, Owner] = {
    "bot": "bot",
    "queued": "queue",
    "assigned": "agent",
    "snoozed": "agent",
    "elsewhere": "agent",
    "resolved": "nobody",
}


def iso(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, as every time leaves the house."""
    return at.isoformat().replace("+00:00", "Z") if at else None


@dataclass(frozen=True, slots=True)
class InboxView:
    """A configured channel. ``secret`` and ``credentials`` are in clear here: it never leaves the house."""

    id: str
    channel: str
    name: str
    options: dict[str, Any] = field(default_factory=dict)
    token_hash: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    credentials: dict[str, str] = field(default_factory=dict, repr=False)  # of the platform, in clear
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    id: str
    name: str | None
    customer_id: str | None
    locale: str | None


@dataclass(frozen=True, slots=True)
class AgentView:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. ``for_customer`` and ``for_desk`` are the two JSON shapes."""

    id: str
    conversation_id: str
    number: int
    sender: str
    text: str
    created_at: datetime
    author: AgentView | None = None
    rich: dict[str, Any] = field(default_factory=dict)
    payload: str | None = None
    client_id: str | None = None
    private: bool = False
    epoch: int = 0
    understanding: dict[str, Any] | None = None
    contact_id: str | None = None  # by which it came, or to which it goes
    sent_at: datetime | None = None  # as the platform says
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    delivery: dict[str, Any] | None = None  # {state, mark, error, parts} of a pushed one, for the desk

    def for_customer(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "sender": self.sender,
            "author": {"id": self.author.id, "name": self.author.name} if self.author else None,
            "text": self.text,
            "rich": self.rich,
            "payload": self.payload,
            "client_id": self.client_id,
            "created_at": iso(self.created_at),
            "edited_at": iso(self.edited_at),
            "deleted_at": iso(self.deleted_at),
        }

    def for_desk(self) -> dict[str, Any]:
        return self.for_customer() | {
            "private": self.private,
            "epoch": self.epoch,
            "understanding": self.understanding,
            "dropped": bool(self.rich.get("dropped")),
            "contact_id": self.contact_id,
            "sent_at": iso(self.sent_at),
            "delivery": self.delivery,
        }


@dataclass(frozen=True, slots=True)
class ConversationView:
    """One conversation. ``unread`` counts what the agent has not read of the customer's."""

    id: str
    status: Status
    epoch: int
    contact: ContactView
    inbox_id: str
    inbox_name: str
    channel: str
    last_number: int
    read_by_agent: int
    read_by_customer: int
    agent: AgentView | None = None
    queue_position: int | None = None
    customer_id: str | None = None
    locale: str | None = None
    language: str | None = None
    reason: str | None = None
    mood: float | None = None
    queued_at: datetime | None = None
    snoozed_until: datetime | None = None
    last_message_at: datetime | None = None
    unread: int = 0
    last_message: MessageView | None = None
    also: tuple[str, ...] = ()  # other contacts of the person that talk in this thread
    last_customer_at: datetime | None = None
    merged_into: str | None = None

    @property
    def owner(self) -> Owner:
        return OWNERS[self.status]

    def for_customer(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "owner": self.owner,
            "agent": {"name": self.agent.name} if self.agent else None,
            "queue_position": self.queue_position,
            "last_number": self.last_number,
            "read_by_agent": self.read_by_agent,
        }

    def for_desk(self) -> dict[str, Any]:
        contact = self.contact
        return self.for_customer() | {
            "contact": {
                "id": contact.id,
                "name": contact.name,
                "customer_id": self.customer_id,
                "locale": self.locale,
            },
            "inbox": {"id": self.inbox_id, "name": self.inbox_name, "channel": self.channel},
            "language": self.language,
            "epoch": self.epoch,
            "reason": self.reason,
            "mood": self.mood,
            "queued_at": iso(self.queued_at),
            "snoozed_until": iso(self.snoozed_until),
            "last_message_at": iso(self.last_message_at),
            "unread": self.unread,
            "read_by_customer": self.read_by_customer,
            "agent": {"id": self.agent.id, "name": self.agent.name} if self.agent else None,
            "last_message": self.last_message.for_desk() if self.last_message else None,
            "also": list(self.also),
            "last_customer_at": iso(self.last_customer_at),
            "merged_into": self.merged_into,
        }

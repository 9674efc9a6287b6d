"""What every channel is: a protocol, what it can show, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from handoff.conversations.inbound import Inbound
from handoff.conversations.views import InboxView, MessageView


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show and do; callers look here, never at a channel's name."""

    buttons: int = 0  # how many a message may have; 0: none
    cards: bool = False
    images: bool = False
    typing: bool = False
    read_receipts: bool = False
    text_limit: int | None = None  # characters of one message
    reply_window: timedelta | None = None  # after the customer's last message


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A webhook as it came in: signatures are checked over these very bytes."""

    body: bytes
    headers: Mapping[str, str]  # names in lower case
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to push. ``delivery_id`` is the same at every attempt."""

    delivery_id: str
    inbox: InboxView
    contact: str  # the recipient's id on the channel
    message: MessageView


class SendFailed(Exception):
    """A push did not succeed. ``final``: trying again is of no use; else after ``retry_after`` seconds."""

    def __init__(self, detail: str, *, final: bool = False, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.final = final
        self.retry_after = retry_after


class Channel(Protocol):
    """A kind of channel."""

    @property
    def capabilities(self) -> Capabilities: ...

    def pushes(self, inbox: InboxView) -> bool:
        """Whether messages of this inbox have to be pushed (else they are fetched, or go over sockets)."""

    async def send(self, outbound: Outbound) -> str | None:
        """Push a message; returns the channel's id of it. Raises :class:`SendFailed`."""


@runtime_checkable
class Webhook(Channel, Protocol):
    """A channel whose platform calls ``POST /webhooks/{inbox}``."""

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        """Raises ``Unauthorised`` unless the request comes from the platform."""

    def parse(self, inbox: InboxView, request: RawRequest) -> list[Inbound]:
        """**All** messages of a request, in order. Raises ``Invalid``."""


def degrade(message: MessageView, can: Capabilities) -> list[str]:
    """A message as plain texts for a channel that cannot show all of it: cards as lines, buttons
    as numbered choices, long texts cut at a space."""
    rich: dict[str, Any] = message.rich
    lines = [message.text] if message.text else []
    if not can.cards:
        for card in rich.get("cards", []):
            facts = (card.get("title"), card.get("subtitle"), card.get("price"), card.get("reason"))
            lines.append("• " + " · ".join(str(fact) for fact in facts if fact))
    if not can.images and rich.get("image"):
        lines.append(str(rich["image"]))
    buttons = rich.get("buttons", [])
    if len(buttons) > can.buttons:
        lines.extend(f"{place}. {button['title']}" for place, button in enumerate(buttons, 1))
    return pieces("\n".join(lines), can.text_limit)


def pieces(text: str, limit: int | None) -> list[str]:
    """``text`` in pieces of at most ``limit`` characters, cut where a person would.

    >>> pieces("one two three", 8)
    ['one two', 'three']
    """
    if limit is None or len(text) <= limit:
        return [text] if text else []
    cut = max(text.rfind(" ", 0, limit + 1), text.rfind("\n", 0, limit + 1))
    cut = cut if cut > 0 else limit
    return [text[:cut].rstrip(), *pieces(text[cut:].lstrip(), limit)]

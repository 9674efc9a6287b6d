"""What exists on a platform: people, their talks with a business, and the files in them. No I/O."""

from __future__ import annotations

import base64
import hashlib
import random
from dataclasses import dataclass, field
from typing import Any, Literal

Platform = Literal["messenger", "instagram", "whatsapp", "telegram"]


@dataclass(frozen=True, slots=True)
class File:
    """``kind``: image audio video file. ``id`` cannot be guessed; ``data`` may be empty when a
    business has sent an address that was not fetched."""

    id: str
    kind: str
    data: bytes
    name: str
    media_type: str
    url: str = ""

    @property
    def digest(self) -> str:
        """As WhatsApp gives it: Base64 of the SHA-256."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()


@dataclass(frozen=True, slots=True)
class Tap:
    """Something to be tapped. ``how``: button, choice (a quick reply, a reply keyboard's key), row
    (of a list), or url (opens a page and tells the business nothing)."""

    title: str
    payload: str
    how: Literal["button", "choice", "row", "url"] = "button"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    subtitle: str = ""
    image: str = ""
    taps: tuple[Tap, ...] = ()


@dataclass(slots=True)
class Content:
    """What a message says, whatever the platform."""

    text: str = ""
    taps: tuple[Tap, ...] = ()
    cards: tuple[Card, ...] = ()
    file: File | None = None
    template: str | None = None
    location: tuple[float, float, str] | None = None
    menu: str = ""  # the words that open a list of rows


@dataclass(slots=True)
class Shown:
    """A message delivered to a customer. ``at``: seconds, simulated. ``raw``: the call's own body."""

    number: int
    id: str
    at: float
    content: Content
    ref: str | None = None
    by: Literal["app", "person"] = "app"
    tag: str | None = None
    reply_to: str | None = None
    state: Literal["sent", "delivered", "read", "failed"] = "sent"
    edited_at: float | None = None
    deleted_at: float | None = None
    reaction: str = ""  # the customer's
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def taps(self) -> tuple[Tap, ...]:
        """All there is to tap, those of cards too."""
        return self.content.taps + tuple(tap for card in self.content.cards for tap in card.taps)

    @property
    def cards(self) -> tuple[Card, ...]:
        return self.content.cards

    @property
    def file(self) -> File | None:
        return self.content.file

    @property
    def template(self) -> str | None:
        return self.content.template


@dataclass(slots=True)
class Said:
    """What a customer did: a message or a tap."""

    number: int
    id: str
    at: float
    text: str = ""
    payload: str | None = None
    file: File | None = None
    location: tuple[float, float, str] | None = None
    reply_to: str | None = None
    read_at: float | None = None  # by the business
    edited_at: float | None = None
    edits: int = 0
    deleted_at: float | None = None
    reaction: str = ""
    how: Literal["", "button", "choice", "row"] = ""  # what was tapped, if it was


@dataclass(slots=True)
class Thread:
    """One customer's talk with one account."""

    contact: str
    name: str
    language: str
    entries: list[Shown | Said] = field(default_factory=list)
    signals: list[tuple[Literal["typing", "read"], float]] = field(default_factory=list)
    typing_until: float = 0.0
    last_wrote_at: float | None = None
    blocked: bool = False
    online: bool = True  # else what is sent to them stays undelivered
    owner: str = ""  # id of the app that may write; empty: whoever asks
    handles: dict[str, Any] = field(default_factory=dict)  # the platform's own: a user name …
    last_sent_at: float = 0.0

    @property
    def seen(self) -> list[Shown]:
        return [entry for entry in self.entries if isinstance(entry, Shown)]

    @property
    def said(self) -> list[Said]:
        return [entry for entry in self.entries if isinstance(entry, Said)]

    def find(self, message: str) -> Shown | Said | None:
        return next((entry for entry in reversed(self.entries) if entry.id == message), None)

    def wrote_within(self, seconds: float, now: float) -> bool:
        return self.last_wrote_at is not None and now - self.last_wrote_at <= seconds


class Ids:
    """Ids as the platforms make them, from the seed."""

    def __init__(self, seed: int, counted: int = 0) -> None:
        """``counted``: how many messages and updates a bot has seen before."""
        self._dice = random.Random(f"ids {seed}")
        self._update = (counted or self._dice.randrange(10**8, 9 * 10**8)) + 1000
        self._message = counted

    def digits(self, count: int, start: str = "") -> str:
        return start + "".join(str(self._dice.randrange(10)) for _ in range(count - len(start)))

    def token(self, octets: int = 24) -> str:
        return base64.urlsafe_b64encode(self._dice.randbytes(octets)).decode().rstrip("=")

    def mid(self) -> str:
        return "m_" + self.token(60)

    def instagram_mid(self) -> str:
        return "aWdf" + self.token(60)

    def wamid(self, wa_id: str) -> str:
        """Base64 of a small binary frame with the person's number in it; it has no order."""
        number = wa_id.encode()
        frame = b"\x1c\x18" + bytes([len(number)]) + number + b"\x15\x02\x00\x11\x18\x12"
        return (
            "wamid."
            + base64.b64encode(frame + self._dice.randbytes(9).hex().upper().encode() + b"\x00").decode()
        )

    def update(self) -> int:
        self._update += 1
        return self._update

    def message(self) -> int:
        """A bot's messages are numbered, in all private chats together."""
        self._message += 1
        return self._message

    def trace(self) -> str:
        return "A" + self.token(16)

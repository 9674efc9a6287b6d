"""What channels read from outside (a message and what else platforms tell), and a message's receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from handoff.conversations.views import ConversationView, MessageView


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that came with a message: ``ref`` is what the channel needs to fetch it (a URL, a file
    id); without it the platform did not let us have it. ``kind``: image audio video file."""

    kind: str
    ref: str | None = None
    name: str = ""
    media_type: str = ""  # as the platform says; what it is, is looked at later
    size: int = 0  # bytes, 0: unknown


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer's message. At most one of ``text`` and ``payload``; files or a location may come
    with a text or instead of it.

    ``contact`` is the sender's id on the channel (``Contact.external_id``); ``external_id`` the
    channel's id of the message, ``client_id`` one made by our own widget: either deduplicates.
    ``customer_id`` is set only with proof (a verified identity). A payload that was never offered
    here is taken as what ``title`` says; without a title it is refused.
    ``place`` orders what one contact sent (larger is later), as far as the platform tells.
    """

    contact: str
    text: str | None = None
    payload: str | None = None
    external_id: str | None = None
    client_id: str | None = None
    customer_id: str | None = None
    name: str | None = None
    locale: str | None = None
    title: str | None = None  # the words on the tapped button, as the platform says
    files: tuple[IncomingFile, ...] = ()
    location: Location | None = None
    reply_to: str | None = None  # the channel's id of the message it answers
    sent_at: datetime | None = None
    place: int = 0
    uploads: tuple[str, ...] = ()  # ids of attachments that our own widget has uploaded
    kind: Literal["message"] = "message"

    @property
    def key(self) -> str:
        return f"m:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Echo:
    """The platform tells of a message sent *to* the contact. ``ref``: what we gave with it, when it
    was ours; without it a person has answered elsewhere, and the bot has to be silent."""

    contact: str
    external_id: str
    text: str = ""
    ref: str | None = None
    ours: bool = False  # sent by this very app, whatever became of ``ref``
    files: tuple[IncomingFile, ...] = ()
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["echo"] = "echo"

    @property
    def key(self) -> str:
        return f"e:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far messages of ours got: ``state`` is sent, delivered, read or failed; for one message
    (``external_id``) or, without it, for all up to ``up_to`` (a watermark)."""

    contact: str
    state: Literal["sent", "delivered", "read", "failed"]
    external_id: str | None = None
    ref: str | None = None
    up_to: datetime | None = None
    error: str = ""
    code: str = ""  # of the error, as of ``SendFailed``
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["progress"] = "progress"

    @property
    def key(self) -> str:
        return f"p:{self.state}:{self.external_id or ''}:{self.contact}:{self.up_to or ''}"


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer changed a message; ``version`` tells one edit from the next."""

    contact: str
    external_id: str
    text: str
    version: str = ""
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["edited"] = "edited"

    @property
    def key(self) -> str:
        return f"d:{self.external_id}:{self.version}"


@dataclass(frozen=True, slots=True)
class Deleted:
    """The customer took a message back."""

    contact: str
    external_id: str
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["deleted"] = "deleted"

    @property
    def key(self) -> str:
        return f"x:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Reacted:
    """The customer put an emoji on a message of ours or of their own; an empty one takes it back."""

    contact: str
    external_id: str
    emoji: str
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["reacted"] = "reacted"

    @property
    def key(self) -> str:
        return f"r:{self.external_id}:{self.emoji}:{self.place}"


@dataclass(frozen=True, slots=True)
class Control:
    """Who may write to the contact now: we (``ours``), or another application of the page."""

    contact: str
    ours: bool
    sent_at: datetime | None = None
    place: int = 0
    kind: Literal["control"] = "control"

    @property
    def key(self) -> str:
        return f"c:{self.contact}:{int(self.ours)}:{self.place}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something we do not know (yet): kept as it came, and counted by ``what``."""

    what: str
    raw: dict[str, Any]
    contact: str = ""
    place: int = 0
    kind: Literal["unknown"] = "unknown"

    @property
    def key(self) -> str:
        raw = json.dumps(self.raw, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
        return f"u:{hashlib.blake2s(raw, digest_size=16).hexdigest()}"


Incoming = Inbound | Echo | Progress | Edited | Deleted | Reacted | Control | Unknown


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message was dealt with: the conversation afterwards, and what was said since."""

    conversation: ConversationView
    messages: list[MessageView]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The message is stored and will be dealt with. ``duplicate``: it had been received before.

    ``done()`` returns once the bot has answered or people have it; it never raises for a failed
    turn. Wrap it in a time-out: a turn that another gateway runs is watched, not run, here.
    ``so_far()`` does not wait.
    """

    message: MessageView
    conversation: ConversationView
    duplicate: bool
    done: Callable[[], Awaitable[Outcome]]
    so_far: Callable[[], Awaitable[Outcome]]

"""What every channel is: a protocol, what it can show, and how it fails.

A channel has :class:`Channel`, and as much of the other protocols as its platform offers; callers
ask ``isinstance(channel, Webhook)`` and look at :class:`Capabilities`, never at a channel's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from handoff.conversations.inbound import Incoming
from handoff.conversations.views import InboxView, MessageView


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a platform takes messages: calls a second, and as many at once."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show and do, as data. The windows are counted from the customer's last message."""

    buttons: int = 0  # how many a message may have; 0: none
    button_limit: int = 20  # characters on one
    choices: int = 0  # a longer list of choices (quick replies, a menu of rows); 0: none
    choice_limit: int = 20
    cards: int = 0  # how many side by side; 0: none
    card_buttons: int = 0
    card_limit: int = 80  # characters of a card's title, and of the line below
    images: bool = False
    files: bool = False
    caption_limit: int = 0  # characters below an image or file; 0: none
    typing: bool = False
    read_receipts: bool = False
    text_limit: int | None = None  # characters of one message
    text_bytes: bool = False  # the limit counts bytes of UTF-8 instead
    reply_window: timedelta | None = None  # in which anything may be sent
    human_window: timedelta | None = None  # in which what a person wrote may still be sent, tagged
    templates: bool = False  # approved texts may be sent at any time
    evidence: bool = False  # the platform tells of every message it took, by our ``ref``
    edits: bool = False  # of our own messages
    deletions: bool = False
    rate: Rate | None = None  # of an inbox
    contact_rate: Rate | None = None  # towards one contact
    whole: bool = False  # takes a message as it is, in one call


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A webhook as it came in: signatures are checked over these very bytes."""

    body: bytes
    headers: Mapping[str, str]  # names in lower case
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """``payload`` comes back when it is tapped; with ``url`` a page is opened instead."""

    title: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """``image`` is an absolute URL that the platform can fetch, or empty."""

    title: str
    subtitle: str = ""
    image: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file to send: ``url`` serves it for a while; ``kind``: image audio video file."""

    kind: str
    url: str
    name: str = ""
    media_type: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A text that the platform has approved, with what fills its gaps."""

    name: str
    language: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What goes out in one call, within the channel's capabilities.

    One of: a text (with buttons or choices), cards (with a text before them in a part of its own),
    a file (with a caption), a template.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    choices: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    file: SentFile | None = None
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Outbound:
    """One call to make. ``delivery_id`` and ``place`` are the same at every attempt.

    ``late``: the plain window is over, and this is what a person wrote (a tag may be needed).
    ``reply_to``: the channel's id of the customer's message it answers, if any.
    """

    delivery_id: str
    inbox: InboxView
    contact: str  # the recipient's id on the channel
    message: MessageView
    part: Part = Part()
    place: int = 0
    late: bool = False
    reply_to: str | None = None

    @property
    def ref(self) -> str:
        """What the platform is given to hand back with its echo or status."""
        return f"{self.delivery_id}.{self.place}"


class SendFailed(Exception):
    """A call did not succeed.

    ``final``: trying again is of no use; else after ``retry_after`` seconds at the earliest.
    ``unsure``: it may have been done all the same (the answer was lost). ``code`` names causes
    that the desk explains: window_closed, blocked, token_expired, rate_limited, bad_content,
    unreachable (texts ``desk.undelivered.<code>``).
    """

    def __init__(
        self,
        detail: str,
        *,
        final: bool = False,
        retry_after: float | None = None,
        unsure: bool = False,
        code: str = "",
    ) -> None:
        super().__init__(detail)
        self.final = final
        self.retry_after = retry_after
        self.unsure = unsure
        self.code = code


class Channel(Protocol):
    """A kind of channel."""

    @property
    def capabilities(self) -> Capabilities: ...

    def pushes(self, inbox: InboxView) -> bool:
        """Whether messages of this inbox have to be pushed (else they are fetched, or go over sockets)."""

    async def send(self, outbound: Outbound) -> str | None:
        """Make one call; returns the channel's id of what was sent. Raises :class:`SendFailed`."""


@runtime_checkable
class Webhook(Channel, Protocol):
    """A channel whose platform calls ``POST /webhooks/{inbox}``."""

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        """Raises ``Unauthorised`` unless the request comes from the platform."""

    def parse(self, inbox: InboxView, request: RawRequest) -> Sequence[Incoming]:
        """**All** that a request tells, in order; what it does not know as ``Unknown``.

        Pure, and total: whatever bytes come, it raises ``Invalid`` (no such request exists) or
        returns. One odd event must not cost the others.
        """


@runtime_checkable
class Acknowledging(Protocol):
    """A platform that takes a call as the answer to its webhook."""

    def acknowledge(self, inbox: InboxView, request: RawRequest) -> dict[str, Any] | None:
        """The call, as JSON; None for nothing. Pure; asked once the request is kept."""


@runtime_checkable
class Challenged(Protocol):
    """A platform that asks ``GET /webhooks/{inbox}`` whether we are who we say."""

    def challenge(self, inbox: InboxView, query: Mapping[str, str]) -> str:
        """What to answer (as text/plain). Raises ``Forbidden`` for a wrong token."""


Sign = Literal["typing", "read"]


@runtime_checkable
class Signals(Protocol):
    """A channel that shows that somebody types or has read. Best effort: may raise ``SendFailed``."""

    async def signal(self, inbox: InboxView, contact: str, sign: Sign, last: str | None) -> None:
        """``last``: the channel's id of the customer's newest message."""


@runtime_checkable
class Changes(Protocol):
    """A channel on which what was sent can be changed or taken back. Raise ``SendFailed``."""

    async def edit(self, inbox: InboxView, contact: str, external_id: str, text: str) -> None: ...

    async def delete(self, inbox: InboxView, contact: str, external_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file is fetched from. ``own``: the address is the platform's API as configured, with
    our token in the headers; any other is checked to be a public one, at each redirect."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    own: bool = False


@runtime_checkable
class Media(Protocol):
    """A channel whose files are fetched by reference."""

    async def locate(self, inbox: InboxView, ref: str) -> Source:
        """Raises ``SendFailed`` (final: the platform no longer has it)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of an inbox's form. Its texts are ``desk.inboxes.<channel>.<name>`` in the catalogue.

    ``secret`` ones are kept in ``credentials`` and never shown again; others in ``options``.
    ``made``: we make it up ourselves (a token the platform is to send back).
    """

    name: str
    secret: bool = False
    required: bool = True
    made: bool = False
    kind: Literal["text", "url", "number", "lines"] = "text"


@dataclass(frozen=True, slots=True)
class Health:
    """What the platform says of our access. ``problem`` is for the operator, in English or as told."""

    problem: str = ""
    account: str = ""  # its name over there
    token_expires_at: datetime | None = None


@runtime_checkable
class Configured(Protocol):
    """A channel whose inboxes are made on the page of inboxes."""

    @property
    def settings(self) -> tuple[Setting, ...]: ...

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        """Tell the platform where we are, as far as its API can. Raises ``SendFailed``."""

    async def check(self, inbox: InboxView) -> Health:
        """Ask the platform whether all is well; never raises for what it answers."""


@runtime_checkable
class Templated(Protocol):
    """A channel with approved texts."""

    async def templates(self, inbox: InboxView) -> list[dict[str, Any]]:
        """As the platform lists them: ``{name, language, body, variables: count, category}``,
        approved ones only. Raises ``SendFailed``."""

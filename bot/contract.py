"""The contract of a turn: what the gateway sends to the bot and what it gets back.

Standard library only, so that every process may import it, whatever its environment.
A turn is one exchange with Rasa: ``POST /webhooks/setu/turn`` with a :class:`TurnRequest`
as JSON, header ``Authorization: Bearer <bot token>``; the answer is a :class:`TurnReply`.
Any failure inside is a non-200 with ``{"error": {"code", "message"}}``, never an empty 200.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """One message that a person said while the bot was silent."""

    sender: str  # "customer" | "agent"
    text: str


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One turn: what the customer said or tapped, with what the bot has to know about it.

    ``message_id`` makes a turn idempotent: asked twice with the same id the bot repeats its
    answer and runs nothing again. Exactly one of ``text`` and ``payload`` is set; only
    ``payload`` may carry a Rasa payload (``/intent{"slot": "value"}``), text never does.
    """

    conversation_id: str
    message_id: str
    text: str | None = None
    payload: str | None = None
    channel: str = "web"
    customer_id: str | None = None
    locale: str | None = None  # BCP 47, the customer's, e.g. "en-IN"
    language: str | None = None  # the conversation's present language, e.g. "en"
    meanwhile: tuple[Said, ...] = ()  # said while a person had the talk

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TurnRequest:
        """Read a request; raises ``ValueError`` with a clear sentence on bad input."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        for name in ("conversation_id", "message_id"):
            if not isinstance(known.get(name), str) or not known[name]:
                raise ValueError(f"{name} is missing")
        if (known.get("text") is None) == (known.get("payload") is None):
            raise ValueError("exactly one of text and payload is needed")
        for name in ("text", "payload"):
            if known.get(name) is not None and not isinstance(known[name], str):
                raise ValueError(f"{name} must be a string")
        said = known.get("meanwhile") or ()
        known["meanwhile"] = tuple(Said(str(s["sender"]), str(s["text"])) for s in said)
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the bot understood of one message."""

    intent: str | None
    confidence: float  # calibrated probability of the intent, 0..1
    in_scope: float  # 0..1, high: this is about something the bot serves
    ranking: list[dict[str, Any]] = field(default_factory=list)  # [{"name", "confidence"}]
    entities: list[dict[str, Any]] = field(default_factory=list)  # [{"entity", "value", "start", "end"}]
    language: str | None = None
    script: str | None = None  # of most letters, ISO 15924: "Latn", "Deva" …; "Zzzz": none of ours
    sentiment: dict[str, Any] = field(default_factory=dict)  # {"label", "score"}: score -1..1
    urgency: float = 0.0  # 0..1
    swearing: str | None = None  # at "us" or at the "situation"
    model: str | None = None  # that read it; none reads a tap


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the bot. Buttons are ``{"title", "payload"}``; cards are
    ``{"id", "title", "subtitle", "price", "image", "reason", "buttons"}``."""

    text: str | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    image: str | None = None


@dataclass(frozen=True, slots=True)
class HandoffWish:
    """The dialogue itself asks for a person (``action_handoff``)."""

    reason: str  # "asked" | "complaint" | "doubt" | "cannot" | …
    note: str = ""


@dataclass(frozen=True, slots=True)
class TurnReply:
    """The bot's whole answer to a turn. No replies and no ``handoff`` counts as a failure."""

    replies: list[Reply]
    understanding: Understanding
    slots: dict[str, Any] = field(default_factory=dict)  # those that are set
    active_form: str | None = None
    doubtful: bool = False  # the bot asked back because it was unsure
    handoff: HandoffWish | None = None

    def to_dict(self) -> dict[str, Any]:
        # By hand: asdict() copies every ranking and entity, which is a tenth of a turn in the bot.
        return {
            "replies": [_fields(reply) for reply in self.replies],
            "understanding": _fields(self.understanding),
            "slots": self.slots,
            "active_form": self.active_form,
            "doubtful": self.doubtful,
            "handoff": _fields(self.handoff) if self.handoff else None,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TurnReply:
        wish = data.get("handoff")
        return cls(
            replies=[Reply(**reply) for reply in data["replies"]],
            understanding=Understanding(**data["understanding"]),
            slots=data.get("slots", {}),
            active_form=data.get("active_form"),
            doubtful=bool(data.get("doubtful", False)),
            handoff=HandoffWish(**wish) if wish else None,
        )


def _fields(value: Reply | Understanding | HandoffWish) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}

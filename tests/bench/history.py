"""What is known of everything that was said, by three witnesses; read by :mod:`tests.bench.history_audit`.

Times are unix seconds of one clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PERSON = frozenset({"Claimed", "Assigned", "Transferred", "Snoozed", "SnoozeOver", "AnsweredElsewhere"})
QUEUE = frozenset({"Escalated", "Requeued"})
FREE = frozenset({"HandedBack", "Returned", "Resolved"})  # nobody of ours has it any more


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message as they sent it; ``place`` counts what one contact says, ``told`` is what the
    platform tells of the order (WhatsApp: whole seconds, so that several may have the same)."""

    inbox: str
    contact: str
    id: str
    text: str
    place: int
    told: float | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as the database has it; ``contact`` is the channel's id of whom it is from or for."""

    id: str
    conversation: str
    number: int
    sender: str
    inbox: str
    contact: str
    text: str
    at: float
    external_id: str | None = None
    client_id: str | None = None
    private: bool = False  # a note, or a reply of the bot that came too late
    handled: bool = True
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the journal."""

    conversation: str
    event: str
    at: float


@dataclass(frozen=True, slots=True)
class Push:
    """A row of the outbox. By a call's place: ``parts``, the platform's id; ``called``, when it began."""

    id: str
    message: str
    state: str
    parts: Mapping[int, str | None] = field(default_factory=dict)
    called: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the platform showed the customer of ours, in its order; ``at``: when it did so."""

    inbox: str
    contact: str
    id: str
    text: str
    at: float
    ref: str | None = None


@dataclass(slots=True)
class History:
    said: list[Said] = field(default_factory=list)
    replied: dict[str, str] = field(default_factory=dict)  # client_id → text: agents' acknowledged replies
    stored: list[Stored] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    arrived: dict[tuple[str, str], float] = field(default_factory=dict)  # (inbox, message id) → first seen
    pushes: list[Push] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    persons: list[Shown] = field(default_factory=list)  # shown too, but written by people elsewhere
    by_line: bool = True  # the bot is the fake one, whose answers name what they answer


@dataclass(slots=True)
class Findings:
    """Each finding is a line for the eye."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misordered: list[str] = field(default_factory=list)
    talked_over: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    undatable: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)  # and people are told
    feared: list[str] = field(default_factory=list)  # people are told so, but the customer has it

    def faults(self) -> dict[str, int]:
        names = ("lost", "doubled", "misordered", "talked_over")
        return {name: len(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` on the talk is with ``owner``: bot, queue or person."""

    start: float
    owner: str


def spans(steps: Iterable[Step]) -> list[Span]:
    """Who had a conversation when, from its journal (in order)."""
    found = [Span(float("-inf"), "bot")]
    for one in steps:
        owner = found[-1].owner
        if one.event in PERSON:
            owner = "person"
        elif one.event in QUEUE:
            owner = "queue"
        elif one.event in FREE:
            owner = "bot"
        if owner != found[-1].owner:
            found.append(Span(one.at, owner))
    return found


def at_time(found: list[Span], at: float) -> Span:
    """A step and what is said in the same transaction bear the same time: the step counts as first."""
    return next(span for span in reversed(found) if span.start <= at)

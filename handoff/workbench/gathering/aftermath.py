"""What followed a customer's message, and what it says of how the bot understood it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.workbench.gathering.folding import pieces, similarity

SOON = timedelta(minutes=15)  # what comes later has to do with something else
RIGHT_AFTER = timedelta(minutes=3)
FELL = 0.3  # the sentiment, from one message to the next …
LOW = -0.25  # … and to this or lower
AGAIN = 0.6  # share of letters from which a message asks the same once more
#: Said when the answer did not help.
HELPLESS = frozenset({"contact_human", "complaint", "insult", "repeat"})
PERSON = "contact_human"


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the customer, as it was understood."""

    text: str
    at: datetime
    intent: str | None
    sentiment: float = 0.0


def signals(message: Event, following: Event | None, handed_over: Sequence[datetime]) -> dict[str, int]:
    """``{"handed_over": 1, "disliked": 1}``, or less. ``handed_over``: when people took the talk over.

    Who asks for a person is understood when a person comes: then it was the message before that was not.
    """
    found: dict[str, int] = {}
    end = min(
        message.at + RIGHT_AFTER,
        following.at if following else datetime.max.replace(tzinfo=message.at.tzinfo),
    )
    if message.intent != PERSON and any(message.at <= at <= end for at in handed_over):
        found["handed_over"] = 1
    if following is not None and following.at - message.at <= SOON and _helpless(message, following):
        found["disliked"] = 1
    return found


def _helpless(message: Event, following: Event) -> bool:
    fell = message.sentiment - following.sentiment >= FELL and following.sentiment <= LOW
    asked = following.intent in HELPLESS and message.intent != following.intent
    return fell or asked or similarity(pieces(message.text), pieces(following.text)) >= AGAIN

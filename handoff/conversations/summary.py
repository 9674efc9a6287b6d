"""The few messages that tell a talk: an extractive summary, pure and explainable.

A customer's message counts for its position (what was said first and last), for what was
understood in it (a task's intent, entities), and for how bad the mood was; a word or two
count little, and what was said already counts nothing. The bot's last answer is added: it
is what was tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SMALL_TALK = frozenset(
    [
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "small_talk",
        "insult",
        "bot_challenge",
        "capabilities",
        "never_mind",
        "repeat",
        "inform",
        "contact_human",
        "nlu_fallback",
        "handed_back",
        "change_language",
    ]
)
LONGEST = 240  # characters of a line
ALIKE = 0.6  # share of common words from which a message repeats another


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the summary sees it; what the bot understood where it is the customer's."""

    number: int
    sender: str  # customer bot agent system
    text: str
    intent: str | None = None
    confidence: float = 0.0
    entities: int = 0
    mood: float = 0.0  # -1..1


def summarise(lines: Sequence[Line], most: int = 5) -> list[Line]:
    """At most ``most`` lines, in the order they were said, each cut to :data:`LONGEST`."""
    said = [line for line in lines if line.text.strip()]
    customers = [line for line in said if line.sender == "customer"]
    answers = [line for line in said if line.sender == "bot"]
    if not customers:
        return [_cut(line) for line in said[-most:]]
    tried = answers[-1:] if most > 1 else []
    chosen: list[Line] = []
    first, last = _opening(customers), customers[-1]
    for line in sorted(customers, key=lambda one: (-_weight(one, first, last), one.number)):
        if len(chosen) + len(tried) >= most:
            break
        if not any(_alike(line.text, other.text) >= ALIKE for other in chosen):
            chosen.append(line)
    return [_cut(line) for line in sorted([*chosen, *tried], key=lambda one: one.number)]


def _opening(customers: Sequence[Line]) -> Line:
    """The first message that is more than a greeting."""
    return next((line for line in customers if line.intent not in SMALL_TALK), customers[0])


def _weight(line: Line, first: Line, last: Line) -> float:
    task = line.confidence if line.intent and line.intent not in SMALL_TALK else 0.0
    weight = 0.5 * task + 0.3 * min(line.entities, 3) + 0.8 * max(0.0, -line.mood)
    weight += 1.0 * (line is first) + 0.8 * (line is last)
    return weight - 0.5 * (len(line.text.split()) < 3 and not line.entities)


def _alike(left: str, right: str) -> float:
    a, b = (set(re.findall(r"\w+", text.lower())) for text in (left, right))
    return len(a & b) / len(a | b) if a | b else 0.0


def _cut(line: Line) -> Line:
    text = " ".join(line.text.split())
    if len(text) > LONGEST:
        text = text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return Line(line.number, line.sender, text, line.intent, line.confidence, line.entities, line.mood)

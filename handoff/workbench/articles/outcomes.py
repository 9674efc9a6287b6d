"""What the bot answered from which article, and how customers took it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

_LINK = re.compile(r"/help/(?P<language>[a-z]{2,3})/(?P<slug>[a-z0-9][a-z0-9-]*)(?:#s(?P<section>\d+))?")
HELPED, PERSON = "/thank", "/contact_human"  # payloads of the buttons below an answer

Outcome = Literal["helped", "person", "silent", "on"]


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a talk, as far as it matters here."""

    conversation_id: str
    number: int
    sender: str
    text: str
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that an article answered. ``outcome``: it ``helped``, a ``person`` was wanted next, the
    customer went ``on`` with something else, or was ``silent``."""

    conversation_id: str
    number: int  # of the question
    question: str
    slug: str
    language: str
    section: int
    outcome: Outcome


def asked(lines: Iterable[Line]) -> list[Asked]:
    """The questions in these talks that were answered by articles, in the order of the lines."""
    talks: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        talks[line.conversation_id].append(line)
    found: list[Asked] = []
    for talk in talks.values():
        talk.sort(key=lambda line: line.number)
        for at, line in enumerate(talk):
            link = _LINK.search(line.text) if line.sender == "bot" else None
            question = _before(talk, at)
            if link and question:
                found.append(
                    Asked(
                        conversation_id=line.conversation_id,
                        number=question.number,
                        question=question.text,
                        slug=link["slug"],
                        language=link["language"],
                        section=int(link["section"] or 0),
                        outcome=_outcome(talk[at + 1 :]),
                    )
                )
    return found


def _before(talk: Sequence[Line], at: int) -> Line | None:
    """What the customer wrote last before it; a button that was tapped asks nothing in words."""
    for line in reversed(talk[:at]):
        if line.sender == "customer":
            return line if line.text.strip() and line.payload is None else None
    return None


def _outcome(later: Sequence[Line]) -> Outcome:
    for line in later:
        if line.sender == "agent" or line.payload == PERSON:
            return "person"
        if line.sender == "customer":
            return "helped" if line.payload == HELPED else "on"
    return "silent"

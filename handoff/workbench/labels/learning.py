"""Operations on the training data from what utterances mean. Pure.

Not learnt from: the frozen test set and whatever is like something of it (or the test would be of memory,
not of understanding), and two wishes in one message: an example teaches one intent, and half of the words
would teach the wrong one. Those stay settled and are counted; what the bot says to them is a matter of
conversation tests, which are made from the talk that they stand in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.errors import Invalid
from handoff.workbench.dataset.cleaning import clean, marked
from handoff.workbench.dataset.folding import same
from handoff.workbench.dataset.markup import Entity
from handoff.workbench.labels.meaning import Label, Mark, marks, meaning, placed
from handoff.workbench.labels.validity import written

MOST = 2000  # operations of one change: more cannot be reviewed


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled utterance. ``voices`` agree; ``spans`` are the stand-ins for personal data, ``[{"start",
    "end", "kind"}]``; ``tested``: it or its like is of the frozen test set; ``quarrel``:
    people disagree on its like."""

    id: str
    text: str
    spans: Sequence[dict[str, Any]]
    language: str | None
    voices: Sequence[Label]
    tested: bool = False
    quarrel: bool = False


@dataclass(slots=True)
class Lessons:
    """``ids`` are those that the operations were made from; ``left`` counts the others by reason."""

    operations: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def leave(self, code: str) -> None:
        self.left[code] = self.left.get(code, 0) + 1


@dataclass(frozen=True, slots=True)
class Knows:
    """What the data have: intents that can be taught, entities, languages; which intents have an example, and
    which texts are foreign to the shop, by :func:`place`."""

    intents: Collection[str]
    entities: Collection[str]
    languages: Collection[str]
    examples: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    foreign: Collection[tuple[str, str]] = frozenset()


def place(language: str, text: str) -> tuple[str, str]:
    """Where a text can stand once: capitals and blanks do not count."""
    return language, same(text)


def lessons(settled: Iterable[Settled], knows: Knows, most: int = MOST) -> Lessons:
    """Operations for each that teaches something; what is in the data already is taken, too, without one,
    so that it does not wait for ever. Past ``most`` operations the rest is left for the next change."""
    made = Lessons()
    taught: dict[tuple[str, str], str | None] = {}
    for one in settled:
        code = "next_change" if len(made.operations) >= most else _why_not(one, knows)
        if code:
            made.leave(code)
            continue
        there, intent = place(language_of(one) or "", one.text), one.voices[0].intent
        if taught.get(there, intent) != intent:
            made.leave("twice")
            continue
        made.ids.append(one.id)
        if there not in taught:
            made.operations += _operations(one, knows, there)
        taught[there] = intent
    return made


def _why_not(one: Settled, knows: Knows) -> str | None:
    if one.tested:
        return "test_set"
    if not one.voices or meaning(one.voices[0]) is None:
        return "nothing_said"
    if one.quarrel and not one.voices[0].settles:
        return "contradicting"  # it was in a change when its like were labelled otherwise, and was freed
    if one.voices[0].kind == "two_wishes":
        return "two_wishes"
    if language_of(one) not in knows.languages:
        return "language"
    intent = one.voices[0].intent
    if intent is not None and intent not in knows.intents:
        return "not_an_intent_yet"
    return None if _can_stand(one, knows) else "unteachable"


def _can_stand(one: Settled, knows: Knows) -> bool:
    """Whether it can be written as an example: not too long, and its brackets not taken for mark-up."""
    found = [Entity(mark.start, mark.end, mark.entity, mark.value) for mark in entities(one, knows.entities)]
    try:
        marked(*clean(one.text, found))
    except Invalid:
        return False
    return True


def _operations(one: Settled, knows: Knows, there: tuple[str, str]) -> list[dict[str, Any]]:
    """What people say now counts for more than what the data have said: it is moved, under review."""
    language, intent = there[0], one.voices[0].intent
    known = knows.examples.get(there, ())
    where = {"language": language, "text": one.text}
    if intent is None:
        if there in knows.foreign:
            return []
        removed = [{"op": "remove_example", "intent": other, **where} for other in known]
        return [*removed, {"op": "add_foreign", **where}]
    if intent in known:
        return []
    if known:
        return [{"op": "move_example", "intent": known[0], **where, "to": intent}]
    marks = written(entities(one, knows.entities))
    return [{"op": "add_example", "intent": intent, **where, "entities": marks}]


def language_of(one: Settled) -> str | None:
    """As somebody said, or else as it was recognised."""
    return next((voice.language for voice in one.voices if voice.language), one.language)


def entities(one: Settled, known: Collection[str]) -> list[Mark]:
    """What people marked, and where nobody marked anything the stand-ins that are entities."""
    found = list(marks(one.voices) or ())
    for span in one.spans:
        mark = Mark(span["start"], span["end"], span["kind"])
        free = all(mark.end <= other.start or other.end <= mark.start for other in found)
        if mark.entity in known and free and one.text[mark.start : mark.end].strip():
            found.append(mark)
    return placed(found)

"""Operations on the training data from what utterances mean. Pure.

Not learnt from: the frozen test set and whatever is like something of it (or the test would be of memory,
not of understanding), and two wishes in one message: an example teaches one intent, and half of the words
would teach the wrong one. Those stay settled and are counted; what the bot says to them is a matter of
conversation tests, which are made from the talk that they stand in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.workbench.labels.meaning import Label, Mark, marks, meaning, placed
from handoff.workbench.labels.validity import written


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled utterance. ``voices`` agree; ``spans`` are the stand-ins for personal data, ``[{"start",
    "end", "kind"}]``; ``tested``: it or its like is of the frozen test set."""

    id: str
    text: str
    spans: Sequence[dict[str, Any]]
    language: str | None
    voices: Sequence[Label]
    tested: bool = False


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
    """What the data have: intents that can be taught, entities, languages, examples as (intent, language,
    text) and foreign texts as (language, text)."""

    intents: Collection[str]
    entities: Collection[str]
    languages: Collection[str]
    examples: Collection[tuple[str, str, str]] = frozenset()
    foreign: Collection[tuple[str, str]] = frozenset()


def lessons(settled: Iterable[Settled], knows: Knows) -> Lessons:
    """An operation for each that teaches something. What is in the data already is taken, too, without
    one, so that it does not wait for ever."""
    made = Lessons()
    for one in settled:
        code = _why_not(one, knows)
        if code:
            made.leave(code)
            continue
        operation = _operation(one, knows)
        made.ids.append(one.id)
        if operation is not None:
            made.operations.append(operation)
    return made


def _why_not(one: Settled, knows: Knows) -> str | None:
    if one.tested:
        return "test_set"
    if not one.voices or meaning(one.voices[0]) is None:
        return "nothing_said"
    if one.voices[0].kind == "two_wishes":
        return "two_wishes"
    if language_of(one) not in knows.languages:
        return "language"
    intent = one.voices[0].intent
    return "not_an_intent_yet" if intent is not None and intent not in knows.intents else None


def _operation(one: Settled, knows: Knows) -> dict[str, Any] | None:
    language, intent = language_of(one) or "", one.voices[0].intent
    if intent is None:
        known = (language, one.text) in knows.foreign
        return None if known else {"op": "add_foreign", "language": language, "text": one.text}
    if (intent, language, one.text) in knows.examples:
        return None
    added = {"op": "add_example", "intent": intent, "language": language, "text": one.text}
    return added | {"entities": written(entities(one, knows.entities))}


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

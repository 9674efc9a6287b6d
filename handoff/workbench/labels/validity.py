"""Whether a label can be what somebody means. Pure.

Codes have their words under ``workbench.labels.refused``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from handoff.workbench.labels.meaning import KINDS, Label, Mark, placed

VALUE = 100  # characters of an entity's value at most


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What there is to say. ``proposals``: those that are open or accepted."""

    intents: frozenset[str]
    entities: frozenset[str]
    languages: frozenset[str]
    proposals: frozenset[str] = frozenset()


def problem(label: Label, text: str, known: Vocabulary) -> str | None:
    """The code of what is wrong with it, the first found; ``None`` if nothing is."""
    if label.kind not in KINDS:
        return "unknown_kind"
    if label.language is not None and label.language not in known.languages:
        return "unknown_language"
    return _meant(label, known) or _marked(label.entities, text, known)


def _meant(label: Label, known: Vocabulary) -> str | None:
    if label.kind == "intent" and label.intent not in known.intents:
        return "unknown_intent"
    if label.kind == "proposed" and label.intent not in known.proposals:
        return "unknown_proposal"
    if label.kind not in ("intent", "proposed") and label.intent is not None:
        return "needless_intent"
    if label.kind != "two_wishes":
        return "needless_wishes" if label.wishes else None
    if not set(label.wishes) <= known.intents:
        return "unknown_intent"
    different = len(set(label.wishes)) == len(label.wishes)
    return None if different and len(label.wishes) == 2 else "two_different_wishes"


def _marked(entities: Sequence[Mark], text: str, known: Vocabulary) -> str | None:
    ordered = placed(entities)
    for mark in ordered:
        if mark.entity not in known.entities:
            return "unknown_entity"
        if not 0 <= mark.start < mark.end <= len(text):
            return "entity_outside"
        words = text[mark.start : mark.end]
        if words != words.strip():
            return "entity_ragged"  # begins or ends with a space: never what is meant, and learnt badly
        if mark.value is not None and not (mark.value.strip() and len(mark.value) <= VALUE):
            return "entity_value"
    if any(after.start < before.end for before, after in pairwise(ordered)):
        return "entity_overlaps"
    return None


def read(given: Any) -> tuple[Mark, ...]:
    """Entities as they are stored and sent, ``[{"start", "end", "entity", "value"?}]``."""
    marks = (Mark(one["start"], one["end"], one["entity"], one.get("value") or None) for one in given or [])
    return tuple(placed(marks))


def written(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """The inverse of :func:`read`."""
    return [
        {"start": one.start, "end": one.end, "entity": one.entity}
        | ({"value": one.value} if one.value is not None else {})
        for one in marks
    ]

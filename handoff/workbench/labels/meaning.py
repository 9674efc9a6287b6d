"""What somebody said an utterance means, and whether two people said the same. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

KINDS = frozenset({"intent", "out_of_scope", "two_wishes", "proposed", "skip"})


@dataclass(frozen=True, slots=True)
class Mark:
    """An entity in the text: ``start`` and ``end`` count characters (code points), as Rasa does."""

    start: int
    end: int
    entity: str
    value: str | None = None  # only where it is not what the text says


@dataclass(frozen=True, slots=True)
class Label:
    """One person's word on one utterance. ``settles``: a decision between those who disagree."""

    agent: str
    kind: str
    intent: str | None = None  # or the proposal's name
    wishes: tuple[str, ...] = ()
    entities: tuple[Mark, ...] = ()
    language: str | None = None  # None: as it was recognised
    settles: bool = False
    at: datetime | None = None
    batch: str = ""
    undone: bool = False


def meaning(label: Label) -> str | None:
    """What is compared: ``None`` says nothing (a skip). A proposal is the intent that it may become."""
    if label.kind == "skip":
        return None
    if label.kind in ("intent", "proposed"):
        return f"intent:{label.intent}"
    if label.kind == "two_wishes":
        return "two_wishes:" + "+".join(sorted(label.wishes))
    return label.kind


def wanted(label: Label) -> frozenset[str]:
    """The intents that it names; none for what is not for the shop."""
    return frozenset([label.intent] if label.intent else label.wishes)


def apart(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two meanings, told by their intents, have nothing in common: who names one of two wishes says
    less, not something else."""
    return frozenset(one).isdisjoint(other) and bool(one or other)


def agree(labels: Sequence[Label]) -> bool:
    """The same meaning and language, and no entity against another.

    Who did not mark an entity does not deny it: most labels are given by one key.
    """
    return (
        len({meaning(one) for one in labels}) <= 1
        and len({one.language for one in labels if one.language}) <= 1
        and marks(labels) is not None
    )


def marks(labels: Iterable[Label]) -> tuple[Mark, ...] | None:
    """All entities that were marked; ``None`` if one overlaps another that is not the same."""
    found = placed({mark for one in labels for mark in one.entities})
    clash = any(after.start < before.end for before, after in pairwise(found))
    return None if clash else tuple(found)


def placed(marks: Iterable[Mark]) -> list[Mark]:
    """As they stand in the text."""
    return sorted(marks, key=lambda mark: (mark.start, mark.end, mark.entity, mark.value or ""))

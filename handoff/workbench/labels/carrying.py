"""A label passed on from one text to another that is nearly the same. Pure."""

from __future__ import annotations

from dataclasses import replace

from handoff.workbench.labels.meaning import Label, Mark, placed
from handoff.workbench.labels.validity import Vocabulary, problem


def carried(label: Label, text: str, to: str, known: Vocabulary) -> Label:
    """The same meaning; of the entities those whose words stand in ``to`` exactly once.

    The language is not passed on: the other text may be written in another script.
    """
    kept = [mark for mark in (_found(mark, text, to) for mark in label.entities) if mark is not None]
    there = replace(label, entities=tuple(placed(kept)), language=None)
    return replace(there, entities=()) if problem(there, to, known) else there


def _found(mark: Mark, text: str, to: str) -> Mark | None:
    words = text[mark.start : mark.end]
    start = to.find(words)
    if start < 0 or to.find(words, start + 1) >= 0:
        return None
    return replace(mark, start=start, end=start + len(words))

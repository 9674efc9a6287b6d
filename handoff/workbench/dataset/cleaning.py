"""A text as it may stand in the training data, with its marked words moved along. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from handoff.errors import Invalid
from handoff.workbench.dataset import markup
from handoff.workbench.dataset.markup import Entity

LIMIT = 1000  # characters of an example
# Whatever YAML, Python or Rasa takes for the end of a line, and the mark of a file's order of bytes.
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029\ufeff]")
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def clean(text: str, entities: Sequence[Entity] = ()) -> tuple[str, list[Entity]]:
    """On one line, in normal form C, without blanks around it; the spans of ``entities`` follow.

    Raises :class:`Invalid`: ``text_missing``, ``text_long``, ``text_unprintable``, ``spans_outside``.
    """
    line = _BREAKS.sub(" ", text)  # one for one: spans stay where they are
    if _UNPRINTABLE.search(line):
        raise Invalid("text_unprintable")
    normal = unicodedata.normalize("NFC", line)
    bare = normal.strip()
    if not bare:
        raise Invalid("text_missing")
    if len(bare) > LIMIT:
        raise Invalid("text_long", limit=LIMIT)
    ahead = len(normal) - len(normal.lstrip())

    def moved(position: int) -> int:
        return min(max(len(unicodedata.normalize("NFC", line[:position])) - ahead, 0), len(bare))

    if any(not 0 <= one.start < one.end <= len(text) for one in entities):
        raise Invalid("spans_outside")
    shifted = [replace(one, start=moved(one.start), end=moved(one.end)) for one in entities]
    return bare, shifted


def marked(text: str, entities: Sequence[Entity]) -> str:
    """The cleaned example with its mark-up; raises :class:`Invalid` (``markup_impossible``)."""
    try:
        return markup.write(text, entities)
    except ValueError as error:
        raise Invalid("markup_impossible", text=text) from error


def carried(text: str, entities: Sequence[Entity], new: str) -> list[Entity]:
    """The entities of ``text`` whose words still stand in ``new``, in the same order."""
    found, at = [], 0
    for one in sorted(entities, key=lambda entity: entity.start):
        words = text[one.start : one.end]
        start = new.find(words, at)
        if start >= 0:
            at = start + len(words)
            found.append(replace(one, start=start, end=at))
    return found

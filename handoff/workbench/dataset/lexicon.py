"""Which words the examples mark, and where they forget to. Pure.

Only of entities that are words of a list (things, colours, brands, places): numbers, dates and addresses
are read by patterns, and a *size* may be any number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from handoff.workbench.dataset.checks import with_mark
from handoff.workbench.dataset.examples import Example
from handoff.workbench.dataset.findings import Finding, named
from handoff.workbench.dataset.folding import fold
from handoff.workbench.dataset.markup import Entity

WORDY = frozenset({"category", "colour", "brand", "city", "product", "language"})
LONGEST = 3  # words of an entity that is looked for
OFTEN = 3  # times a word must be marked before one forgotten is told
MOSTLY = 0.8  # of its occurrences
_WORD = re.compile(r"[\w\u0300-\u036f\u0900-\u0963\u0980-\u09e3\u200c]+")


@dataclass(frozen=True, slots=True)
class _Seen:
    """An occurrence: in which example, where, and as which entity if it is marked."""

    example: Example
    start: int
    end: int
    entity: str | None


class Lexicon:
    """Of all examples. Words are told apart by language."""

    def __init__(self, examples: Iterable[Example]) -> None:
        everything = list(examples)
        self._marked: dict[str, dict[str, Counter[str]]] = {}
        for one in everything:
            for mark in one.entities:
                if mark.entity in WORDY and (word := fold(one.text[mark.start : mark.end])):
                    words = self._marked.setdefault(one.language, {})
                    words.setdefault(word, Counter())[mark.entity] += 1
        self._bare: Counter[tuple[str, str]] = Counter()
        for one in everything:
            for word, _, _ in self._unmarked(one):
                self._bare[one.language, word] += 1

    def check(self, subjects: Iterable[Example]) -> Iterator[Finding]:
        """What ``subjects`` mark unlike the others."""
        for one in subjects:
            for word, start, end in self._unmarked(one):
                yield from self._forgotten(one, word, start, end)
            for mark in one.entities:
                if mark.entity in WORDY:
                    yield from self._unlike(one, mark)

    def words(self) -> Iterator[tuple[str, str, str]]:
        """``(language, entity, word)`` of all that is marked, each once."""
        for language, words in self._marked.items():
            for word, entities in words.items():
                for entity in entities:
                    yield language, entity, word

    def _forgotten(self, one: Example, word: str, start: int, end: int) -> Iterator[Finding]:
        entities = self._marked[one.language][word]
        marked, bare = entities.total(), self._bare[one.language, word]
        if marked < OFTEN or marked < MOSTLY * (marked + bare):
            return
        entity = entities.most_common(1)[0][0]
        fix = with_mark(one, Entity(start, end, entity))
        values = {"word": one.text[start:end], "entity": entity, "text": one.text, "count": marked}
        yield Finding("entity_unmarked", values, [one], fix=[fix] if fix else None, weight=marked)

    def _unlike(self, one: Example, mark: Entity) -> Iterator[Finding]:
        said = one.text[mark.start : mark.end]
        word = fold(said)
        entities = self._marked.get(one.language, {}).get(word, Counter())
        marked, bare = entities.total(), self._bare[one.language, word]
        usual, times = entities.most_common(1)[0] if entities else (mark.entity, 0)
        values = {"word": said, "entity": mark.entity, "text": one.text}
        if usual != mark.entity and times >= OFTEN and times >= MOSTLY * marked:
            others = [other for other in one.entities if other != mark]
            new = [*others, Entity(mark.start, mark.end, usual, None, mark.role, mark.group)]
            fix = {
                "op": "edit_example",
                **named(one),
                "new_entities": [other.as_json() for other in sorted(new, key=lambda e: e.start)],
            }
            yield Finding("entity_differs", {**values, "usual": usual}, [one], fix=[fix], weight=times)
        elif bare >= OFTEN and bare >= MOSTLY * (marked + bare):
            kept = [other.as_json() for other in one.entities if other != mark]
            fix = {"op": "edit_example", **named(one), "new_entities": kept}
            yield Finding("entity_odd", {**values, "count": bare}, [one], fix=[fix], weight=bare)

    def _unmarked(self, one: Example) -> Iterator[tuple[str, int, int]]:
        """Words known as entities that stand free in an example, the longer ones first."""
        known = self._marked.get(one.language)
        if not known:
            return
        places = [(match.start(), match.end()) for match in _WORD.finditer(one.text)]
        folded = [fold(one.text[start:end]) for start, end in places]
        taken = [any(s < m.end and m.start < e for m in one.entities) for s, e in places]
        for length in range(LONGEST, 0, -1):
            for at in range(len(places) - length + 1):
                if any(taken[at : at + length]):
                    continue
                word = " ".join(folded[at : at + length])
                if word in known:
                    taken[at : at + length] = [True] * length
                    yield word, places[at][0], places[at + length - 1][1]


def unknown_values(
    lexicon: Lexicon, examples: Iterable[Example], knows: Callable[[str, str, str], bool]
) -> Iterator[Finding]:
    """Marked words of which no list tells what they are, so that the bot finds nothing for them.

    ``knows(language, entity, word)``: whether the lists of ``data/entities`` and the shop have it.
    """
    strange = {(language, entity, word) for language, entity, word in lexicon.words()
               if entity not in ("product", "language") and not knows(language, entity, word)}  # fmt: skip
    where: dict[tuple[str, str, str], list[Example]] = {}
    for one in examples:
        for mark in one.entities:
            key = one.language, mark.entity, fold(one.text[mark.start : mark.end])
            if key in strange and mark.value is None:
                where.setdefault(key, []).append(one)
    for (language, entity, word), found in where.items():
        values: Mapping[str, object] = {"word": word, "entity": entity, "language": language}
        yield Finding("value_unknown", values, found[:5], weight=len(found))

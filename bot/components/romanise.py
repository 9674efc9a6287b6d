"""How people type a word of their language in Latin letters: several ways, by the language's table.

Not a standard transliteration: nobody writes those. The table, ``data/language/<lang>.yml``, lists
for each letter what people type for it, the most usual first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

MOST_KNOWN = 200_000  # words of a language whose spellings are remembered, as a trainer asks again and again
INHERENT = "\0"  # stands for the vowel that a consonant of an abugida carries unless a sign says otherwise

Table = Mapping[str, Sequence[str]]
_KINDS = {"consonants": "c", "vowels": "v", "signs": "v", "marks": "m"}
_TABLES = (*_KINDS, "beginnings", "endings")


@dataclass(frozen=True, slots=True)
class Romaniser:
    """Of one language; see ``data/language/README.md`` for what each means."""

    tables: Mapping[str, Table]
    inherent: Sequence[str]
    between: Sequence[str]
    silencer: str
    known: dict[tuple[str, int], list[str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Romaniser | None:
        """From a language's file; None for a language that is written in Latin letters anyway."""
        if "consonants" not in content:
            return None
        inherent, between = (
            [str(one) for one in content.get(name) or ()] for name in ("inherent", "between")
        )
        tables = {name: _table(content.get(name) or {}) for name in _TABLES}
        made = cls(tables, inherent, between, _plain(content.get("silencer") or ""))
        return _made.setdefault(repr(made), made)

    def usual_ways(self, word: str, count: int) -> list[str]:
        """Up to ``count`` spellings, always the same of a word, whatever other words there are."""
        found = self.known.get((word, count))
        if found is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            found = self.known[word, count] = self.ways(word, count, Random(word))
        return found

    def ways(self, word: str, count: int, random: Random) -> list[str]:
        """Up to ``count`` spellings of a word, the most usual first; none if it has no known letter."""
        parts = self._parts(_plain(word.casefold()))
        if not parts:
            return []
        usual = self._spell(parts, None)
        return list(
            dict.fromkeys([usual, *(self._spell(parts, random) for _ in range(count - 1))] if usual else [])
        )

    def _parts(self, word: str) -> list[tuple[str, Sequence[str]]]:
        """Kind (c, v, s for silence) and spellings of each part of the word, vowels that go unwritten too."""
        parts: list[tuple[str, Sequence[str]]] = []
        at = 0
        while at < len(word):
            kind, size, ways = self._match(word, at)
            at += size
            if kind in ("c", "m") and parts and parts[-1][0] == "c":
                parts += self._unwritten()
            if kind:
                parts.append((kind, ways))
        return self._silenced(parts)

    def _match(self, word: str, at: int) -> tuple[str, int, Sequence[str]]:
        for size in (3, 2, 1):
            letters = word[at : at + size]
            if len(letters) < size:
                continue
            if at + size == len(word) and at and letters in self.tables["endings"]:
                return "v", size, self.tables["endings"][letters]
            if at == 0 and letters in self.tables["beginnings"]:
                return "v", size, self.tables["beginnings"][letters]
            for name, kind in _KINDS.items():
                table = self.tables[name]
                if letters in table:
                    # A sign that begins with the silencer takes the vowel away as it does.
                    silent = bool(self.silencer) and letters.startswith(self.silencer)
                    return "s" if silent else kind, size, table[letters]
        if word[at] == self.silencer:
            return "s", 1, ("",)
        return "", 1, ()

    def _unwritten(self) -> list[tuple[str, Sequence[str]]]:
        if self.inherent:
            return [(INHERENT, self.inherent)]
        return [("v", self.between)] if self.between else []

    def _silenced(self, parts: list[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
        """Without inherent vowels that are not said: between two syllables, counted from the end.

        Ohala (1983), "Aspects of Hindi Phonology": a schwa falls in VC_CV.
        """
        for at in range(len(parts) - 3, 1, -1):
            around = "".join(kind for kind, _ in (*parts[at - 2 : at], *parts[at + 1 : at + 3]))
            if parts[at][0] == INHERENT and around.replace(INHERENT, "v") == "vccv":
                parts = [*parts[:at], *parts[at + 1 :]]
        return parts

    @staticmethod
    def _spell(parts: list[tuple[str, Sequence[str]]], random: Random | None) -> str:
        if random is None:
            return "".join(ways[0] for _, ways in parts if ways)
        return "".join(ways[int(len(ways) * random.random() ** 2)] for _, ways in parts if ways)


#: By what they say, so that one table's spellings are remembered in one place.
_made: dict[str, Romaniser] = {}


def _plain(text: str) -> str:
    """One spelling of each letter, without the accents that nobody types (U+0301, U+0308)."""
    return unicodedata.normalize("NFD", text).translate({0x301: None, 0x308: None, 0x306: None})


def _table(content: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    return {_plain(letters): [str(one) for one in ways] for letters, ways in content.items()}

"""Words typed in Latin letters, back in their language's own: "mera order kahan hai" → "मेरा order कहाँ है".

People romanise as they please, so a typed word is looked for by its sound among the words of the language,
each with the ways in which it may be typed (:mod:`bot.components.romanise`); the nearest and most
frequent wins, as in a spelling corrector's noisy channel (Kernighan, Church and Gale 1990). English words,
which all borrow, stay. Encoder and n-grams then read what they know best. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log
from typing import Any

import numpy as np

from bot.components.remembering import remembered
from bot.components.romanise import Romaniser

WAYS = 8  # spellings remembered of a word
NEAREST = 40  # words of one sound looked at
ENGLISH = 2e-6  # from this frequency on a word is taken for English, unless …
RATHER = 3.0  # … it is that much likelier than the English one when spelt exactly so
EXACT = 2.0  # letters that an exact spelling is nearer
PER_FREQUENCY = 0.25  # letters that a word e times as frequent is nearer
RARE = -12.0  # natural logarithm of a frequency that gives no advantage any more

#: Letters with at most one digit among them ("8elw"), not part of an address, a code or a size.
_TYPED = re.compile(r"(?<![\w@./#-])(?=[A-Za-z0-9'’]*[A-Za-z]{2})[A-Za-z'’]*\d?[A-Za-z'’]+(?![\w@/]|[.-]\w)")
_AGAIN = re.compile(r"(.)\1+")
_SOFT_C = re.compile(r"c(?=[eiy])")
_DROPPED = re.compile(r"[aeiouyhvw]")


def sound(typed: str) -> str:
    """What is left of a word without that in which spellings differ: vowels, v and w, aspiration, doubles.

    >>> sound("nahiin") == sound("nhin"), sound("paraggelia") == sound("paragelia")
    (True, True)
    """
    plain = typed.replace("8", "t").replace("3", "ks")
    plain = plain.replace("ch", "1").replace("ph", "f").replace("gk", "g").replace("mp", "b")
    plain = _SOFT_C.sub("s", plain).replace("c", "k").replace("1", "c")
    plain = plain.translate(_ALIKE)
    if not plain:
        return ""
    first = "a" if plain[0] in "aeiouyh" else plain[0]
    return _AGAIN.sub(r"\1", first + _DROPPED.sub("", plain[1:]))


_ALIKE = str.maketrans({"x": "k", "q": "k", "w": "v", "z": "j", "'": None, "’": None})


class Respeller:
    """Of one language. ``words`` with ``weights`` (natural logarithms of their frequencies) and ``ways`` (how
    each is typed, divided by spaces); ``english``: frequencies of English words."""

    def __init__(
        self,
        words: Sequence[str],
        weights: Sequence[float],
        ways: Sequence[str],
        english: Mapping[str, float],
    ) -> None:
        self._words, self._weights, self._ways, self._english = words, weights, ways, english
        self._sounds: Mapping[str, list[int]] | None = None
        self._of = remembered(20_000, self._find)

    @classmethod
    def learn(
        cls, words: Mapping[str, float], romaniser: Romaniser, english: Mapping[str, float]
    ) -> Respeller:
        """``words`` in the language's own letters, with frequencies that add up to 1."""
        typed = {word: romaniser.usual_ways(word, WAYS) for word in sorted(words, key=words.__getitem__)}
        known = [word for word in reversed(typed) if typed[word]]
        return cls(known, [log(words[word]) for word in known], [" ".join(typed[w]) for w in known], english)

    def respell(self, text: str) -> str:
        """The text with what is typed in Latin letters, and is not English, in the language's own."""
        return _TYPED.sub(lambda match: self._of(match[0].casefold()) or match[0], text)

    def _by_sound(self) -> Mapping[str, list[int]]:
        """Which words may sound so, when typed in one of their ways."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for index, typed in enumerate(self._ways):
            for key in _sounds(typed):
                found[key].append(index)
        return found

    def _find(self, typed: str) -> str | None:
        found: tuple[float, int, bool] | None = None
        most = max(2, len(typed) // 2)
        if self._sounds is None:
            self._sounds = self._by_sound()
        for index in self._sounds.get(sound(typed), ())[:NEAREST]:
            away = _away(typed, self._ways[index], most + 1)
            if away <= most:
                advantage = PER_FREQUENCY * max(0.0, self._weights[index] - RARE)
                score = away - advantage - (EXACT if away == 0 else 0.0)
                found = min(found or (score, index, away == 0), (score, index, away == 0))
        english = self._english.get(typed, 0.0)
        if found is None or (english >= ENGLISH and not found[2]):
            return None
        _, index, exact = found
        if exact and english > RATHER * np.exp(self._weights[index]):
            return None
        return self._words[index]

    def to_arrays(self) -> dict[str, Any]:
        return {
            "words": np.array("\n".join(self._words)),
            "weights": np.array(self._weights, np.float32),
            "ways": np.array("\n".join(self._ways)),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], english: Mapping[str, float]) -> Respeller:
        words, ways = (str(arrays[name]).split("\n") for name in ("words", "ways"))
        weights = arrays["weights"].tolist()
        if not len(words) == len(ways) == len(weights):
            raise ValueError("words, weights and ways are not of one length")
        made = cls(words, weights, ways, english)
        made._sounds = made._by_sound()  # now, not while the first message waits
        return made


@lru_cache(100_000)  # words that nearly all models know
def _sounds(ways: str) -> frozenset[str]:
    return frozenset(sound(way) for way in ways.split(" "))


@lru_cache(200_000)  # of the examples of one training, which the next one has, too
def _away(typed: str, ways: str, limit: int) -> int:
    """Letters from what was typed to the nearest of the ways; ``limit`` if it is that or more."""
    return min(_distance(typed, way, limit) for way in ways.split(" "))


def _distance(one: str, other: str, limit: int) -> int:
    """Letters to change, add or leave out (Levenshtein 1966); ``limit`` if it is that or more.

    A column at a time in the bits of a number: Myers (1999), as simplified by Hyyrö (2003).
    """
    if abs(len(one) - len(other)) >= limit:
        return limit
    if not one:
        return min(len(other), limit)
    where: dict[str, int] = {}
    for row, letter in enumerate(one):
        where[letter] = where.get(letter, 0) | 1 << row
    last, whole = 1 << (len(one) - 1), (1 << len(one)) - 1
    more, less, away = whole, 0, len(one)  # rows at which the column goes up, and down, by one
    for letter in other:
        same = where.get(letter, 0)
        across = (((same & more) + more) ^ more) | same | less
        up, down = less | ~(across | more), more & across
        away += bool(up & last) - bool(down & last)
        up, down = up << 1 | 1, down << 1
        more, less = (down | ~(across | up)) & whole, up & across & whole
    return min(away, limit)

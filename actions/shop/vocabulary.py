"""Find what a text names among known things, whatever the case, the plural or one typo.

Pure. Used for categories, colours, brands, sizes and cities: their other words are data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

_WORDS = re.compile(r"[^\s,;:!?()\"/&]+")  # \w would cut Indic words at their vowel signs
_TYPO_FROM = 5  # letters; in shorter words one typo makes another word


def fold(text: str) -> str:
    """Words in lower case without plural endings, divided by one space."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [_singular(word.strip(".'")) for word in _WORDS.findall(plain) if word.strip(".'")]


def _singular(word: str) -> str:
    if word.endswith("'s"):
        return word[:-2]
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


class Vocabulary:
    """Which targets the words of a text stand for.

    >>> Vocabulary({"red": ["crimson"], "navy": ["navy blue"]}).find("a crimsom dress")
    ['red']
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._targets: dict[str, list[str]] = {}
        for target, others in words.items():
            for phrase in (target, *others):
                targets = self._targets.setdefault(fold(phrase), [])
                if target not in targets:
                    targets.append(target)
        self._longest = max((len(phrase.split()) for phrase in self._targets), default=1)
        self._letters = max(map(len, self._targets), default=0)
        self._near: dict[str, str] = {}
        for phrase in self._targets:
            if len(phrase) >= _TYPO_FROM:
                for shape in _one_letter_less(phrase):
                    self._near.setdefault(shape, phrase)

    def find(self, text: str) -> list[str]:
        """Targets in order of mention, each once; longer phrases go before their parts."""
        return list(dict.fromkeys(target for targets in self.find_each(text) for target in targets))

    def find_each(self, text: str) -> list[list[str]]:
        """The targets of each phrase on its own, in order of mention."""
        return [self._targets[phrase] for phrase in self._phrases(tokens(text))]

    def one(self, text: str) -> str | None:
        """The first target, or None."""
        return next(iter(self.find(text)), None)

    def _phrases(self, words: list[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                known = self._known(" ".join(words[at : at + length]))
                if known:
                    yield known
                    at += length
                    break
            else:
                at += 1

    def _known(self, phrase: str) -> str | None:
        if phrase in self._targets:
            return phrase
        # Much longer than any is none, and what it is like would take long to see.
        if not _TYPO_FROM <= len(phrase) <= self._letters + 1:
            return None
        return next((self._near[shape] for shape in _one_letter_less(phrase) if shape in self._near), None)


def _one_letter_less(word: str) -> Iterator[str]:
    """The word and all it is with one letter left out: two words one edit apart share one of these."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]

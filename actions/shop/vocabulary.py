"""Find what a text names among known things, in any language, whatever the case, the ending or one typo.

Pure. Used for categories, colours, brands, sizes and cities: their other words are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.reading.fold import folded
from bot.reading.forms import Endings
from bot.reading.phrases import Phrases, ways
from bot.reading.tokens import Token, cut, words

_TYPO_FROM = 5  # letters; in shorter words one typo makes another word
_LONGEST = 24  # letters: what a longer word is like would take long to see

#: The endings of the shop's own lists, which are English.
ENGLISH = Endings(["s", "es", "'s", "s'"], {"y": "ies"})

Words = Mapping[str, Iterable[str]]


def fold(text: str) -> str:
    """Words in lower case without English plural endings, divided by one space."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    return [_singular(word) for word in words(folded(text))]


def _singular(word: str) -> str:
    if word.endswith(("'s", "sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


class Vocabulary:
    """Which targets the words of a text stand for.

    ``others``: other languages' words for the targets, with the endings that their words take;
    ``known``: words that are no typo of these ("toman" is money, not a woman).

    >>> Vocabulary({"red": ["crimson"], "navy": ["navy blue"]}).find("a crimsom dress")
    ['red']
    """

    def __init__(
        self, words: Words, others: Sequence[tuple[Endings, Words]] = (), known: Iterable[str] = ()
    ) -> None:
        own = {target: [target, *listed] for target, listed in words.items()}
        self._phrases: Phrases[tuple[str, ...]] = Phrases()
        self._endings: list[Endings] = []
        self._words: dict[str, None] = dict.fromkeys(map(folded, known))
        self._near: dict[str, str] = {}
        for endings, listed in ((ENGLISH, own), *others):
            targets = _by_phrase(listed)
            self._phrases.add(targets, endings)
            self._endings.append(endings)
            for word in (word for phrase in targets for way in ways(phrase) for word in way):
                self._words[word] = None
                # Romanised words have no one spelling: the usual ones are listed, others would be too near.
                if _TYPO_FROM <= len(word) <= _LONGEST and (endings is ENGLISH or not word.isascii()):
                    for shape in _one_letter_less(word):
                        self._near.setdefault(shape, word)

    def find(self, text: str) -> list[str]:
        """Targets in order of mention, each once; longer phrases go before their parts."""
        return list(dict.fromkeys(target for targets in self.find_each(text) for target in targets))

    def find_each(self, text: str) -> list[list[str]]:
        """The targets of each phrase on its own, in order of mention."""
        said = [self._spelt(token) for token in cut(folded(text))]
        found, i = [], 0
        while i < len(said):
            match = self._phrases.at(said, i)
            if match:
                found.append(list(match[1]))
            i = match[0] if match else i + 1
        return found

    def one(self, text: str) -> str | None:
        """The first target, or None."""
        return next(iter(self.find(text)), None)

    def _spelt(self, token: Token) -> Token:
        """The word without its typo, if it is one letter off a known one."""
        word = token.text
        if token.kind != "word" or not _TYPO_FROM <= len(word) <= _LONGEST or self._knows(word):
            return token
        meant = next((self._near[shape] for shape in _one_letter_less(word) if shape in self._near), None)
        return token._replace(text=meant) if meant else token

    def _knows(self, word: str) -> bool:
        return word in self._words or any(
            stem in self._words for endings in self._endings for stem in endings.stems(word)
        )


def _by_phrase(words: Words) -> dict[str, tuple[str, ...]]:
    targets: dict[str, list[str]] = {}
    for target, phrases in words.items():
        for phrase in phrases:
            known = targets.setdefault(phrase, [])
            if target not in known:
                known.append(target)
    return {phrase: tuple(known) for phrase, known in targets.items()}


def _one_letter_less(word: str) -> Iterator[str]:
    """The word and all it is with one letter left out: two words one edit apart share one of these."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]

"""Which language a message is in: script first, then evidence summed word by word; knows no Rasa.

A word in a language's own letters speaks for it. A word in Latin letters is weighed: how much more
likely it is from somebody who types that language, with English words among it, than from somebody who
writes English. English words therefore speak but a little against a language, as all of ours borrow them;
English is what a message is in unless enough words say otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import exp, log
from typing import Any

import numpy as np

from bot.components.remembering import remembered
from bot.components.spelling import Spelling
from bot.encoder.clean import clean
from bot.encoder.vocabulary import script as script_name

#: ISO 15924 for what Unicode calls a script.
LATIN = "Latn"
SCRIPTS = {"LATIN": LATIN, "DEVANAGARI": "Deva", "BENGALI": "Beng", "ARABIC": "Arab", "GREEK": "Grek"}
FOREIGN = "Zzzz"
ENGLISH = "en"
LETTERS_SEEN = 400

OWN = 0.45  # share of own words in what people type in Latin letters; the rest is English
FUNCTION_WORDS = 150  # the most frequent of English: hardly ever borrowed …
BORROWED = 0.4  # … but so often
LISTED = (-2.5, 5.0)  # the least and the most a word says that is in a list
UNLISTED = (-1.0, 1.5)  # … and one that only its spelling speaks for
PART = 2_000  # words of a table that are loaded at one go
AGAINST = -6.0  # all that speaks against a language, in a message that quotes much English
DIGITS = 2.0  # a number in a language's own digits
NATIVE = 6.0  # a word in a language's own letters
NEVER = 1e-7  # how often a word comes that no list has

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADDRESS = re.compile(r"\S+@\S+|\S+://\S+|www\.\S+")
#: What digits are called in Unicode → whose they are; Persian's are those that are "extended".
_DIGITS = {"DEVANAGARI": "Deva", "BENGALI": "Beng", "ARABIC-INDIC": "Arab", "EXTENDED": "Arab"}
_AGAIN = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """``script``: of most letters, :data:`FOREIGN` if none of ours, None without letters.
    ``evidence``: of each language against English (0), natural logarithms."""

    language: str
    script: str | None
    evidence: dict[str, float] = field(default_factory=dict)


class Tongues:
    """``scripts``: the language of each script; ``table``: words with their evidence for each romanised
    language; ``spellings``: for words that are not in it; ``prior``, ``held``: see the component."""

    def __init__(
        self,
        scripts: Mapping[str, str],
        languages: list[str],
        table: Mapping[str, tuple[float, ...]],
        spellings: Mapping[str, Spelling],
        prior: float = 1.5,
        held: float = 2.5,
    ) -> None:
        self._scripts = dict(scripts)
        self._languages = languages
        self._table = dict(table)
        self._spellings = dict(spellings)
        self._prior = prior
        self._held = held
        self._nothing = (0.0,) * len(languages)
        self._of = remembered(20_000, self._weigh)

    @classmethod
    def learn(
        cls,
        scripts: Mapping[str, str],
        english: Mapping[str, float],
        romanised: Mapping[str, Mapping[str, float]],
        neutral: frozenset[str] = frozenset(),
        *,
        prior: float = 1.5,
        held: float = 2.5,
    ) -> Tongues:
        """``english`` and ``romanised``: words with their frequencies, those of a language adding up to 1."""
        languages = list(romanised)
        function_words = set(sorted(english, key=english.__getitem__, reverse=True)[:FUNCTION_WORDS])
        table = _evidence(english, romanised, function_words)
        table |= dict.fromkeys(neutral, (0.0,) * len(languages))
        spellings = {
            name: Spelling.learn(_flattened(words)) for name, words in {ENGLISH: english, **romanised}.items()
        }
        return cls(scripts, languages, table, spellings, prior, held)

    def judge(self, text: str, present: object = None, likely: Sequence[str] = (ENGLISH,)) -> Judgement:
        """The language of ``text`` in a conversation that is in ``present`` so far, if it is in one of ours.

        ``likely``: the languages to take, the first that is ours, where text and conversation tell nothing.
        """
        letters: Counter[str] = Counter()
        languages = [ENGLISH, *self._scripts.values(), *self._languages]
        fore, against = dict.fromkeys(languages, 0.0), dict.fromkeys(languages, 0.0)
        heard = False
        plain = _ADDRESS.sub(" ", clean(text, LETTERS_SEEN, own_digits=True))
        for word in dict.fromkeys(_WORD.findall(plain)):
            kinds = Counter(SCRIPTS.get(script_name(char), FOREIGN) for char in word if char.isalpha())
            kind = max(kinds, key=kinds.__getitem__, default=None)
            letters += kinds
            if kind == LATIN:
                weights = self._of(word)
                heard = heard or any(weights)
                for language, weight in zip(self._languages, weights, strict=True):
                    (fore if weight > 0 else against)[language] += weight
            elif kind in self._scripts:
                fore[self._scripts[kind]] += NATIVE
                heard = True
            elif not kinds and (own := self._scripts.get(_digits(word))):
                fore[own] += DIGITS
                heard = True
        evidence = {one: fore[one] + max(against[one], AGAINST) for one in fore}
        script = max(letters, key=letters.__getitem__, default=None)
        known = [one for one in (present, *likely, ENGLISH) if isinstance(one, str) and one in evidence]
        language = self._best(evidence, present) if heard else known[0]
        return Judgement(language, script, evidence)

    def _best(self, evidence: Mapping[str, float], present: object) -> str:
        chances = dict(evidence)
        if isinstance(present, str) and present in chances:
            chances[present] += self._held
        else:
            chances[ENGLISH] += self._prior
        return max(chances, key=chances.__getitem__)

    def _weigh(self, word: str) -> tuple[float, ...]:
        """Evidence of one word in Latin letters for each romanised language, cached."""
        plain = word.casefold().replace("’", "'")
        if (
            not self._languages
            or len(plain) == 1
            or len(plain) > 30
            or sum(map(str.isdigit, plain)) * 2 >= len(plain)
        ):
            return self._nothing  # an initial, a number, a code
        for form in (plain, _AGAIN.sub(r"\1", plain), _AGAIN.sub(r"\1\1", plain)):
            if form in self._table:
                return self._table[form]
        usual = exp(self._spellings[ENGLISH].likelihood(plain))
        likely = [exp(self._spellings[one].likelihood(plain)) / usual for one in self._languages]
        return _within([log(OWN * one + 1 - OWN) for one in likely], UNLISTED)

    def to_arrays(self) -> dict[str, Any]:
        kept: dict[str, Any] = {
            "scripts": np.array([*self._scripts.items()]),
            "languages": np.array(self._languages),
            "words": np.array("\n".join(self._table)),
            "evidence": np.array(list(self._table.values()), np.float16),
        }
        for name, spelling in self._spellings.items():
            kept |= {f"{name}.{key}": value for key, value in spelling.to_arrays().items()}
        return kept

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], *, prior: float = 1.5, held: float = 2.5) -> Tongues:
        """What :meth:`to_arrays` gave; raises ``KeyError`` or ``ValueError`` if it is something else."""
        languages = [str(one) for one in arrays["languages"]]
        words = arrays["words"].item().split("\n")
        evidence = arrays["evidence"].astype(float)
        # In parts: a long list is made at one go, in which no other thread does anything.
        parts = (evidence[start : start + PART].tolist() for start in range(0, len(evidence), PART))
        rows = map(tuple, chain.from_iterable(parts))
        spellings = {}
        for name in (ENGLISH, *languages):
            own = {key.removeprefix(f"{name}."): arrays[key] for key in arrays if key.startswith(f"{name}.")}
            spellings[name] = Spelling.from_arrays(own)
        scripts = {str(script): str(language) for script, language in arrays["scripts"]}
        return cls(scripts, languages, dict(zip(words, rows, strict=True)), spellings, prior, held)


def _evidence(
    english: Mapping[str, float], romanised: Mapping[str, Mapping[str, float]], function_words: set[str]
) -> dict[str, tuple[float, ...]]:
    """What each word says for each romanised language, against English."""
    words = list(dict.fromkeys([*english, *(word for own in romanised.values() for word in own)]))
    if not romanised:
        return dict.fromkeys(words, ())
    usual = np.array([english.get(word, 0.0) + NEVER for word in words])
    lent = (1 - OWN) * np.where([word in function_words for word in words], BORROWED, 1.0)
    own = np.array([[words_of.get(word, 0.0) for word in words] for words_of in romanised.values()])
    raw = np.log((OWN * own + lent * usual) / usual)
    best = raw.max(axis=0)
    moved = np.maximum(raw + np.clip(best, *LISTED) - best, LISTED[0])
    return dict(zip(words, map(tuple, moved.T.tolist()), strict=True))


def _digits(word: str) -> str:
    """The script of a number's digits; empty if they are everybody's."""
    foreign = next((char for char in word if not char.isascii()), "")
    return _DIGITS.get(script_name(foreign), "") if foreign else ""


def _within(weights: list[float], limits: tuple[float, float]) -> tuple[float, ...]:
    """The weights, the best of them within the limits, the others as far below it as they were."""
    best = max(weights)
    moved = min(max(best, limits[0]), limits[1]) - best
    return tuple(max(weight + moved, limits[0]) for weight in weights)


def _flattened(words: Mapping[str, float]) -> dict[str, float]:
    """Weights by which to learn spellings: frequent words are not to drown the others."""
    most = sorted(words, key=words.__getitem__, reverse=True)[:12_000]
    return {word: 1 + (words[word] * 1e6) ** 0.4 for word in most}

"""The words from which languages are told apart, gathered at training time.

From ``data/language/<lang>.yml`` (letters, frequent words), the examples in ``data/nlu/<lang>/``
and, where it is installed, the package ``wordfreq`` (Speer 2022), whose words in other
letters are romanised.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from bot.components.romanise import Romaniser
from bot.components.tongues import ENGLISH, SCRIPTS, Tongues
from bot.encoder.clean import clean
from bot.encoder.vocabulary import script

log = logging.getLogger(__name__)

ENGLISH_WORDS = 60_000
USUAL = 3_000  # of them, which nobody takes for another language's
OTHER_WORDS = 12_000
WAYS = 4
SHARES = {"frequent": 0.5, "listed": 0.25, "examples": 0.25}

_ENTITY = re.compile(r"\[([^\]]+)\](?:\(([^)]*)\)|\{[^}]*\})")
NAMES = ("brand", "product", "person", "city", "email")  # entities that are the same in every language
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
Words = dict[str, float]


def learn(data: Path, nlu: Path, *, prior: float = 1.5, held: float = 2.5) -> Tongues:
    """From the folders of how languages are written, and of examples by language."""
    files = {file.stem: read_yaml_file(file) for file in sorted(data.glob("*.yml"))}
    texts = {language: examples(nlu / language) for language in files}
    listed = [set(str(content.get("words", "")).split()) for content in files.values()]
    english = _english(texts.get(ENGLISH, []), listed)
    romanised = {
        language: _romanised(language, content, texts[language])
        for language, content in files.items()
        if language != ENGLISH
    }
    scripts = {content["script"]: language for language, content in files.items()}
    neutral = frozenset(" ".join(content.get("neutral", "") for content in files.values()).split())
    return Tongues.learn(
        scripts,
        english,
        {name: words for name, words in romanised.items() if words},
        neutral,
        prior=prior,
        held=held,
    )


def examples(folder: Path) -> list[str]:
    """The examples of Rasa's training files in a folder, without annotations and names."""
    return [_ENTITY.sub(_unnamed, line) for line in _lines(folder)]


def _lines(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.yml")):
        for entry in read_yaml_file(file).get("nlu") or []:
            lines = (entry.get("examples") or "").splitlines()
            yield from (line.strip().removeprefix("- ").strip() for line in lines)


def known_examples(nlu: Path) -> dict[str, str]:
    """The language of each example below ``nlu`` that stands in one language only."""
    found: dict[str, str] = {}
    for folder in sorted(nlu.glob("*/")):
        for text in _lines(folder):
            plain = _ENTITY.sub(lambda match: match[1], text)
            found[plain] = folder.name if found.get(plain, folder.name) == folder.name else ""
    return {text: language for text, language in found.items() if language}


def own_words(language: str, content: Mapping[str, Any], texts: list[str], most: int) -> Words:
    """Words in a language's own letters, with frequencies: the ``most`` frequent, and those of ``texts``."""
    frequent, own = _frequent(language, most), _counted(texts)
    parts = {"frequent": frequent, "examples": own}
    return _mixed({name: _native(words, content["script"]) for name, words in parts.items()})


def english_words() -> Words:
    """Frequent words of English, with frequencies; none where the package is missing."""
    return _frequent(ENGLISH, ENGLISH_WORDS)


def _english(texts: list[str], listed: list[set[str]]) -> Words:
    """English words with frequencies. Our English examples hold some in other languages, as customers
    type them: a text with many words that another language lists and English hardly knows is one."""
    frequent = _frequent(ENGLISH, ENGLISH_WORDS)
    foreign = [words.difference(list(frequent)[:USUAL]) for words in listed] if frequent else []

    def is_english(text: str) -> bool:
        words = _counted([text])
        return all(len(words.keys() & others) * 3 < len(words) for others in foreign)

    return _mixed({"frequent": frequent, "examples": _counted(filter(is_english, texts))})


def _unnamed(match: re.Match[str]) -> str:
    return "" if (match[2] or "").startswith(NAMES) else match[1]


def _romanised(language: str, content: Mapping[str, Any], texts: list[str]) -> Words:
    """Words of a language as typed in Latin letters, with frequencies that add up to 1."""
    romaniser = Romaniser.of(content)
    frequent = _spelt(_native(_frequent(language, OTHER_WORDS), content["script"]), romaniser)
    counted = _counted(texts)
    own = _spelt(_native(counted, content["script"]), romaniser)
    typed = _counted(text for text in texts if text.isascii())
    listed = dict.fromkeys(str(content.get("words", "")).split(), 1.0)
    for word, count in typed.items():
        own[word] = own.get(word, 0.0) + count
    return _mixed({"frequent": frequent, "listed": listed, "examples": own})


def _spelt(words: Words, romaniser: Romaniser | None) -> Words:
    found: defaultdict[str, float] = defaultdict(float)
    if romaniser is None:
        return found
    for word, weight in words.items():
        ways = romaniser.usual_ways(word, WAYS * 2 if romaniser.between else WAYS)
        # The most usual spelling is as frequent as all others together, unless vowels are guessed.
        first = 1 / len(ways) if ways and romaniser.between else 0.5
        for index, way in enumerate(ways):
            found[way] += weight * (first if index == 0 else (1 - first) / (len(ways) - 1))
    return found


def _native(words: Words, own: str) -> Words:
    return {
        word: weight
        for word, weight in words.items()
        if all(SCRIPTS.get(script(char)) == own for char in word if char.isalpha())
    }


def _counted(texts: Iterable[str]) -> Words:
    found = (word for text in texts for word in _WORD.findall(clean(text).casefold().replace("’", "'")))
    return {word: float(count) for word, count in Counter(found).items()}


def _mixed(parts: Mapping[str, Mapping[str, float]]) -> Words:
    """One distribution of several, by :data:`SHARES`; an empty part leaves its share to the others."""
    found: defaultdict[str, float] = defaultdict(float)
    whole = sum(SHARES[name] for name, words in parts.items() if words)
    for name, words in parts.items():
        total = sum(words.values())
        for word, weight in words.items():
            found[word] += SHARES[name] / whole * weight / total
    return dict(found)


def _frequent(language: str, most: int) -> Words:
    try:
        from wordfreq import get_frequency_dict  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        log.warning("wordfreq is not installed: languages are learnt from our own words alone.")
        return {}
    try:
        words = get_frequency_dict(language, wordlist="best")
    except LookupError:
        log.warning("wordfreq does not know %s: it is learnt from our own words alone.", language)
        return {}
    kept = ((word, share) for word, share in words.items() if word.isalpha() or "'" in word or _joined(word))
    return {word: share for (word, share), _ in zip(kept, range(most), strict=False)}


def _joined(word: str) -> bool:
    """Whether it is a word all the same: vowel signs are no letters to Python."""
    return not any(char.isdigit() for char in word)

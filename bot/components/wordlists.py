"""The words from which languages are told apart, gathered at training time.

From ``data/language/<lang>.yml`` (letters, frequent words), the examples in ``data/nlu/<lang>/``
and, where it is installed, the package ``wordfreq`` (Speer 2022), whose words in other
letters are romanised.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from bot.components.romanise import Romaniser
from bot.components.tongues import ENGLISH, SCRIPTS, Tongues
from bot.encoder.clean import clean
from bot.encoder.vocabulary import script

log = logging.getLogger(__name__)

ENGLISH_WORDS = 60_000
OTHER_WORDS = 15_000
WAYS = 4
SHARES = {"frequent": 0.5, "listed": 0.25, "examples": 0.25}

_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
Words = dict[str, float]


def learn(data: Path, nlu: Path, more: Iterable[tuple[str, str]] = (), **tuned: float) -> Tongues:
    """``more``: further texts with their language's code, beside ours."""
    files = {file.stem: read_yaml_file(file) for file in sorted(data.glob("*.yml"))}
    texts = {language: examples(nlu / language) for language in files}
    for text, language in more:
        if language in texts:
            texts[language].append(text)
    english = _mixed(
        {"frequent": _frequent(ENGLISH, ENGLISH_WORDS), "examples": _counted(texts.get(ENGLISH, []))}
    )
    romanised = {
        language: _romanised(language, content, texts[language])
        for language, content in files.items()
        if language != ENGLISH
    }
    scripts = {content["script"]: language for language, content in files.items()}
    neutral = frozenset(" ".join(content.get("neutral", "") for content in files.values()).split())
    return Tongues.learn(scripts, english, {k: v for k, v in romanised.items() if v}, neutral, **tuned)


def examples(folder: Path) -> list[str]:
    """The examples of Rasa's training files in a folder, without their annotations."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        for entry in read_yaml_file(file).get("nlu") or []:
            lines = (entry.get("examples") or "").splitlines()
            found += [_ENTITY.sub(r"\1", line.strip().removeprefix("- ")) for line in lines]
    return found


def _romanised(language: str, content: Mapping[str, Any], texts: list[str]) -> Words:
    """Words of a language as typed in Latin letters, with frequencies that add up to 1."""
    romaniser, random = Romaniser.of(content), Random(0)
    frequent = _spelt(_native(_frequent(language, OTHER_WORDS), content["script"]), romaniser, random)
    counted = _counted(texts)
    own = _spelt(_native(counted, content["script"]), romaniser, random)
    typed = {word: count for word, count in counted.items() if word.isascii()}
    listed = dict.fromkeys(str(content.get("words", "")).split(), 1.0)
    return _mixed({"frequent": frequent, "listed": listed, "examples": Counter(own) + Counter(typed)})


def _spelt(words: Words, romaniser: Romaniser | None, random: Random) -> Words:
    found: Counter[str] = Counter()
    if romaniser is None:
        return found
    for word, weight in words.items():
        ways = romaniser.ways(word, WAYS * 2 if romaniser.between else WAYS, random)
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


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in _WORD.findall(clean(text).casefold().replace("’", "'")))


def _mixed(parts: Mapping[str, Mapping[str, float]]) -> Words:
    """One distribution of several, by :data:`SHARES`; an empty part leaves its share to the others."""
    found: Counter[str] = Counter()
    whole = sum(SHARES[name] for name, words in parts.items() if words)
    for name, words in parts.items():
        total = sum(words.values())
        for word, weight in words.items():
            found[word] += SHARES[name] / whole * weight / total
    return dict(found)


def _frequent(language: str, most: int) -> Words:
    try:
        from wordfreq import get_frequency_dict
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

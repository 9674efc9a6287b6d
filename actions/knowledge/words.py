"""Terms of a text for BM25, in any of our scripts: words, and pieces of longer words.

Pieces stand in for stemming, which there is no light library for in all five languages: they join
"return", "returned" and "returning", Greek and Bengali endings, and most typos.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Combining marks are no \w: without these ranges a Hindi or Bengali word falls to pieces.
_WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u097f\u0980-\u09ff]+")
_GREEK_AND_LATIN_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670]")
_SAME = str.maketrans({"ي": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "أ": "ا", "إ": "ا", "ς": "σ", "\u200c": " "})
LONGEST = 2_000  # characters of a text that are read
PIECE = 4
LONG = 6  # words of so many letters are also cut


def words(text: str) -> list[str]:
    """Words in one spelling: no capitals, accents or vowel signs of Persian, digits of all scripts alike."""
    apart = unicodedata.normalize("NFKD", text[:LONGEST].translate(_SAME)).casefold().translate(_SAME)
    plain = unicodedata.normalize("NFKC", _GREEK_AND_LATIN_MARKS.sub("", apart))
    return [_digits(word) for word in _WORD.findall(plain)]


def terms(text: str) -> list[str]:
    """What a text is indexed by and asked for."""
    return [term for word in words(text) for term in _of(word)]


def _of(word: str) -> Iterator[str]:
    yield word
    if len(word) >= LONG:
        yield from (f"~{word[at : at + PIECE]}" for at in range(len(word) - PIECE + 1))


def _digits(word: str) -> str:
    return "".join(str(unicodedata.digit(c, c)) for c in word) if any(map(str.isdigit, word)) else word

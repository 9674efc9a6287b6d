"""Texts made comparable: what differs only in capitals, marks or spelling of characters is the same. Pure."""

from __future__ import annotations

import re
import unicodedata

# Combining marks are part of words in Devanagari and Bengali; apostrophes are in English.
_NO_WORD = re.compile(r"[^\w\s'\u0300-\u036f\u0900-\u0963\u0980-\u09e3]")
_PERSIAN = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "’": "'"})
_ASCII = re.compile(r"[a-z0-9 ']+")


def fold(text: str) -> str:
    """Words in lower case with single blanks between them; no punctuation, one form of each character."""
    lower = text.lower()
    if _ASCII.fullmatch(lower):
        return " ".join(lower.split())
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_PERSIAN)
    return " ".join(_NO_WORD.sub(" ", folded).split())


def same(text: str) -> str:
    """Equal for texts that nobody would write twice: capitals and blanks do not count, signs do."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(plain.casefold().split())

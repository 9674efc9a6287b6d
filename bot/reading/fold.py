"""One way of writing for what people write in many: case, digits, accents, look-alike letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Letters that are typed for one another. Arabic's to Persian's; Bengali's long i and u sound like the short.
_ALIKE = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ؤ": "و", "أ": "ا", "إ": "ا",
        "آ": "ا", "ٱ": "ا",
        "ঀ": "", "ী": "ি", "ূ": "ু", "ঁ": "", "ँ": "ं",
        "ς": "σ", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "ı": "i",
        "٫": ".", "٬": ",", "،": ",", "؟": "?", "؛": ";", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
        "\u0640": "", "\u093c": "", "\u09bc": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "",
        "\u00ad": "", "\ufeff": "", "\u2060": "",
    }
)  # fmt: skip
# Marks that change nothing on these letters: accents of Latin and Greek, vowel marks of Arabic.
_BARE = ("LATIN", "GREEK", "ARABIC")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the one way of writing, and where each of its characters stood."""

    text: str
    raw: str
    at: Sequence[int]  # for each character of ``text`` its place in ``raw``; one more for the end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of ``raw`` that ``text[start:end]`` was, with the marks on its last letter."""
        first, last = self.at[start], self.at[end - 1] + 1
        while last < len(self.raw) and unicodedata.category(self.raw[last]) == "Mn":
            last += 1
        return first, last


def fold(text: str) -> Folded:
    """Never fails; halves of characters (lone surrogates) become spaces."""
    pieces = [_char(char) for char in text]
    plain = "".join(pieces)
    if len(plain) == len(text) and all(len(piece) == 1 for piece in pieces):
        return Folded(plain, text, range(len(text) + 1))
    at = [i for i, piece in enumerate(pieces) for _ in piece]
    return Folded(plain, text, [*at, len(text)])


def folded(text: str) -> str:
    """Only the text of :func:`fold`."""
    return "".join(map(_char, text))


def digits(text: str) -> str:
    """``text`` with the digits of any script as ASCII's, its length unchanged."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


@lru_cache(maxsize=8192)
def _char(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    parts = unicodedata.normalize("NFKD", char.translate(_ALIKE))
    if unicodedata.category(char) == "Mn":
        parts = "" if _of_bare(char) else parts
    elif len(parts) > 1 and unicodedata.name(parts[0], "").startswith(_BARE):
        parts = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return parts.casefold().translate(_ALIKE)


def _of_bare(mark: str) -> bool:
    name = unicodedata.name(mark, "")
    return name.startswith(("COMBINING", "ARABIC"))

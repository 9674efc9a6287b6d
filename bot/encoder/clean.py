"""One way to make any text safe to read: for the encoder, the n-grams and the language model."""

from __future__ import annotations

import re
import unicodedata

#: No utterance needs more to be understood; what follows is cut before any work is done.
LONGEST = 2_000

_SPACES = re.compile(r"\s+")


def clean(text: str, longest: int = LONGEST, *, own_digits: bool = False) -> str:
    """``text`` as NFKC on one line, without control, format, private and surrogate characters.

    Bengali nukta letters and full-width forms get one spelling, digits of all scripts are ASCII's
    (unless ``own_digits``); a zero-width non-joiner, which separates parts of a Persian word, becomes a
    space. Never raises.
    """
    normal = unicodedata.normalize("NFKC", text[:longest])
    if not normal.isascii() or not normal.isprintable():
        normal = "".join(char if own_digits and char.isdecimal() else _plain(char) for char in normal)
    return _SPACES.sub(" ", normal).strip()


def _plain(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return " " if kind[0] == "C" else char

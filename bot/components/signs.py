"""How a message is written beside its words: emoji, capitals, long letters and many marks, as words.

N-grams know neither capitals nor emoji. An emoji becomes its Unicode name, so that one that was never
seen still says "smiling" or "angry"; the rest become words that nobody types.
"""

from __future__ import annotations

import re
import unicodedata

from bot.encoder.clean import clean

_SMILE = re.compile(r"(?<!\w)[:;=xX]['’]?-?[)\]DpP3]+(?!\w)|\(:|<3|\^_?\^|[)]{2,}")
_FROWN = re.compile(r"(?<!\w)[:=]['’]?-?[(\[\\|]+|\):|>:\(|[(]{2,}|-_+-")
_LONG = re.compile(r"(\w)\1{2,}")
_MARKS = re.compile(r"[!?؟;]{2,}|[!]")
_TONES = {0x1F3FB + at: None for at in range(5)} | {0xFE0F: None, 0x200D: None}
_CURSES = re.compile(r"\b\w+[*#@$%&]{2,}\w*|[@#$%&*]{4,}")
LOUD_LETTERS = 4


def spelt_out(text: str) -> str:
    """``text`` for n-grams: emoji named, long letters shortened, and a word for each other sign."""
    plain = clean(text.translate(_TONES))
    words = [plain]
    if not plain.isascii():
        words = ["".join(_named(char) for char in plain)]
    latin = [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word.upper() != word.lower()]
    loud = [word for word in latin if word.isupper()]
    if sum(map(len, loud)) >= LOUD_LETTERS and len(loud) * 2 > len(latin):
        words.append("xxloud")
    if _LONG.search(plain):
        words[0] = _LONG.sub(r"\1\1", words[0])
        words.append("xxlong")
    marks = "".join(_MARKS.findall(plain))
    if "!" in marks:
        words.append("xxbang xxbangs" if marks.count("!") > 1 else "xxbang")
    if "??" in marks or "?!" in marks or "!?" in marks:
        words.append("xxquestions")
    if _SMILE.search(plain):
        words.append("xxsmile")
    if _FROWN.search(plain):
        words.append("xxfrown")
    if _CURSES.search(plain):
        words.append("xxcurse")
    return " ".join(words)


def _named(char: str) -> str:
    if unicodedata.category(char) != "So":
        return char
    return f" xx{unicodedata.name(char, 'sign').lower().replace('-', ' ')} "

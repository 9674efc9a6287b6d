"""Numbers: digits as any country groups them, words, multipliers ("1.2 lakh", "sadhe teen sau")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.reading.phrases import Phrases
from bot.reading.tokens import Token

_DECIMAL = re.compile(r"[.,](\d{1,2})$")
_SMALL_TIMES = 1000  # below it a multiplier makes part of a number ("two hundred fifty thousand")


class Number(NamedTuple):
    value: Decimal
    end: int  # index of the token after it
    digits: bool  # written with digits, not in words alone


class Numbers:
    """Reads the number that begins at a token."""

    def __init__(self) -> None:
        self.words: Phrases[Decimal] = Phrases()
        self.times: Phrases[Decimal] = Phrases()
        self.more: Phrases[Decimal] = Phrases()
        self.joints: Phrases[bool] = Phrases()

    def at(self, tokens: Sequence[Token], start: int) -> Number | None:
        total = Decimal(0)
        present: Decimal | None = None  # what the next multiplier multiplies
        extra: Decimal | None = None  # "sadhe": half of what comes
        digits, i, end = False, start, start
        while i < len(tokens):
            token = tokens[i]
            if token.kind == "number":
                if present is not None or (total and digits) or (i > start and tokens[i - 1].kind == "sign"):
                    break
                present, digits, i = decimal(token.text) + (extra or 0), True, i + 1
                extra, end = None, i
            elif found := self.times.at(tokens, i):
                unit = (Decimal(1) if present is None else present) + (extra or 0)
                extra = None
                if found[1] < _SMALL_TIMES:
                    present = unit * found[1]
                else:
                    total, present = total + unit * found[1], None
                i = end = found[0]
            elif word := self.words.at(tokens, i):
                if present is None:
                    present, extra = word[1] + (extra or 0), None
                elif _goes_on(present, word[1]) and (word[1] < 1 or i == 0 or tokens[i - 1].kind == "word"):
                    present += word[1]
                else:
                    break
                i = end = word[0]
            elif i == start and (more := self.more.at(tokens, i)):
                extra, i = more[1], more[0]
            elif end > start and (joint := self.joints.at(tokens, i)) and i == end:
                i = joint[0]
            else:
                break
        if end == start:
            return None
        return Number(total + (present or 0), end, digits)


def _goes_on(present: Decimal, value: Decimal) -> bool:
    """Whether "twenty" goes on with "five": there is room for it, or it is a fraction."""
    if value < 1:
        return present == present.to_integral_value()
    whole = int(value)
    return present % (10 ** len(str(whole))) == 0 and present >= 20 and value == whole


def decimal(text: str) -> Decimal:
    """Digits with marks: one with one or two digits behind it at the end is decimal, others group."""
    last = _DECIMAL.search(text)
    whole = re.sub(r"\D", "", text[: last.start()] if last else text)
    return Decimal(f"{whole or 0}.{last[1] if last else 0}")

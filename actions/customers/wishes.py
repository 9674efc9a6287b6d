"""Read what a customer says about money and hours. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from decimal import ROUND_HALF_UP, Decimal

from actions import locale
from actions.shop.money import Prices
from actions.shop.vocabulary import fold

_AMOUNT = re.compile(r"\d[\d,. ٬٫]*\d|\d")
_HOUR = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?", re.IGNORECASE)
_LARGEST = Decimal(10) ** 12


def read_money(text: str, prices: Prices, currency: str) -> tuple[int, str] | None:
    """The amount in ``text`` ("under ₹5,000", "2k", "50 euros") as (minor units, currency), or None.

    Without a word for a currency it is ``currency``. "5k" is 5000; native digits are read.
    """
    # Digits of any script become ASCII's; NFKC leaves them as they are.
    plain = "".join(
        str(unicodedata.digit(char)) if char.isdecimal() else char
        for char in unicodedata.normalize("NFKC", text)
    )
    found = _AMOUNT.search(plain)
    if found is None:
        return None
    value = _decimal(found[0])
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    if re.match(r"\s?k\b", plain[found.end() :], re.IGNORECASE):
        value *= 1000
    words = set(re.findall(r"[₹৳€$]", rest)) | set(fold(re.sub(r"[₹৳€$]", " ", rest)).split())
    for name, units in prices.words.items():
        for word, times in units.items():
            if word in words or fold(word) in words:
                currency, value = name, value * times
                break
    step = Decimal(1).scaleb(-locale.decimals(currency))
    value = value.quantize(step, ROUND_HALF_UP) if value < _LARGEST else Decimal(0)
    return (locale.minor(value, currency), currency) if value > 0 else None


def _decimal(text: str) -> Decimal:
    """Grouping marks go; a mark with one or two digits behind it, at the end, is the decimal one."""
    plain = text.replace(" ", "").replace("٬", ",").replace("٫", ".")
    decimal = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: decimal.start()] if decimal else plain)
    return Decimal(f"{whole or 0}.{decimal[1] if decimal else 0}")


def read_hours(text: str) -> list[str] | None:
    """The two times in ``text`` ("6 to 9 pm", "18:00-21:00") as ["18:00", "21:00"], or None."""
    plain = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    found = list(_HOUR.finditer(plain))
    if len(found) != 2:
        return None
    last = (found[1][3] or "").lower()
    half = (found[0][3] or "").lower() or (
        "" if last.startswith("p") and _to24(found[0], "p") >= _to24(found[1], last) else last
    )
    start, end = _to24(found[0], half), _to24(found[1], last)
    if not (0 <= start < end <= 24 * 60):
        return None
    return [_clock(start), _clock(end)]


def _to24(match: re.Match[str], half: str) -> int:
    """Minutes since midnight; out of range for what is no time."""
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59 or (half and hour > 12):
        return -1
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    return hour * 60 + minute


def _clock(minutes: int) -> str:
    return time(minutes // 60, minutes % 60).strftime("%H:%M") if minutes < 24 * 60 else "24:00"

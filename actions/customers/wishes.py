"""Read what a customer says about money and hours. Pure."""

from __future__ import annotations

import re
from datetime import time
from decimal import ROUND_HALF_UP, Decimal

from actions import locale
from actions.shop.money import Prices
from bot.reading import money
from bot.reading.fold import folded
from bot.reading.grammar import Grammar

_HOUR = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?", re.IGNORECASE)
_LARGEST = Decimal(10) ** 12


def read_money(text: str, grammar: Grammar, prices: Prices, currency: str) -> tuple[int, str] | None:
    """The amount in ``text`` ("under ₹5,000", "do hazaar", "50 euros") as (minor units, currency), or None.

    Without a word for a currency, or with one the shop does not take, it is ``currency``.
    """
    amount = money.in_answer(grammar, text)
    if amount is None or amount.value >= _LARGEST:
        return None
    if amount.currency and amount.currency in prices.rates:
        currency = amount.currency
    value = amount.value.quantize(Decimal(1).scaleb(-locale.decimals(currency)), ROUND_HALF_UP)
    return (locale.minor(value, currency), currency) if value > 0 else None


def read_hours(text: str) -> list[str] | None:
    """The two times in ``text`` ("6 to 9 pm", "18:00-21:00") as ["18:00", "21:00"], or None."""
    found = list(_HOUR.finditer(folded(text)))
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

"""Money, dates, numbers and lists as a locale writes them (Babel's CLDR data).

A locale is a BCP 47 tag such as "bn-BD"; one that CLDR does not know is taken by its language,
and at last as English. Digits are the locale's own, where CLDR says it uses them. Persian has what
CLDR leaves out: days by its own calendar, and money in toman, in which everybody there counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from persiantools.jdatetime import MONTH_NAMES_FA, JalaliDate

FALLBACK = "en"
PERSIAN = "fa"
_RIALS = 10  # in a toman, which is no currency of CLDR's
_TOMAN = "تومان"
_ZEROS = {"beng": "০", "arabext": "۰", "arab": "٠", "deva": "०"}  # by CLDR's numbering system


@cache
def parse(tag: str | None) -> Locale:
    """The Babel locale of a tag. Never fails: what is unknown is English."""
    parts = (tag or FALLBACK).replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(FALLBACK)


def country(tag: str | None) -> str:
    """The country of a locale; a language alone gives the one where most speak it ("bn": "BD")."""
    locale = parse(tag)
    likely = str(get_global("likely_subtags").get(locale.language, "en_Latn_US"))
    return locale.territory or likely.split("_")[-1]


def decimals(currency: str) -> int:
    """How many decimals the currency has (CLDR): the power of ten of its minor unit."""
    return get_currency_precision(currency)


def amount(minor: int, currency: str) -> Decimal:
    """Minor units as an exact amount: 129900 INR is Decimal("1299.00")."""
    return Decimal(minor).scaleb(-decimals(currency))


def minor(value: Decimal, currency: str) -> int:
    """An exact amount as minor units. Raises ``ValueError`` for a fraction of one."""
    units = value.scaleb(decimals(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{value} {currency} has a fraction of the minor unit")
    return int(units)


def money(minor_units: int, currency: str, locale: str | None) -> str:
    """``money(12345600, "INR", "en-IN")`` is "₹1,23,456.00"; in Persian whole tomans for rials."""
    if currency == "IRR" and parse(locale).language == PERSIAN and minor_units % _RIALS == 0:
        return f"{number(minor_units // _RIALS, locale)} {_TOMAN}"
    value = amount(minor_units, currency)
    written = format_currency(value, currency, locale=parse(locale), numbering_system="default")
    return native_digits(written, locale)


def number(value: int | Decimal, locale: str | None) -> str:
    written = format_decimal(value, locale=parse(locale), numbering_system="default")
    return native_digits(written, locale)


def percent(value: Decimal | float, locale: str | None) -> str:
    """``value`` is a share: 0.2 is "20%"."""
    written = format_percent(value, locale=parse(locale), numbering_system="default")
    return native_digits(written, locale)


def day(value: date | datetime, locale: str | None, zone: str | None = None, style: str = "long") -> str:
    """A date; a point in time is first taken to ``zone``. ``style``: short medium long full."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or "UTC")).date()
    if parse(locale).language == PERSIAN:
        return native_digits(_jalali(value, style), locale)
    return native_digits(format_date(value, format=style, locale=parse(locale)), locale)


def _jalali(value: date, style: str) -> str:
    """A day of the Persian calendar: ۱۴۰۵/۰۸/۱۲, ۱۲ آبان ۱۴۰۵, with the weekday before it if full."""
    there = JalaliDate(value)
    if style == "short":
        return f"{there.year}/{there.month:02}/{there.day:02}"
    written = f"{there.day} {MONTH_NAMES_FA[there.month]} {there.year}"
    return f"{weekday(value, PERSIAN)} {written}" if style == "full" else written


def weekday(value: date, locale: str | None) -> str:
    """The name of the day in the week: "Sunday"."""
    return format_date(value, format="EEEE", locale=parse(locale))


def clock(value: time | datetime, locale: str | None, zone: str | None = None) -> str:
    """A time of day, to the minute; a point in time is first taken to ``zone``."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone or "UTC")).time()
    return native_digits(format_time(value, format="short", locale=parse(locale)), locale)


def moment(value: datetime, locale: str | None, zone: str | None = None) -> str:
    """A date and a time of day in ``zone``."""
    pattern = str(get_datetime_format("medium", locale=parse(locale)))
    return pattern.format(clock(value, locale, zone), day(value, locale, zone, "medium"))


def items(values: Sequence[str], locale: str | None, style: str = "standard") -> str:
    """ "a, b, and c"; ``style="or"`` for a choice. An empty sequence is an empty string."""
    return format_list(list(values), style=style, locale=parse(locale)) if values else ""  # type: ignore[arg-type]


def row(values: Iterable[str], locale: str | None) -> str:
    """ "a, b, c" with the locale's comma, and no "and" before the last."""
    return ("، " if right_to_left(locale) else ", ").join(values)


def right_to_left(locale: str | None) -> bool:
    return parse(locale).text_direction == "rtl"


def native_digits(text: str, locale: str | None) -> str:
    """``text`` with its digits in the locale's own script, which Babel leaves to the caller."""
    zero = _ZEROS.get(parse(locale).default_numbering_system or "")
    return text.translate({ord("0") + i: chr(ord(zero) + i) for i in range(10)}) if zero else text

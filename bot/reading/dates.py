"""Days and spans of days, from a clock: "next tuesday", "kal", "۱۲ آبان", "3 days ago", "last week"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from persiantools.jdatetime import JalaliDate

from bot.reading.numbers import Number, Numbers
from bot.reading.phrases import Phrases
from bot.reading.tokens import Token

_WRITTEN = re.compile(
    r"(?<![\d/.-])(?:(?P<year>\d{4})(?P<m>[-/.])(?P<month>\d{1,2})(?P=m)(?P<day>\d{1,2})"
    r"|(?P<d>\d{1,2})(?P<s>[-/.])(?P<mo>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2}))(?![\d/-])"
)
_FARTHEST = 400  # units before or after today
_SURE_FROM = (
    5  # letters from which a weekday's name alone is one, in Latin script ("sun", "sat" are other words)
)


class Said(NamedTuple):
    """A date in the tokens up to ``end``: ISO day, or ISO interval "2026-11-09/2026-11-15"."""

    value: str
    end: int


class Dates:
    """The words for dates of one language and English."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.days: Phrases[int | str] = Phrases()  # from today; "±1" is either way
        self.weekdays: Phrases[int] = Phrases()
        self.months: Phrases[int] = Phrases()
        self.jalali: Phrases[int] = Phrases()
        self.units: Phrases[str] = Phrases()
        self.feasts: Phrases[str] = Phrases()
        self.near: Phrases[int] = Phrases()  # this 0, next 1, last -1
        self.in_before: Phrases[bool] = Phrases()
        self.in_after: Phrases[bool] = Phrases()
        self.ago_before: Phrases[bool] = Phrases()
        self.ago_after: Phrases[bool] = Phrases()
        self.ordinals: Phrases[bool] = Phrases()
        self.links: Phrases[bool] = Phrases()
        self.past: Phrases[bool] = Phrases()
        self.future: Phrases[bool] = Phrases()
        self.past_ends: tuple[str, ...] = ()
        self.future_ends: tuple[str, ...] = ()

    # -- the whole message -----------------------------------------------------------------------

    def tense(self, tokens: Sequence[Token]) -> int:
        """-1: the message tells of the past; 1: of the future; 0: it does not tell."""
        past = future = False
        for i, token in enumerate(tokens):
            if token.kind == "word":
                past = past or bool(self.past.at(tokens, i)) or _ends(token.text, self.past_ends)
                future = future or bool(self.future.at(tokens, i)) or _ends(token.text, self.future_ends)
        return future - past

    # -- at a token ------------------------------------------------------------------------------

    def at(self, tokens: Sequence[Token], i: int, today: date, tense: int) -> Said | None:
        """The date that begins at ``tokens[i]``."""
        try:
            return (
                self._counted(tokens, i, today)
                or self._named(tokens, i, today, tense)
                or self._day_word(tokens, i, today, tense)
                or self._weekday_or_span(tokens, i, today, tense)
            )
        except (OverflowError, ValueError):  # a day that no month has, a year that no calendar has
            return None

    def _counted(self, tokens: Sequence[Token], i: int, today: date) -> Said | None:
        """ "in 3 days", "3 days ago", "πριν 2 μέρες"."""
        before = self.in_before.at(tokens, i)
        back = self.ago_before.at(tokens, i)
        start = max(found[0] for found in (before, back) if found) if before or back else i
        number = self.numbers.at(tokens, start)
        if number is None or number.value > _FARTHEST or number.value != number.value.to_integral_value():
            return None
        unit = self.units.at(tokens, number.end)
        if unit is None:
            return None
        count = int(number.value)
        if after := self.ago_after.at(tokens, unit[0]):
            return Said(_shift(today, -count, unit[1]).isoformat(), after[0])
        if back and back[0] == start:
            return Said(_shift(today, -count, unit[1]).isoformat(), unit[0])
        after = self.in_after.at(tokens, unit[0])
        if after or before:
            return Said(_shift(today, count, unit[1]).isoformat(), after[0] if after else unit[0])
        return None

    def _named(self, tokens: Sequence[Token], i: int, today: date, tense: int) -> Said | None:
        """ "12 march", "march 12th, 2026", "۱۲ آبان ۱۴۰۵", "next march"."""
        number = _whole(self.numbers.at(tokens, i))
        if number and 1 <= number.value <= 31:
            month = self._month(tokens, self._past_links(tokens, number.end))
            if month:
                return self._dated(tokens, int(number.value), month, today, tense)
            return None
        month = self._month(tokens, i)
        if month is None:
            return None
        following = _whole(self.numbers.at(tokens, self._past_links(tokens, month[0])))
        if following and 1 <= following.value <= 31 and (following.digits or following.end > month[0]):
            end = self._past_ordinal(tokens, following.end)
            return self._dated(tokens, int(following.value), (end, month[1], month[2]), today, tense)
        if len(tokens[i].text) < _SURE_FROM - 1 and tokens[i].text.isascii():
            return None  # "may", "mar", "dec" alone
        return Said(_span_of_month(month[1], month[2], today, tense), month[0])

    def _day_word(self, tokens: Sequence[Token], i: int, today: date, tense: int) -> Said | None:
        if feast := self.feasts.at(tokens, i):
            return Said(feast[1], feast[0])
        found = self.days.at(tokens, i)
        if found is None:
            return None
        end, shift = found
        if isinstance(shift, str):
            shift = int(shift.lstrip("±")) * (-1 if tense < 0 else 1)
        return Said((today + timedelta(days=shift)).isoformat(), end)

    def _weekday_or_span(self, tokens: Sequence[Token], i: int, today: date, tense: int) -> Said | None:
        before = self.near.at(tokens, i)
        start = before[0] if before else i
        if start >= len(tokens):
            return None
        if weekday := self.weekdays.at(tokens, start):
            end, near = self._near(tokens, before, weekday[0])
            name = tokens[start].text
            if near is None and name.isascii() and len(name) < _SURE_FROM:
                return None
            return Said(_weekday(today, weekday[1], near, tense).isoformat(), end)
        if unit := self.units.at(tokens, start):
            end, near = self._near(tokens, before, unit[0])
            return Said(_span(today, unit[1], near), end) if near is not None else None
        if before and (month := self._month(tokens, start)):
            near = before[1]
            return Said(_span_of_month(month[1], month[2], today, near or 1), month[0])
        return None

    # -- parts -----------------------------------------------------------------------------------

    def _near(
        self, tokens: Sequence[Token], before: tuple[int, int] | None, end: int
    ) -> tuple[int, int | None]:
        """This, next or last: said before, or behind ("هفته آینده")."""
        if before:
            return end, before[1]
        after = self.near.at(tokens, end) if end < len(tokens) else None
        return after if after else (end, None)

    def _month(self, tokens: Sequence[Token], i: int) -> tuple[int, int, bool] | None:
        """The index after the month, its number, and whether it is of the Persian calendar."""
        if i >= len(tokens):
            return None
        if found := self.jalali.at(tokens, i):
            return found[0], found[1], True
        found = self.months.at(tokens, i)
        return (found[0], found[1], False) if found else None

    def _dated(
        self, tokens: Sequence[Token], day: int, month: tuple[int, int, bool], today: date, tense: int
    ) -> Said:
        end = month[0]
        year = _whole(self.numbers.at(tokens, self._past_links(tokens, end)))
        if year and year.digits and 1300 <= year.value <= 2200:
            return Said(_on(int(year.value), month[1], day, month[2]).isoformat(), year.end)
        near = [
            _on((_jalali(today)[0] if month[2] else today.year) + shift, month[1], day, month[2])
            for shift in (-1, 0, 1)
        ]
        fitting = [one for one in near if (one <= today if tense < 0 else one >= today)] if tense else near
        return Said(min(fitting or near, key=lambda one: abs(one - today)).isoformat(), end)

    def _past_links(self, tokens: Sequence[Token], i: int) -> int:
        i = self._past_ordinal(tokens, i)
        while i < len(tokens) and (link := self.links.at(tokens, i)):
            i = link[0]
        return i + 1 if i < len(tokens) and tokens[i].text == "," else i

    def _past_ordinal(self, tokens: Sequence[Token], i: int) -> int:
        found = self.ordinals.at(tokens, i) if i < len(tokens) else None
        return found[0] if found else i


def written(folded: str) -> list[tuple[int, int, str]]:
    """Dates in digits, day first but for ISO's: (start, end, ISO day). Years about 1400 are Persian."""
    found = []
    for m in _WRITTEN.finditer(folded):
        year, month, day = (
            (int(m["year"]), int(m["month"]), int(m["day"]))
            if m["year"]
            else (int(m["y"]) + (2000 if len(m["y"]) == 2 else 0), int(m["mo"]), int(m["d"]))
        )
        if month > 12 >= day:
            month, day = day, month
        try:
            found.append((*m.span(), _on(year, month, day, 1300 <= year < 1500).isoformat()))
        except ValueError:
            continue
    return found


def _on(year: int, month: int, day: int, jalali: bool) -> date:
    """A day no month has is its last; raises ``ValueError`` for what no calendar has."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(f"no day {day} of a month {month}")
    if jalali:
        there = JalaliDate(year, month, min(day, JalaliDate.days_in_month(month, year)))
        return date.fromisoformat(there.to_gregorian().isoformat())
    return date(year, month, min(day, monthrange(year, month)[1]))


def _jalali(day: date) -> tuple[int, int]:
    """The year and the month that a day is in by the Persian calendar."""
    there = JalaliDate(day)
    return there.year, there.month


def _whole(number: Number | None) -> Number | None:
    return number if number and number.value == number.value.to_integral_value() else None


def _ends(word: str, ends: tuple[str, ...]) -> bool:
    return bool(ends) and word.endswith(ends)


def _shift(today: date, count: int, unit: str) -> date:
    if unit == "month":
        return _months(today, count)
    if unit == "year":
        return _months(today, 12 * count)
    return today + timedelta(days=count * (1 if unit == "day" else 7))


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekday(today: date, weekday: int, near: int | None, tense: int) -> date:
    ahead = (weekday - today.weekday()) % 7
    if near == -1 or (near is None and tense < 0):
        return today + timedelta(days=ahead - 7)
    return today + timedelta(days=ahead or (7 if near == 1 else 0))


def _span(today: date, unit: str, near: int) -> str:
    """This, the next or the last unit, as an ISO interval (a day: as that day)."""
    if unit == "day":
        return (today + timedelta(days=near)).isoformat()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=near)
    if unit == "week":
        return _interval(monday, monday + timedelta(days=6))
    if unit == "weekend":
        return _interval(monday + timedelta(days=5), monday + timedelta(days=6))
    if unit == "month":
        first = _months(today.replace(day=1), near)
        return _interval(first, _months(first, 1) - timedelta(days=1))
    return _interval(date(today.year + near, 1, 1), date(today.year + near, 12, 31))


def _span_of_month(month: int, jalali: bool, today: date, tense: int) -> str:
    """The month nearest to today, or the last or next one, by the tense."""
    year = _jalali(today)[0] if jalali else today.year
    firsts = [_on(year + shift, month, 1, jalali) for shift in (-1, 0, 1)]
    fitting = [one for one in firsts if (one <= today if tense < 0 else one >= today)] if tense else firsts
    first = min(fitting or firsts, key=lambda one: abs(one - today))
    if jalali:
        year = _jalali(first)[0]
        return _interval(first, first + timedelta(days=JalaliDate.days_in_month(month, year) - 1))
    return _interval(first, _months(first, 1) - timedelta(days=1))


def _interval(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"

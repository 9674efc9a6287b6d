"""The rules of a language and English's as one grammar: what a message of that language is read with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from bot.reading.dates import Dates
from bot.reading.fold import folded
from bot.reading.forms import Endings
from bot.reading.language import Rules, phrases_of
from bot.reading.numbers import Numbers
from bot.reading.phrases import Phrases
from bot.reading.tokens import cut, words

T = TypeVar("T")


class Grammar:
    """Phrases by what they are for. ``rules``: the language's own first, then English's."""

    def __init__(self, rules: Iterable[Rules]) -> None:
        self._rules = list(rules)
        self._endings = [Endings(one.get("endings") or (), one.get("changes")) for one in self._rules]
        self.numbers = Numbers()
        self.dates = Dates(self.numbers)
        self.currencies: Phrases[tuple[str, Decimal]] = Phrases()  # and how many units of one it is
        self._put(self.currencies, "money", _currencies)
        self._fill_numbers()
        self._fill_dates()
        self.limit_before = self._listed("limits.before")
        self.limit_after = self._listed("limits.after")
        self.quantity_before = self._listed("quantity.before")
        self.quantity_after = self._listed("quantity.after")
        self.size_before = self._listed("size.before")
        self.size_after = self._listed("size.after")
        self.size_names: Phrases[str] = Phrases()
        self._put(self.size_names, "size.names", lambda names: {str(k): str(v) for k, v in names.items()})
        self.person_before = self._listed("persons.before", loose=False)
        self.person_before_capital = self._listed("persons.before_capital", loose=False)
        self.person_after = self._listed("persons.after", loose=False)
        self.not_person = self._listed("persons.not", loose=False)
        self.address_words = self._listed("address.words", loose=False)
        self.address_before = self._listed("address.before", loose=False)
        self.order_before = self._listed("order.before")
        self.patterns = [
            (entity, rule)
            for one in self._rules
            for entity, found in (one.get("patterns") or {}).items()
            for rule in found
        ]

    def forms(self, text: str) -> list[tuple[str, ...]]:
        """The words of a text, each with what it may be a form of.

        Romanised words only lose English's endings: others' would make words of words ("note": "not").
        """
        return [
            (word, *(stem for endings in self._endings_for(word) for stem in endings.stems(word)))
            for word in plain_words(text)
        ]

    def _endings_for(self, word: str) -> Sequence[Endings]:
        return self._endings[-1:] if word.isascii() else self._endings

    def openers(self) -> tuple[Phrases[Any], ...]:
        """All phrases with which a number, an amount, a date, a size … may begin."""
        numbers, dates = self.numbers, self.dates
        return (
            numbers.words, numbers.times, numbers.more, self.currencies, self.limit_before, self.order_before,
            dates.days, dates.weekdays, dates.months, dates.jalali, dates.units, dates.feasts, dates.near,
            dates.in_before, dates.ago_before, self.size_before, self.size_names, self.quantity_before,
        )  # fmt: skip

    def names(self, kind: str) -> Phrases[str]:
        """The words for the shop's own things of a kind (colour, city …)."""
        phrases: Phrases[str] = Phrases()
        for rules, endings in zip(self._rules, self._endings, strict=True):
            phrases.add(phrases_of(rules, kind), endings)
        return phrases

    def _fill_numbers(self) -> None:
        for name, phrases in (
            ("words", self.numbers.words),
            ("times", self.numbers.times),
            ("more", self.numbers.more),
        ):
            self._put(phrases, f"numbers.{name}", _decimals)
        self._put(self.numbers.joints, "numbers.and", _all)

    def _fill_dates(self) -> None:
        dates = self.dates
        self._put(dates.days, "dates.days", dict)
        for name in ("weekdays", "months", "jalali"):
            self._put(getattr(dates, name), f"dates.{name}", dict)
        self._put(
            dates.units, "dates.units", lambda units: {w: unit for unit, ws in units.items() for w in ws}
        )
        for shift, name in ((0, "this"), (1, "next"), (-1, "last")):
            self._put(dates.near, f"dates.{name}", _each(shift))
        for name, phrases in (
            ("in.before", dates.in_before),
            ("in.after", dates.in_after),
            ("ago.before", dates.ago_before),
            ("ago.after", dates.ago_after),
            ("ordinals", dates.ordinals),
            ("links", dates.links),
        ):
            self._put(phrases, f"dates.{name}", _all, loose=False)
        self._put(dates.feasts, "dates.feasts", lambda ws: {str(w): str(w) for w in ws})
        for name, phrases in (("past", dates.past), ("future", dates.future)):
            self._put(phrases, f"dates.{name}", lambda ws: _all(w for w in ws if not str(w).startswith("-")))
            ends = {
                folded(str(w)[1:])
                for one in self._rules
                for w in _at(one, f"dates.{name}") or ()
                if str(w)[:1] == "-"
            }
            setattr(dates, f"{name}_ends", tuple(sorted(ends)))

    def _listed(self, key: str, loose: bool = True) -> Phrases[bool]:
        phrases: Phrases[bool] = Phrases()
        self._put(phrases, key, _all, loose)
        return phrases

    def _put(
        self, phrases: Phrases[T], key: str, read: Callable[[Any], Mapping[str, T]], loose: bool = True
    ) -> None:
        """Each language's phrases at ``key``; ``loose``: whatever their endings."""
        for rules, endings in zip(self._rules, self._endings, strict=True):
            content = _at(rules, key)
            if content:
                meanings = {str(phrase): meaning for phrase, meaning in read(content).items()}
                phrases.add(meanings, endings if loose else Endings())


def first_day(grammar: Grammar, text: str, today: date) -> date | None:
    """The first single day that a text about the days to come names."""
    tokens = cut(folded(text))
    for i in range(len(tokens)):
        found = grammar.dates.at(tokens, i, today, tense=1)
        if found and len(found.value) == len("2026-11-21") and found.value[:4].isdigit():
            return date.fromisoformat(found.value)
    return None


def numbers_in(grammar: Grammar, text: str) -> Iterator[Decimal]:
    """The numbers of a text in digits or words, in order."""
    tokens, i = cut(folded(text)), 0
    while i < len(tokens):
        found = grammar.numbers.at(tokens, i)
        if found:
            yield found.value
        i = found.end if found else i + 1


@lru_cache(maxsize=4096)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in the one way of writing."""
    return tuple(words(folded(text)))


def find(said: Sequence[tuple[str, ...]], listed: Sequence[str]) -> int | None:
    """Where the words of a phrase stand in a row among the :meth:`Grammar.forms` of a text."""
    for start in range(len(said) - len(listed) + 1) if listed else ():
        if all(word in said[start + i] for i, word in enumerate(listed)):
            return start
    return None


def _at(rules: Any, key: str) -> Any:
    for part in key.split("."):
        rules = rules.get(part) if isinstance(rules, dict) else None
    return rules


def _all(words: Iterable[Any]) -> dict[str, bool]:
    return dict.fromkeys(map(str, words), True)


def _each(meaning: T) -> Callable[[Iterable[Any]], dict[str, T]]:
    return lambda words: dict.fromkeys(map(str, words), meaning)


def _decimals(words: Mapping[str, float]) -> dict[str, Decimal]:
    return {str(word): Decimal(str(value)) for word, value in words.items()}


def _currencies(money: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[str, Decimal]]:
    return {
        str(word): (currency, Decimal(str(units)))
        for currency, words in money.items()
        for word, units in (words or {}).items()
    }

"""Everything that a message names, with its normal form: one finder for all languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import regex

from bot.reading import dates, money, places, things
from bot.reading.fold import Folded, fold
from bot.reading.grammar import Grammar
from bot.reading.language import Rules
from bot.reading.scripts import language_of
from bot.reading.tokens import Token, cut

LONGEST = 2_000  # characters of a message that are searched

#: What is written the same way everywhere. Order numbers of this shop have six digits and begin with 10.
_COMMON: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("email", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}", str),
    ("order_number", r"(?<![\w-])so[\s#-]{0,2}\d{5,7}(?!\d)", lambda said: f"SO-{said.lstrip('sSoO #-')}"),
    ("phone", r"(?<![\w+-])(?P<value>(?:\+|00)\d[\d\s().-]{7,18}\d)(?!\d)", lambda said: _phone(said)),
    (
        "phone",
        r"(?<![\w.,/-])(?P<value>0?\d{3,5}[\s-]?\d{3,4}[\s-]?\d{2,4})(?![\d,/-])",
        lambda said: _phone(said),
    ),
    ("order_number", r"^\W*(?P<value>\d{6})\W*$", "SO-{}".format),
    ("order_number", r"#\s?(?P<value>\d{6})(?!\d)", "SO-{}".format),
)
_BEFORE_ADDRESSES = ("email", "order_number")  # whose digits are no house's
_ORDER = regex.compile(r"\d{6}")
_OWN_ORDER = regex.compile(r"10\d{4}")
_IDLE_FROM = 4  # letters: shorter words may be sizes or signs
_REMEMBERED = 10_000  # words
_PHONE = regex.compile(r"\+?\d{10,15}")

#: Kinds of words that are entities, the more telling first.
KINDS = ("brand", "category", "colour", "city")


class Name(NamedTuple):
    """The shop's own ``name`` of a thing of that kind, said by the tokens from ``start`` to ``end``."""

    kind: str
    name: str
    start: int
    end: int


Names = Callable[[Sequence[Token]], list[Name]]


@dataclass(frozen=True, slots=True)
class Found:
    """An entity in a text: ``text[start:end]`` says ``value``."""

    entity: str
    value: str
    start: int
    end: int


class Finder:
    """Finds the entities of a message in one language and English. Use :class:`Finders` to choose it.

    ``rules``: the language's own first; ``names`` finds the words that they list.
    """

    def __init__(self, rules: Sequence[Rules], names: Names) -> None:
        self.grammar = Grammar(rules)
        self._names = names
        self._idle: dict[str, bool] = {}
        self._common = [
            (entity, regex.compile(find, regex.IGNORECASE), write) for entity, find, write in _COMMON
        ]
        self._own = [
            (entity, regex.compile(rule["find"], regex.IGNORECASE), rule)
            for entity, rule in self.grammar.patterns
        ]

    def find(self, text: str, today: date) -> list[Found]:
        """What the text names, in its order; spans do not overlap, but for a city in an address."""
        folded = fold(text[:LONGEST])
        return self.find_in(folded, cut(folded.text), today)

    def find_in(self, folded: Folded, tokens: list[Token], today: date) -> list[Found]:
        spans = _Spans(folded, tokens)
        tense = self.grammar.dates.tense(tokens)
        names = self._names(tokens)
        city_ends = {one.start: one.end for one in names if one.kind == "city"}
        sized = {one.name for one in names if one.kind == "category"}
        things_at = {one.start for one in names if one.kind in ("category", "colour")}
        self._patterns(folded.text, spans, _BEFORE_ADDRESSES)
        free = [not spans.taken(i) for i in range(len(tokens))]
        for there in places.addresses(self.grammar, folded, tokens, city_ends, free):
            spans.put("address", there.value, there.start, there.end)
        self._patterns(folded.text, spans, ())
        for start, end, value in dates.written(folded.text):
            spans.add("date", value, start, end)
        i = 0
        while i < len(tokens):
            i = self._at(tokens, i, today, tense, spans, things_at)
        for start, end, value in things.persons(self.grammar, folded, tokens):
            spans.put("person", value, start, end)
        size_found = any(one.entity == "size" for one in spans.sorted())
        for size, start, end in things.loose_sizes(self.grammar, tokens, bool(sized), size_found):
            spans.put("size", size, start, end)
        if len(tokens) == 1 and not spans.sorted() and (alone := things.alone(tokens[0])):
            spans.put(*alone, 0, 1)
        for one in sorted(names, key=lambda one: (one.start - one.end, KINDS.index(one.kind))):
            spans.put(one.kind, one.name, one.start, one.end, inside="address" if one.kind == "city" else "")
        return spans.sorted()

    def _patterns(self, text: str, spans: _Spans, only: Collection[str]) -> None:
        """What the common patterns of these entities find; without any all patterns, a language's own too."""
        for entity, pattern, write in self._common:
            if only and entity not in only:
                continue
            for match in pattern.finditer(text):
                group = "value" if "value" in pattern.groupindex else 0
                value = write(match[group])
                if value:
                    spans.add(entity, value, *match.span(group))
        for entity, pattern, rule in () if only else self._own:
            for match in pattern.finditer(text):
                group = "value" if "value" in pattern.groupindex else 0
                spans.add(entity, _written(match[group], rule), *match.span(group))

    def _at(
        self, tokens: list[Token], i: int, today: date, tense: int, spans: _Spans, things_at: set[int]
    ) -> int:
        """Find what begins at a token; the index to go on from."""
        if spans.taken(i) or self._is_idle(tokens[i]):
            return i + 1
        grammar = self.grammar
        if amount := money.amount_at(grammar, tokens, i):
            return spans.put("money", amount.written(), i, amount.end)
        if order := self._order_at(tokens, i):
            return spans.put("order_number", *order)
        if day := grammar.dates.at(tokens, i, today, tense):
            return spans.put("date", day.value, i, day.end)
        if size := things.size_at(grammar, spans.folded, tokens, i):
            return spans.put("size", *size)
        if amount := money.bare_at(grammar, tokens, i):
            spans.put("money", amount.written(), amount.start, amount.end)
            return i + 1
        if quantity := things.quantity_at(grammar, tokens, i, things_at):
            return spans.put("quantity", *quantity)
        return i + 1

    def _is_idle(self, token: Token) -> bool:
        """Whether nothing that :meth:`_at` looks for begins with this word, as with nearly all."""
        if token.kind == "number" or len(token.text) < _IDLE_FROM:
            return False
        idle = self._idle.get(token.text)
        if idle is None:
            idle = not any(phrases.begins(token) for phrases in self.grammar.openers())
            if len(self._idle) >= _REMEMBERED:
                self._idle.clear()
            self._idle[token.text] = idle
        return idle

    def _order_at(self, tokens: list[Token], i: int) -> tuple[str, int, int] | None:
        """Digits that are an order's: five to seven behind a word for it, or six that begin like ours."""
        token = tokens[i]
        if token.kind == "number":
            return (f"SO-{token.text}", i, i + 1) if _OWN_ORDER.fullmatch(token.text) else None
        before = self.grammar.order_before.at(tokens, i)
        if before is None:
            return None
        end = before[0]
        while end < len(tokens) and (tokens[end].text in "#:.-" or self.grammar.order_before.at(tokens, end)):
            more = self.grammar.order_before.at(tokens, end)
            end = more[0] if more else end + 1
        if (
            end < len(tokens)
            and _ORDER.fullmatch(tokens[end].text)
            and not money.amount_at(self.grammar, tokens, end)
        ):
            return f"SO-{tokens[end].text}", end, end + 1
        return None


class Finders:
    """The finder for each message: by its script, where that tells, else by the language guessed."""

    def __init__(
        self,
        rules: Mapping[str, Rules],
        names: Callable[[Sequence[Rules]], Names] | None = None,
        default: str = "en",
    ) -> None:
        self._default = default
        self._none = Finder((), lambda _: [])
        self._of = {}
        for language, own in rules.items():
            both = [own] if language == default or default not in rules else [own, rules[default]]
            self._of[language] = Finder(both, (names or listed_names)(both))

    def for_text(self, text: str, language: str | None) -> Finder:
        of = self._of
        return of.get(language_of(text) or language or "") or of.get(self._default) or self._none

    def find(self, text: str, language: str | None, today: date) -> list[Found]:
        return self.for_text(text, language).find(text, today)


def listed_names(rules: Sequence[Rules]) -> Names:
    """Finds listed words with nothing but :mod:`reading`."""
    grammar = Grammar(rules)
    phrases = {kind: grammar.names(kind) for kind in KINDS}

    def find(tokens: Sequence[Token]) -> list[Name]:
        return [
            Name(kind, found[1], i, found[0])
            for i, token in enumerate(tokens)
            if token.kind != "sign"
            for kind, known in phrases.items()
            if (found := known.at(tokens, i))
        ]

    return find


class _Spans:
    """What has been found; what comes first keeps its place."""

    def __init__(self, folded: Folded, tokens: list[Token]) -> None:
        self.folded, self._found = folded, list[Found]()
        self._free = bytearray(len(folded.text) + 1)
        self.tokens = tokens

    def add(self, entity: str, value: str, start: int, end: int, inside: str = "") -> None:
        """``start`` and ``end`` in the folded text; ``inside``: it may be part of an entity of that name."""
        if start >= end:
            return
        first, last = self.folded.span(start, end)
        if any(self._free[start:end]) and not any(
            one.entity == inside and one.start <= first and last <= one.end for one in self._found
        ):
            return
        self._free[start:end] = b"\1" * (end - start)
        self._found.append(Found(entity, value, first, last))

    def put(self, entity: str, value: str, first: int, end: int, inside: str = "") -> int:
        """From token ``first`` up to token ``end``, which is returned."""
        self.add(entity, value, self.tokens[first].start, self.tokens[end - 1].end, inside)
        return end

    def taken(self, i: int) -> bool:
        return bool(self._free[self.tokens[i].start])

    def sorted(self) -> list[Found]:
        return sorted(self._found, key=lambda one: (one.start, -one.end))


def _phone(said: str) -> str:
    """A number as one writes it to dial; "" for what is none."""
    plain = regex.sub(r"[^\d+]", "", said)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    return plain if _PHONE.fullmatch(plain) else ""


def _written(value: str, rule: Mapping[str, object]) -> str:
    for char in str(rule.get("plain", "")):
        value = value.replace(char, "")
    value = value.upper() if rule.get("upper") else value.lower() if rule.get("lower") else value
    return str(rule.get("as", "{}")).format(value.strip())

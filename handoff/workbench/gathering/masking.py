"""Personal data out of what customers wrote, so that people may read it and models may learn from it.

Each thing is replaced by a made-up one of the same shape and script (:mod:`.standins`): the text still
reads, and teaches, the same. Pure but for reading the words of the languages, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex
import yaml

from bot.reading import dates, money, places, things
from bot.reading.finder import Finders
from bot.reading.fold import digits, fold, folded
from bot.reading.grammar import Grammar
from bot.reading.language import Rules, read_folder
from bot.reading.phrases import Phrases
from bot.reading.scripts import language_of
from bot.reading.tokens import Token, cut
from handoff.workbench.gathering.standins import Span, StandIns, kind_of, of_script

LONGEST = 4_000  # characters that are kept of a text
_HOME = Path(__file__).parents[3] / "data"
_BLANK = "\ufffc"  # what has been dealt with: no letter, no digit
_SHORT_NAME = 3  # letters; shorter parts of a name are masked only with the whole of it
_BORN = {4: ((1900, 2015), (1300, 1394)), 2: ((30, 99),)}  # years that are of births, not of orders
_PHONE_FROM = 9  # digits
_SIZE = regex.compile(r"x{0,3}[sml]")


@dataclass(frozen=True, slots=True)
class Masked:
    """``spans`` point at the stand-ins in ``text``, in order."""

    text: str
    spans: tuple[Span, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [{"start": one.start, "end": one.end, "kind": one.kind} for one in self.spans]


def mask(text: str, known: Sequence[str] = ()) -> Masked:
    """``text`` without personal data. ``known``: names of the people who talk there."""
    return _standard().mask(text, known)


_Found = tuple[int, int, str]

_AT, _DOT = r"(?:\(at\)|\[at\]| at )", r"(?:\(dot\)|\[dot\]| dot )"
_DAY_TH = r"\d{1,2}(?:st|nd|rd|th|η)?[ ,]{1,2}"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("url", r"(?:https?://|www\.)[^\s<>\"'«»]+"),
    ("url", r"(?<![\w@.])(?:[\w-]{1,60}\.){1,4}[a-z]{2,10}/[^\s<>\"'«»]*[?&=/][^\s<>\"'«»]*"),
    ("email", r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}"),
    ("email", rf"(?<![\w.+%-])[\w.+%-]{{1,64}} ?{_AT} ?[\w-]{{2,60}} ?{_DOT} ?[a-z]{{2,10}}(?!\w)"),
    ("handle", r"(?<![\w.+%-])[\w.-]{2,64}@[a-z]{2,20}(?![\w.@])"),
    ("handle", r"(?<![\w@])@[a-z_][\w.]{3,30}"),
    ("iban", r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z\d]){11,30}(?!\w)"),
    ("card", r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"),
    ("document", r"(?<!\w)[a-z]{5}\d{4}[a-z](?!\w)"),
    ("postcode", r"(?<!\w)(?-i:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?!\w)"),
    ("birth", r"(?<!\d)(?P<year>\d{4})(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}(?!\d)"),
    ("birth", r"(?<!\d)\d{1,2}(?P<a>[-/.])\d{1,2}(?P=a)(?P<year>\d{4}|\d{2})(?!\d)"),
    ("birth", rf"(?<!\d){_DAY_TH}\p{{L}}[\p{{L}}\p{{M}}]{{2,}}[ ,]{{1,2}}(?P<year>\d{{4}})(?!\d)"),
    ("birth", rf"(?<!\w)\p{{L}}[\p{{L}}\p{{M}}]{{2,}} {_DAY_TH}(?P<year>\d{{4}})(?!\d)"),
)  # fmt: skip
_LONG: tuple[tuple[str, str], ...] = (
    ("order_number", r"(?<![\w-])so[\s#-]{0,2}\d{3,}(?!\d)"),
    ("order_number", r"#\s?\d{4,}(?!\d)"),
    ("phone", r"(?:(?<![\w+])\+|(?<!\d)00)\d[\d\s().-]{6,18}\d(?!\d)"),
    ("phone", r"(?<![\d.,/-])\(?\d{2,5}\)?(?:[ .-]{1,2}\d{2,5}){1,4}(?![\d,/])"),
    ("phone", r"(?<!\d)\d{9,}(?!\d)"),
)
_BARE: tuple[tuple[str, str], ...] = (
    ("phone", r"(?<!\d)\d{7,8}(?!\d)"),
    ("number", r"(?<=\p{Script=Latin}[-/]?)\d{5,}(?!\d)"),
    ("number", r"(?<![\d.,/])\d{6}(?![\d/]|[.,]\d)"),
)


class Masker:
    """``rules`` of all languages, as the bot reads with; ``words``: ``data/workbench/masking.yml``."""

    def __init__(self, rules: Mapping[str, Rules], words: Mapping[str, Any]) -> None:
        self._standins = StandIns(words)
        self._finders = Finders(rules)
        self._languages = list(rules)
        self._patterns = [(kind, regex.compile(find, regex.I)) for kind, find in _PATTERNS]
        self._long = [(kind, regex.compile(find, regex.I)) for kind, find in _LONG]
        self._bare = [(kind, regex.compile(find, regex.I)) for kind, find in _BARE]
        before = [regex.escape(one) for of in words["numbers"].values() for one in of]
        said = rf"(?:{'|'.join(sorted(before, key=len, reverse=True))})"
        between = r"[^\w\d]{0,3}(?:\p{L}[\p{L}\p{M}]{0,6}[^\w\d]{1,2}){0,2}"
        after = rf"(?<![\p{{L}}\p{{M}}]){said}{between}(?P<value>\d(?:[ -]?\d){{3,15}})(?![\d/.,%])"
        self._bare.append(("number", regex.compile(after, regex.I)))

    def mask(self, text: str, known: Sequence[str] = ()) -> Masked:
        """Masked until nothing is left to mask: each round only adds stand-ins, which are left alone."""
        text = text[:LONGEST]
        while True:
            plain, spans = self._met(text)
            found = sorted(self._found(text, plain, known))
            if not found:
                return Masked(text, tuple(sorted(spans)))
            changed = _put(text, [(a, b, self._instead(text[a:b], kind)) for a, b, kind in found])
            if changed == text:
                both = {*spans, *(Span(a, b, kind) for a, b, kind in found)}
                return Masked(text, tuple(sorted(both)))
            text = changed

    def _instead(self, said: str, kind: str) -> str:
        return _born(said) if kind == "birth" else self._standins.instead(said, kind)

    def _met(self, text: str) -> tuple[str, list[Span]]:
        """The text with ASCII's digits and without the stand-ins in it, and where they are."""
        plain, spans = _Plain(digits(text)), list[Span]()
        for span in self._standins.met(text, plain.text):
            if plain.take(span.start, span.end):
                spans.append(span)
        return plain.text, spans

    def _found(self, text: str, given: str, known: Sequence[str]) -> list[_Found]:
        plain = _Plain(given)
        grammars = [self._finders.for_text(text, one).grammar for one in self._tongues(text)]
        for kind, pattern in self._patterns:
            for match in pattern.finditer(plain.text):
                if (span := _checked(kind, match)) is not None:
                    plain.add(*span, kind)
        for start, end in _names(plain.text, known):
            plain.add(start, end, "person")
        for span in _amounts_and_days(plain.text, grammars):
            plain.take(*span)
        self._count(plain, self._long)
        self._tell(plain, "address", grammars)
        self._count(plain, self._bare)
        self._tell(plain, "person", grammars)
        return plain.found

    def _count(self, plain: _Plain, patterns: Sequence[tuple[str, regex.Pattern[str]]]) -> None:
        for kind, pattern in patterns:
            for match in pattern.finditer(plain.text):
                group = "value" if "value" in pattern.groupindex else 0
                if (sort := _number(kind, match[group])) is not None:
                    plain.add(match.start(group), match.end(group), sort)

    def _tell(self, plain: _Plain, kind: str, grammars: Sequence[Grammar]) -> None:
        for grammar in grammars:
            for start, end in list(self._told(plain.text, kind, grammar)):
                plain.add(start, end, kind)

    def _tongues(self, text: str) -> list[str]:
        """Whose rules the text may need: Latin letters may be any language's, romanised."""
        own = language_of(text)
        return [own] if own in self._languages else self._languages

    def _told(self, plain: str, kind: str, grammar: Grammar) -> Iterator[tuple[int, int]]:
        """Names and addresses that the words around them tell."""
        there = fold(plain)
        tokens = cut(there.text)
        if kind == "person":
            spans = [(a, b) for a, b, _ in things.persons(grammar, there, tokens) if _is_name(tokens, a, b)]
        else:
            cities = self._cities(grammar)
            ends = {i: city[0] for i in range(len(tokens)) if (city := cities.at(tokens, i))}
            free = [True] * len(tokens)
            spans = [(one.start, one.end) for one in places.addresses(grammar, there, tokens, ends, free)]
        for first, end in spans:
            yield there.span(tokens[first].start, tokens[end - 1].end)

    @lru_cache(maxsize=64)  # noqa: B019  (a masker lives as long as the process)
    def _cities(self, grammar: Grammar) -> Phrases[str]:
        return grammar.names("city")


def _is_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Not a size ("it's XL"), nor what a number follows ("call me between 10 and 12")."""
    if _SIZE.fullmatch(tokens[start].text):
        return False
    return end - start > 1 or end >= len(tokens) or tokens[end].kind != "number"


class _Plain:
    """A text of which parts are dealt with and blanked; its length stays."""

    def __init__(self, text: str) -> None:
        self.text, self.found = text, list[_Found]()

    def take(self, start: int, end: int) -> bool:
        if start >= end or _BLANK in self.text[start:end]:
            return False
        self.text = self.text[:start] + _BLANK * (end - start) + self.text[end:]
        return True

    def add(self, start: int, end: int, kind: str) -> None:
        if self.take(start, end):
            self.found.append((start, end, kind))


def _checked(kind: str, match: regex.Match[str]) -> tuple[int, int] | None:
    """The span of what really is of the kind that a pattern is for."""
    start, end = match.span()
    if kind == "card":
        return (start, end) if luhn(match[0]) else None
    if kind == "iban":
        said = match[0]
        while len(said) > 14:
            if iban(said) and (len(said) == len(match[0]) or not match[0][len(said)].isalnum()):
                return start, start + len(said)
            said = said[:-1].rstrip(" -")
        return None
    if kind == "birth":
        year = match["year"]
        return (start, end) if any(a <= int(year) <= b for a, b in _BORN[len(year)]) else None
    if kind == "url":
        return (start, start + len(match[0].rstrip(".,;:!?)।"))) if _telling(match[0]) else None
    return start, end


def _telling(url: str) -> bool:
    """Whether a link may say who follows it: one that names a page of a shop does not."""
    path = regex.sub(r"^(?:https?://)?[^/]*", "", url)
    return bool(
        regex.search(r"[?#&=@]|\d{5,}", path)
        or "@" in url
        or any(len(part) > 24 and "-" not in part for part in path.split("/"))
    )


def luhn(said: str) -> bool:
    numbers = [int(char) for char in said if char.isdigit()][::-1]
    return (
        13 <= len(numbers) <= 19
        and sum(numbers[::2] + [sum(divmod(2 * n, 10)) for n in numbers[1::2]]) % 10 == 0
    )


def iban(said: str) -> bool:
    plain = "".join(char for char in said.upper() if char.isalnum())
    if not 15 <= len(plain) <= 34 or not plain.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _number(kind: str, said: str) -> str | None:
    """What a number that a pattern found is; None: not somebody's."""
    count = sum(char.isdigit() for char in said)
    if kind == "phone":
        groups = regex.findall(r"\d+", said)
        if (
            count < 7
            or count > 19
            or (len(groups) > 1 and (count < _PHONE_FROM or max(map(len, groups)) < 3))
        ):
            return None
        return "phone" if count >= _PHONE_FROM or len(groups) > 1 else "number"
    return kind_of(count) if kind == "number" else kind


def _amounts_and_days(plain: str, grammars: Sequence[Grammar]) -> Iterator[tuple[int, int]]:
    """Prices and days, which are nobody's."""
    there = fold(plain)
    for start, end, _ in dates.written(there.text):
        yield there.span(start, end)
    tokens = cut(there.text)
    for grammar in grammars:
        for i, token in enumerate(tokens):
            if (token.kind == "number" or token.kind == "sign") and (
                amount := money.amount_at(grammar, tokens, i)
            ):
                yield there.span(token.start, tokens[amount.end - 1].end)


def _names(plain: str, known: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where somebody who talks there is named, wholly or in part."""
    wanted: list[str] = []
    for name in known:
        whole = " ".join(folded(name).split())
        parts = regex.findall(r"[\p{L}\p{M}'-]+", whole)
        wanted += [" ".join(parts)] if len(parts) > 1 else []
        wanted += [part for part in parts if len(part) >= _SHORT_NAME or (len(parts) == 1 and len(part) > 1)]
    if not wanted:
        return
    there = fold(plain)
    for name in sorted(set(wanted), key=len, reverse=True):
        written = r"\s+".join(regex.escape(part) for part in name.split())
        # Endings hang on to names in many languages ("রহিমের"); Latin ones end where the word does.
        after = r"(?![\p{L}\p{M}])" if name.isascii() or len(name) <= _SHORT_NAME else ""
        for match in regex.finditer(rf"(?<![\p{{L}}\p{{M}}\d]){written}{after}", there.text):
            yield there.span(*match.span())


def _born(said: str) -> str:
    """The first of January of a year of the same calendar, written the same way."""
    plain, out, last = digits(said), list[str](), 0
    for match in regex.finditer(r"\d+", plain):
        count = len(match[0])
        year = "90" if count == 2 and int(match[0]) > 31 else ""
        if count == 4:
            year = "1370" if match[0].startswith("13") else "1990"
        new = year or ("01" if regex.search(r"[-/.]", plain) else "1")
        out += [said[last : match.start()], *(of_script(digit, said[match.start()]) for digit in new)]
        last = match.end()
    return "".join([*out, said[last:]])


def _put(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    out, last = list[str](), 0
    for start, end, new in changes:
        out += [text[last:start], new]
        last = end
    return "".join([*out, text[last:]])


@lru_cache(maxsize=1)
def _standard() -> Masker:
    words = yaml.safe_load((_HOME / "workbench" / "masking.yml").read_text("utf-8"))
    return Masker(read_folder(_HOME / "entities"), words)

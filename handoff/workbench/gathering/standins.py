"""What stands in for personal data: of the same shape and script, and known again when it is met."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

_LETTER = regex.compile(r"\p{L}")
_BETWEEN = r"[ ().\-/]{0,2}"
_FEWEST = 5  # digits that tell a stand-in of a number
_PHONE_FROM = 9  # digits

#: Numbers that are stand-ins, by the kind of what they stand for; digits are ASCII's here.
_NUMBERS = tuple(
    (kind, regex.compile(pattern, regex.IGNORECASE))
    for kind, pattern in (
        ("iban", r"(?<![\w])[a-z]{2}00(?:[ -]?0{1,4}){3,8}(?!\w)"),
        ("card", rf"(?<!\d)4(?:{_BETWEEN}0){{11,17}}{_BETWEEN}1(?!\d)"),
        (
            "birth",
            r"(?<!\d)(?:(?:1990|1370)(?P<s>[-/.])01(?P=s)01|01(?P<t>[-/.])01(?P=t)(?:1990|1370|90))(?!\d)",
        ),
        ("birth", r"(?<!\d)0?1(?:st)?[ ,]{1,2}\p{L}[\p{L}\p{M}]+[ ,]{1,2}(?:1990|1370)(?!\d)"),
        ("birth", r"(?<!\w)\p{L}[\p{L}\p{M}]+ 0?1(?:st)?[ ,]{1,2}(?:1990|1370)(?!\d)"),
        ("document", r"(?<!\w)aaaaa0000a(?!\w)"),
        ("postcode", r"(?<!\w)AB1 ?2CD(?!\w)"),
        ("order_number", r"(?<!\w)so[ #-]{0,2}10+1(?!\d)"),
        (
            "number",
            rf"(?<!\d)(?<!\d[ -])(?:\+{_BETWEEN})?(?:0{_BETWEEN})?1(?:{_BETWEEN}0)+{_BETWEEN}1(?![ -]?\d)",
        ),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``text[start:end]`` stands for something of that kind."""

    start: int
    end: int
    kind: str


def _any_of(texts: Sequence[str]) -> regex.Pattern[str]:
    inside = "|".join(map(regex.escape, texts))
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}\d])(?:{inside})(?![\p{{L}}\d])", regex.I)


class StandIns:
    """Made from ``data/workbench/masking.yml``."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._email, self._handle, self._url = str(words["email"]), str(words["handle"]), str(words["url"])
        self._scripts: dict[str, dict[str, str]] = {str(k): dict(v) for k, v in words["scripts"].items()}
        self._of_letter = [
            (name, regex.compile(rf"\p{{Script={name}}}")) for name in self._scripts if name != "Latin"
        ]
        names = [own[one] for own in self._scripts.values() for one in ("full", "name")]
        fixed = {
            "email": [self._email],
            "handle": [self._handle, f"@{self._handle.split('@')[0]}"],
            "url": [f"{before}{self._url}" for before in ("https://", "http://", "www.", "")],
            "address": [own["address"] for own in self._scripts.values()],
            "person": sorted(names, key=len, reverse=True),
        }
        self._fixed = [(kind, _any_of(texts)) for kind, texts in fixed.items()]

    def met(self, raw: str, plain: str) -> Iterator[Span]:
        """The stand-ins in a text; ``plain``: with ASCII's digits. The first of two that overlap counts."""
        for kind, pattern in self._fixed:
            yield from (Span(match.start(), match.end(), kind) for match in pattern.finditer(raw))
        for kind, pattern in _NUMBERS:
            for match in pattern.finditer(plain):
                count = sum(char.isdigit() for char in match[0])
                if kind != "number":
                    yield Span(match.start(), match.end(), kind)
                elif count >= _FEWEST:
                    yield Span(
                        match.start(), match.end(), "phone" if count >= _PHONE_FROM else kind_of(count)
                    )

    def instead(self, said: str, kind: str) -> str:
        """What to write for ``said``."""
        if kind in ("person", "address"):
            own = self._scripts[self._script(said)]
            if kind == "address":
                return own["address"]
            return cased(own["full" if len(said.split()) > 1 else "name"], said)
        if kind == "email":
            return self._email
        if kind == "handle":
            return f"@{self._handle.split('@')[0]}" if said.startswith("@") else self._handle
        if kind == "url":
            before = next(
                (one for one in ("https://", "http://") if said.lower().startswith(one)), "https://"
            )
            return before + self._url
        if kind == "iban":
            return said[:2] + "".join("0" if char.isalnum() else char for char in said[2:])
        if kind == "document":
            return cased("AAAAA0000A", said)
        if kind == "postcode":
            return cased("AB1 2CD" if " " in said else "AB12CD", said)
        return numbered(said, "4" if kind == "card" else "")

    def _script(self, said: str) -> str:
        letter = _LETTER.search(said)
        return next((name for name, own in self._of_letter if letter and own.match(letter[0])), "Latin")


def kind_of(count: int) -> str:
    """What a bare number of so many digits is taken for: orders of the shop have six."""
    return "order_number" if count == 6 else "number"


def numbered(said: str, first: str = "") -> str:
    """``said`` with 1000…01 for its digits, in their own script; a leading zero stays."""
    where = [i for i, char in enumerate(said) if char.isdecimal()]
    chars = list(said)
    led = 1 if where and unicodedata.decimal(said[where[0]]) == 0 else 0
    for place, i in enumerate(where):
        digit = first if place == 0 and first else "1" if place in (led, len(where) - 1) else "0"
        chars[i] = of_script(digit, said[i])
    return "".join(chars)


def of_script(digit: str, like: str) -> str:
    """An ASCII digit in the script of the digit ``like``."""
    return chr(ord(like) - unicodedata.decimal(like) + int(digit))


def cased(word: str, like: str) -> str:
    if like.islower():
        return word.lower()
    return word.upper() if like.isupper() and len(like) > 1 else word

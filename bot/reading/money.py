"""Amounts of money: "₹1,20,000", "1.2 lakh", "dui hajar taka", "۲۵۰ هزار تومان", "under 2000"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.reading.fold import folded
from bot.reading.grammar import Grammar
from bot.reading.numbers import Number
from bot.reading.tokens import Token, cut

_LARGEST = Decimal(10) ** 12
_BARE_FROM = 20  # less is no price without a currency; and below this much more is needed:
_BARE_SURE = 100
_FAR = 100_000  # from here on a number that does not follow the word at once is likelier an order's


class Amount(NamedTuple):
    """An amount said by the tokens from ``start`` to ``end``; ``currency`` is None where none is named."""

    value: Decimal
    currency: str | None
    start: int
    end: int

    def written(self) -> str:
        """ "120000 INR", "49.90 EUR", "2000"."""
        whole = self.value == self.value.to_integral_value()
        value = f"{self.value:.0f}" if whole else f"{self.value:.2f}"
        return f"{value} {self.currency}" if self.currency else value


def amount_at(grammar: Grammar, tokens: Sequence[Token], i: int) -> Amount | None:
    """The amount that begins at ``tokens[i]``, a currency named with it."""
    if sign := grammar.currencies.at(tokens, i):
        number = _number(grammar, tokens, _past_dots(tokens, sign[0]))
        return _of(number, sign[1], i, number.end) if number and number.digits else None
    number = _number(grammar, tokens, i)
    if number is None:
        return None
    end = number.end
    if end < len(tokens) and tokens[end].text == "-" and end + 1 < len(tokens):
        end += 1  # "2000-rs"
    named = grammar.currencies.at(tokens, end)
    if named is None and (end := _past_slash(tokens, number.end)) > number.end:
        return Amount(number.value, None, i, end)  # "500/-"
    return _of(number, named[1], i, named[0]) if named else None


def in_answer(grammar: Grammar, text: str) -> Amount | None:
    """The amount in an answer to "how much": with a currency, else the largest that counts nothing."""
    tokens = cut(folded(text))
    bare: list[Amount] = []
    i = 0
    while i < len(tokens):
        found = amount_at(grammar, tokens, i)
        if found and found.currency:
            return found
        number = _number(grammar, tokens, i)
        if number is None:
            i += 1
            continue
        if number.value > 0 and (found or not _counts(grammar, tokens, number.end)):
            bare.append(Amount(number.value, None, i, number.end))
        i = number.end
    return max(bare, key=lambda one: one.value, default=None)


def _counts(grammar: Grammar, tokens: Sequence[Token], i: int) -> bool:
    """Whether a number before that token counts days or things, or is a part of something."""
    if i < len(tokens) and (
        tokens[i].text == "%" or (tokens[i].kind == "word" and tokens[i].start == tokens[i - 1].end)
    ):
        return True  # "20%", "30cm"
    counted = (grammar.dates.units, grammar.quantity_after, grammar.dates.months)
    return any(phrases.at(tokens, i) for phrases in counted)


def bare_at(grammar: Grammar, tokens: Sequence[Token], i: int) -> Amount | None:
    """A bare number that a word before it ("under") or after it ("tak") makes an amount."""
    before = grammar.limit_before.at(tokens, i)
    if before:
        end = before[0]
        while end < len(tokens) and (more := grammar.limit_before.at(tokens, end)):
            end = more[0]
        if end + 1 < len(tokens) and tokens[end].kind == "word" and grammar.numbers.at(tokens, end) is None:
            number = _number(grammar, tokens, end + 1)
            end += bool(number and number.digits and _BARE_SURE <= number.value < _FAR)  # "my budget to 500"
        found = (amount_at(grammar, tokens, end) if end < len(tokens) else None) or _plain(
            grammar, tokens, end
        )
        if found:
            return found
    found = _plain(grammar, tokens, i)
    if found is None:
        return None
    return found if grammar.limit_after.at(tokens, found.end) else None


def _plain(grammar: Grammar, tokens: Sequence[Token], i: int) -> Amount | None:
    number = _number(grammar, tokens, i)
    if number is None or not _BARE_FROM <= number.value < _LARGEST:
        return None
    following = tokens[number.end] if number.end < len(tokens) else None
    if following is not None:
        if following.text == "%" or (
            following.kind == "word" and following.start == tokens[number.end - 1].end
        ):
            return None  # "20%", "30cm"
        counted = (grammar.dates.units, grammar.quantity_after, grammar.dates.months)
        if any(phrases.at(tokens, number.end) for phrases in counted):
            return None
    small = number.value < _BARE_SURE and following is not None and following.kind == "word"
    if small and not grammar.limit_after.at(tokens, number.end):
        return None
    return Amount(number.value, None, i, number.end)


def _number(grammar: Grammar, tokens: Sequence[Token], i: int) -> Number | None:
    """A number; spaces may group it by three digits ("1 200")."""
    number = grammar.numbers.at(tokens, i) if i < len(tokens) else None
    if number is None or not number.digits:
        return number
    end, text = number.end, tokens[i].text
    while (
        end == i + len(text.split())
        and end < len(tokens)
        and tokens[end].kind == "number"
        and text.replace(" ", "").isdigit()
        and len(text.split()[0]) <= 3
        and len(tokens[end].text.split(".")[0].split(",")[0]) == 3
        and tokens[end].start - tokens[end - 1].end == 1
    ):
        text, end = f"{text} {tokens[end].text}", end + 1
    if " " not in text:
        return number
    from_digits = grammar.numbers.at([Token("number", text.replace(" ", ""), 0, 0), *tokens[end:]], 0)
    return from_digits and Number(from_digits.value, end + from_digits.end - 1, True)


def _of(number: Number, named: tuple[str, Decimal], start: int, end: int) -> Amount | None:
    value = number.value * named[1]
    return Amount(value, named[0], start, end) if 0 < value < _LARGEST else None


def _past_dots(tokens: Sequence[Token], i: int) -> int:
    while i < len(tokens) and tokens[i].text in (".", ":"):
        i += 1
    return i


def _past_slash(tokens: Sequence[Token], i: int) -> int:
    signs = "".join(token.text for token in tokens[i : i + 3])
    return i + 2 if signs.startswith("/-") else i + 2 if signs.startswith("/=") else i

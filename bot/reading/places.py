"""Postal addresses in free text: house and street, town, postcode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.reading.fold import Folded
from bot.reading.grammar import Grammar
from bot.reading.tokens import Token

_GAP = 4  # tokens that may stand between what is known of an address
_STREET_WORDS = 3  # before the number of the house
_ENDS = frozenset("?!;\n।")


class Address(NamedTuple):
    value: str
    start: int  # token
    end: int


def addresses(
    grammar: Grammar,
    folded: Folded,
    tokens: Sequence[Token],
    cities: Mapping[int, int],
    free: Sequence[bool],
) -> Iterator[Address]:
    """Where a word of addresses, a number, and a town or a postcode stand close together.

    ``cities``: where each ends by where it begins; ``free``: tokens that nothing was found in yet.
    """
    words = {
        i: found[0]
        for i, token in enumerate(tokens)
        if token.kind == "word" and (found := grammar.address_words.at(tokens, i))
    }
    if not words and not cities:
        return
    numbers = {
        i
        for i, token in enumerate(tokens)
        if token.kind == "number" and free[i] and _of_address(tokens, i, words)
    }
    evidence = sorted({*words, *cities, *numbers})
    for first, last in _groups(evidence, tokens, {**words, **cities}):
        inside = range(first, last)
        kinds = (
            any(i in words for i in inside),
            any(i in numbers for i in inside),
            any(i in cities for i in inside),
        )
        start = _introduced(grammar, tokens, first)
        commas = sum(tokens[i].text == "," for i in inside)
        postcode = any(_is_postcode(tokens, i) for i in inside if i in numbers)
        if not (kinds[0] and kinds[1] and (kinds[2] or commas or start is not None)) and not (
            kinds[1] and kinds[2] and postcode and (commas or start is not None)
        ):
            continue
        begin = start if start is not None else _clause_start(tokens, first)
        a, b = folded.span(tokens[begin].start, tokens[last - 1].end)
        yield Address(" ".join(folded.raw[a:b].split()), begin, last)


def _groups(
    evidence: Sequence[int], tokens: Sequence[Token], ends: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Runs of evidence with few other tokens between, none across the end of a sentence."""
    start = end = -1
    for i in evidence:
        if start >= 0 and i - end <= _GAP and not any(tokens[k].text in _ENDS for k in range(end, i)):
            end = max(end, ends.get(i, i + 1))
            continue
        if start >= 0:
            yield start, end
        start, end = i, ends.get(i, i + 1)
    if start >= 0:
        yield start, end


def _introduced(grammar: Grammar, tokens: Sequence[Token], first: int) -> int | None:
    """Where an address begins that is introduced a few tokens before ``first``; None if it is not.

    What stands between ("address to Ermou 12") is the street's name, if the number comes after it.
    """
    number_first = tokens[first].kind == "number" and tokens[first + 1 : first + 2] != []
    number_first = number_first and tokens[first + 1].kind == "word"
    for i in range(first, max(-1, first - _GAP - 3), -1):
        found = grammar.address_before.at(tokens, i)
        if not found or found[0] > first:
            continue
        start = found[0]
        while start < first and tokens[start].text in ":-,":
            start += 1
        between = tokens[start:first]
        named = len(between) <= _STREET_WORDS and all(token.kind == "word" for token in between)
        return start if named and not number_first else first
    return None


def _clause_start(tokens: Sequence[Token], first: int) -> int:
    """A street's name stands before "street": back over at most two words that begin the clause."""
    i = first
    if tokens[first].kind == "number" and not (first + 1 < len(tokens) and tokens[first + 1].text == ","):
        return first  # "12 MG Road", but "Ερμού 12,"
    while i > 0 and first - i < 2 and tokens[i - 1].kind != "sign":
        i -= 1
        if tokens[i].kind == "number":
            break
    return i if i == 0 or tokens[i - 1].kind == "sign" or tokens[i].kind == "number" else first


def _of_address(tokens: Sequence[Token], i: int, words: Mapping[int, int]) -> bool:
    """A house, a flat, a postcode; ten digits only behind a word for it, else they are a telephone's."""
    return len(tokens[i].text) <= 6 or (len(tokens[i].text) == 10 and i in words.values())


def _is_postcode(tokens: Sequence[Token], i: int) -> bool:
    """India 6 digits, Bangladesh 4, Greece 5 or "105 63", Iran 10; those with letters are not told."""
    text = tokens[i].text
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    two = len(text) == 3 and len(following) == 2 and following.isdigit()
    return text.isdigit() and (two or len(text) in (4, 5, 6, 10))

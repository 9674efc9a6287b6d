"""Sizes, quantities and people's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from bot.reading.fold import Folded
from bot.reading.grammar import Grammar
from bot.reading.tokens import Token

_LETTERS = regex.compile(r"x{0,3}[sl]|m")
_ALWAYS = regex.compile(r"xxs|xs|xl|xxl|xxxl")  # letters that are a size wherever they stand
_SYSTEMS = ("uk", "us", "eu")
_LARGEST_SIZE, _LARGEST_QUANTITY = 60, 999
_USUAL_SIZES = range(28, 47)  # of shoes, trousers, dresses: what a bare number may be
_MEASURES = frozenset(["cm", "mm", "m", "kg", "g", "inch", "inches", "in", "%", "pm", "am", "/", ".", ":"])
_NAME_WORDS = 3
_WORD_QUANTITY = 20  # number words up to it count things ("two shirts")


def size_at(grammar: Grammar, folded: Folded, tokens: Sequence[Token], i: int) -> tuple[str, int, int] | None:
    """``(size, from token, to token)``: "XL", "size m", "42 number", "uk 8", "medium"."""
    token = tokens[i]
    before = grammar.size_before.at(tokens, i)
    if before:
        start = before[0]
        while start < len(tokens) and (more := grammar.size_before.at(tokens, start)):
            start = more[0]
        while start < len(tokens) and tokens[start].text in (":", "-", "."):
            start += 1
        if found := _plain_size(grammar, tokens, start):
            return found
    if token.text in _SYSTEMS and i + 1 < len(tokens):
        number = tokens[i + 1]
        if number.kind == "number" and _is_size(number.text):
            return f"{token.text} {number.text}".upper(), i, i + 2
    if named := grammar.size_names.at(tokens, i):
        return named[1], i, named[0]
    if token.kind == "word" and _ALWAYS.fullmatch(token.text) and not _joined(tokens, i):
        return token.text.upper(), i, i + 1
    if token.text in ("2", "3", "4") and i + 1 < len(tokens) and tokens[i + 1].text == "xl":
        return f"{token.text}XL", i, i + 2
    if token.text in ("s", "m", "l") and _large(folded, token) and not _joined(tokens, i):
        return token.text.upper(), i, i + 1
    following = grammar.size_after.at(tokens, i + 1) if i + 1 < len(tokens) else None
    if following and token.kind == "number" and _is_size(token.text):
        return token.text, i, i + 1
    if following and token.kind == "word" and _LETTERS.fullmatch(token.text):
        return token.text.upper(), i, i + 1
    return None


def loose_sizes(
    grammar: Grammar, tokens: Sequence[Token], things: bool, sized: bool
) -> Iterator[tuple[str, int, int]]:
    """Numbers and letters that are sizes because of what the rest of the message is about.

    ``things``: it names something that has sizes; ``sized``: it names a size already.
    """
    words = any(grammar.size_before.at(tokens, i) for i in range(len(tokens)))
    for i, token in enumerate(tokens):
        whole = len(tokens) == 1
        if token.kind == "number":
            if (
                (things or words or sized or whole)
                and token.text.isdigit()
                and int(token.text) in _USUAL_SIZES
            ):
                following = tokens[i + 1].text if i + 1 < len(tokens) else ""
                if following != "%" and not _is_counted(grammar, tokens, i + 1):
                    yield token.text, i, i + 1
        elif (words or sized) and token.text in ("s", "m", "l") and not _joined(tokens, i):
            yield token.text.upper(), i, i + 1


def alone(token: Token) -> tuple[str, str] | None:
    """What a number is that is the whole message: a price if it is large, a count if it is small."""
    if token.kind != "number" or not token.text.isdigit():
        return None
    if len(token.text) in (3, 4, 5):
        return "money", token.text
    return ("quantity", token.text) if 0 < int(token.text) <= _WORD_QUANTITY else None


def _is_counted(grammar: Grammar, tokens: Sequence[Token], i: int) -> bool:
    """Whether a number before that token counts days or things, or measures ("38 cm", "40kg")."""
    if i >= len(tokens):
        return False
    counted = (grammar.dates.units, grammar.dates.months, grammar.quantity_after, grammar.currencies)
    return tokens[i].text in _MEASURES or any(phrases.at(tokens, i) for phrases in counted)


def _plain_size(grammar: Grammar, tokens: Sequence[Token], i: int) -> tuple[str, int, int] | None:
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.text in _SYSTEMS and i + 1 < len(tokens) and _is_size(tokens[i + 1].text):
        return f"{token.text} {tokens[i + 1].text}".upper(), i, i + 2
    if token.text in ("2", "3", "4") and i + 1 < len(tokens) and tokens[i + 1].text == "xl":
        return f"{token.text}XL", i, i + 2
    if token.kind == "number" and _is_size(token.text):
        return token.text, i, i + 1
    if token.kind == "word" and (_LETTERS.fullmatch(token.text) or _ALWAYS.fullmatch(token.text)):
        return token.text.upper(), i, i + 1
    if named := grammar.size_names.at(tokens, i):
        return named[1], i, named[0]
    return None


def _large(folded: Folded, token: Token) -> bool:
    return folded.raw[folded.at[token.start]].isupper()


def _joined(tokens: Sequence[Token], i: int) -> bool:
    """Whether the word hangs on to its neighbours ("t-shirt", "M&S", "I'm")."""
    token = tokens[i]
    near = [tokens[i - 1]] if i else []
    near += tokens[i + 1 : i + 2]
    return any(
        other.text in "-&'_."
        and (other.end == token.start or other.start == token.end)
        and _tied(tokens, other)
        for other in near
    )


def _tied(tokens: Sequence[Token], sign: Token) -> bool:
    """Whether a sign has something on both its sides: a full stop at the end ties nothing."""
    return any(t.end == sign.start for t in tokens) and any(t.start == sign.end for t in tokens)


def _is_size(text: str) -> bool:
    try:
        return 0 < float(text) <= _LARGEST_SIZE
    except ValueError:
        return False


def quantity_at(
    grammar: Grammar, tokens: Sequence[Token], i: int, things_at: set[int]
) -> tuple[str, int, int] | None:
    """``(count, from token, to token)``: "2 pairs", "qty 3", "two shirts", "৩টা"."""
    if before := grammar.quantity_before.at(tokens, i):
        end = before[0]
        while end < len(tokens) and tokens[end].text in (":", "=", "-"):
            end += 1
        if found := _count(grammar, tokens, end):
            return str(found[0]), end, found[1]
    found = _count(grammar, tokens, i)
    if found is None or found[1] >= len(tokens):
        return None
    if found[0] == 1 and tokens[i].kind == "word":
        return None  # "one" is an article in most languages
    after = grammar.quantity_after.at(tokens, found[1])
    if after or (found[0] <= _WORD_QUANTITY and found[1] in things_at):
        return str(found[0]), i, found[1]
    return None


def _count(grammar: Grammar, tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    number = grammar.numbers.at(tokens, i) if i < len(tokens) else None
    if number is None or number.value != number.value.to_integral_value():
        return None
    return (int(number.value), number.end) if 0 < number.value <= _LARGEST_QUANTITY else None


def persons(grammar: Grammar, folded: Folded, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """``(from token, to token, name)`` of names that are introduced."""
    i = 0
    while i < len(tokens):
        sure = grammar.person_before.at(tokens, i)
        capital = grammar.person_before_capital.at(tokens, i)
        if sure or capital:
            start = max(found[0] for found in (sure, capital) if found)
            while start < len(tokens) and tokens[start].text in (":", "-"):
                start += 1
            end = _name_end(grammar, folded, tokens, start, capitals=not sure)
            if end > start:
                yield start, end, _name(folded, tokens, start, end)
                i = end
                continue
        if i and grammar.person_after.at(tokens, i):
            start = _name_start(grammar, folded, tokens, i)
            if start < i:
                yield start, i, _name(folded, tokens, start, i)
        i += 1


def _name_end(grammar: Grammar, folded: Folded, tokens: Sequence[Token], i: int, capitals: bool) -> int:
    """Where the name that begins at a token ends; ``i`` if there is none."""
    start, last = i, i
    while last < len(tokens) and last - start < _NAME_WORDS and _names(grammar, tokens, last):
        if grammar.person_after.at(tokens, last):
            break
        first = folded.raw[folded.span(tokens[last].start, tokens[last].end)[0]]
        if capitals and (not first.isupper() or tokens[last].text.endswith("'s")):
            return start
        # A name written large ends where small letters begin: "Maria and", "Asha Verma calling".
        begun = folded.raw[folded.span(tokens[start].start, tokens[start].end)[0]]
        if last > start and begun.isupper() and not first.isupper():
            break
        last += 1
        if last < len(tokens) and tokens[last].text == "." and len(tokens[last - 1].text) <= 2:
            last += 1
    return last


def _name_start(grammar: Grammar, folded: Folded, tokens: Sequence[Token], end: int) -> int:
    start = end
    while start > 0 and end - start < _NAME_WORDS and _names(grammar, tokens, start - 1):
        first = folded.raw[folded.span(tokens[start - 1].start, tokens[start - 1].end)[0]]
        if tokens[start - 1].text.isascii() and not first.isupper():
            break
        start -= 1
    return start


def _names(grammar: Grammar, tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    return token.kind == "word" and grammar.not_person.at(tokens, i) is None


def _name(folded: Folded, tokens: Sequence[Token], start: int, end: int) -> str:
    first, last = folded.span(tokens[start].start, tokens[end - 1].end)
    return " ".join(folded.raw[first:last].split())

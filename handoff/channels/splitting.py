"""Long texts in pieces that a channel takes, cut where a person would pause. Pure."""

from __future__ import annotations

import bisect
from collections.abc import Callable

import regex

Measure = Callable[[str], int]

URL = regex.compile(r"(?:https?://|www\.)\S+")
GRAPHEME = regex.compile(r"\X")
# Where a pause is, best first: between paragraphs, lines, sentences (also of Devanagari and Bengali,
# which end in a danda, of Persian and Urdu, and of Greek, whose question mark is a semicolon; these
# need no space after them), words.
PAUSES = (
    regex.compile(r"\n\s*\n"),
    regex.compile(r"\n|(?<=[.!?…;\u037e])[)\"'»”’]*\s|(?<=[।॥؟۔。！？])[)\"'»”’]*"),
    regex.compile(r"\s"),
)
FULL_ENOUGH = 0.4  # of a piece: a better pause that comes earlier is not worth one more piece


def utf16(text: str) -> int:
    """Length as most platforms count it: what lies beyond the basic plane (most emoji) counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def pieces(text: str, limit: int | None, measure: Measure = utf16) -> list[str]:
    """``text`` in pieces of at most ``limit``; none is blank, and only white space at the cuts is lost.

    No cut is inside a URL or a grapheme (a syllable, an emoji with its skin colour) unless that
    alone is longer than a whole piece.

    >>> pieces("One. Two three. Four", 12)
    ['One.', 'Two three.', 'Four']
    """
    rest, cut = text.strip(), []
    while limit is not None and measure(rest) > limit:
        end = _end(rest, limit, measure)
        head = rest[:end].rstrip()
        if head:
            cut.append(head)
        rest = rest[end:].lstrip()
    return [*cut, rest] if rest else cut


def shortened(text: str, limit: int, measure: Measure = utf16) -> str:
    """``text`` within ``limit``: what does not fit gives way to an ellipsis, at whole graphemes.

    >>> shortened("Where is my order?", 10)
    'Where is…'
    """
    text = " ".join(text.split())
    if measure(text) <= limit:
        return text
    return text[: _whole(text, limit - measure("…"), measure)].rstrip() + "…"


def _end(text: str, limit: int, measure: Measure) -> int:
    """Where the first piece of ``text`` ends; more than 0."""
    most = _longest(text, limit, measure)
    links = [match.span() for match in URL.finditer(text, 0, most + 2000)]

    def free(at: int) -> bool:
        return not any(start < at < end for start, end in links)

    for pause in PAUSES:
        # A pause may lie just behind the last character that fits: its white space is not sent.
        ends = [m.end() for m in pause.finditer(text, 0, most + 1) if m.start() <= most and free(m.start())]
        ends = [end for end in ends if free(end) and measure(text[:end].rstrip()) <= limit]
        if ends and (pause is PAUSES[-1] or ends[-1] >= most * FULL_ENOUGH):
            return int(ends[-1])
    before_link = next((start for start, end in links if 0 < start < most < end), 0)
    return before_link or _whole(text, limit, measure) or most


def _longest(text: str, limit: int, measure: Measure) -> int:
    """How many characters fit, without regard to what they are; at least 1."""
    return max(1, bisect.bisect_right(range(len(text) + 1), limit, key=lambda n: measure(text[:n])) - 1)


def _whole(text: str, limit: int, measure: Measure) -> int:
    """How many characters fit at whole graphemes."""
    end, size = 0, 0
    for match in GRAPHEME.finditer(text):
        size += measure(match.group())
        if size > limit:
            break
        end = int(match.end())
    return end

"""A folded text cut into numbers, words and signs."""

from __future__ import annotations

from typing import NamedTuple

import regex

# Words end where the script changes ("dressগুলো"); marks belong to their letters, unlike in re.
_TOKEN = regex.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>\p{Script=Latin}[\p{Script=Latin}\p{M}]*(?:'[\p{Script=Latin}]+)*|(?:(?!\p{Script=Latin})[\p{L}\p{M}])+)"
    r"|(?P<sign>[^\s_])"
)
_KINDS = {1: "number", 2: "word", 3: "sign"}


class Token(NamedTuple):
    kind: str  # number word sign
    text: str
    start: int
    end: int


def cut(folded: str) -> list[Token]:
    return [Token(_KINDS[m.lastindex], m[0], *m.span()) for m in _TOKEN.finditer(folded)]


def words(folded: str) -> list[str]:
    """The words and numbers of a folded phrase: hyphens and dots do not count, "&" does."""
    return [token.text for token in cut(folded) if token.kind != "sign" or token.text not in JOINTS]


#: Signs that may stand between the words of a phrase, or not.
JOINTS = frozenset("-.'\"/")

"""Phrases with what they mean, found among tokens whatever their words' endings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.reading.fold import folded
from bot.reading.forms import Endings
from bot.reading.tokens import JOINTS, Token, words

T = TypeVar("T")

_REMEMBERED = 10_000  # words


@dataclass(slots=True)
class _Node(Generic[T]):
    next: dict[str, _Node[T]] = field(default_factory=dict)
    loose: dict[str, _Node[T]] = field(default_factory=dict)  # by a stem of the word
    meaning: list[T] = field(default_factory=list)


class Phrases(Generic[T]):
    """A tree of words for each language, so that no language's endings are taken off another's words."""

    def __init__(self) -> None:
        self._trees: list[tuple[_Node[T], Endings]] = []
        self._never: set[str] = set()  # words seen that begin no phrase: nearly all, and they come again

    def add(self, phrases: Mapping[str, T], endings: Endings) -> None:
        """Phrases of one language; what is added first wins where two are the same."""
        root: _Node[T] = _Node()
        for phrase, meaning in phrases.items():
            for way in ways(phrase):
                node = root
                for word in way:
                    following = node.next.get(word) or _Node()
                    node.next[word] = following
                    for stem in endings.listed(word):
                        node.loose.setdefault(stem, following)
                    node = following
                if way:
                    node.meaning.append(meaning)
        if root.next:
            self._trees.append((root, endings))

    def at(self, tokens: Sequence[Token], start: int) -> tuple[int, T] | None:
        """The longest phrase that begins at ``tokens[start]``: the index after it, and its meaning."""
        if start >= len(tokens) or tokens[start].text in self._never:
            return None
        best: tuple[int, T] | None = None
        begins = False
        for root, endings in self._trees:
            if _step(root, endings, tokens[start]) is not None:
                begins = True
                found = _walk(root, endings, tokens, start)
                if found and (best is None or found[0] > best[0]):
                    best = found
        if not begins:
            if len(self._never) >= _REMEMBERED:
                self._never.clear()
            self._never.add(tokens[start].text)
        return best

    def begins(self, token: Token) -> bool:
        """Whether a phrase begins with that word."""
        return token.text not in self._never and any(
            _step(root, e, token) is not None for root, e in self._trees
        )

    def __bool__(self) -> bool:
        return bool(self._trees)


def _walk(root: _Node[T], endings: Endings, tokens: Sequence[Token], start: int) -> tuple[int, T] | None:
    node, i, best = root, start, None
    while i < len(tokens):
        token = tokens[i]
        following = _step(node, endings, token)
        if following is None:
            if i > start and token.kind == "sign" and token.text in JOINTS and node.next:
                i += 1
                continue
            break
        node, i = following, i + 1
        if node.meaning:
            best = (i, node.meaning[0])
    return best


def _step(node: _Node[T], endings: Endings, token: Token) -> _Node[T] | None:
    word = token.text
    if (following := node.next.get(word)) is not None:
        return following
    if token.kind != "word":
        return None
    if (following := node.loose.get(word)) is not None:
        return following
    for stem in endings.stems(word):
        if (following := node.next.get(stem) or node.loose.get(stem)) is not None:
            return following
    return None


def ways(phrase: str) -> Iterable[list[str]]:
    """The ways to write a phrase: a half-space is a space or nothing; Persian words may be joined."""
    spaced = words(folded(phrase.replace("\u200c", " ")))
    yield spaced
    joined = words(folded(phrase))
    if joined != spaced:
        yield joined
    if len(spaced) > 1 and any("\u0600" <= char <= "\u06ff" for char in phrase):
        yield ["".join(spaced)]

"""Words whatever their ending: plurals, cases, articles; by lists of endings, not by grammar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.reading.fold import folded

_KEPT = 3  # letters that must be left of a listed word whose ending is dropped
_KEPT_LATIN, _KEPT_OTHER = 3, 2  # … and of a word of the message
_REMEMBERED = 10_000  # words


class Endings:
    """The endings of a language: a word and what it may be a form of."""

    def __init__(self, endings: Iterable[str] = (), changes: Mapping[str, str] | None = None) -> None:
        self._drop = sorted({folded(end) for end in endings if folded(end)}, key=len, reverse=True)
        self._tuple = tuple(self._drop)
        self._changes = [(folded(new), folded(old)) for old, new in (changes or {}).items()]
        self._seen: dict[str, tuple[str, ...]] = {}

    def stems(self, word: str) -> tuple[str, ...]:
        """What ``word`` of a message may be a form of, the shortest ending first, two at most."""
        known = self._seen.get(word)
        if known is None:
            least = _KEPT_LATIN if word.isascii() else _KEPT_OTHER
            first = list(self._off(word, least))
            known = tuple(
                dict.fromkeys([*first, *(more for stem in first for more in self._off(stem, least))])
            )
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            self._seen[word] = known
        return known

    def listed(self, word: str) -> Iterator[str]:
        """Stems under which a listed word is also found: the ending that it has itself may be another's."""
        return self._off(word, _KEPT)

    def _off(self, word: str, least: int) -> Iterator[str]:
        if word.endswith(self._tuple):
            for end in reversed(self._drop):
                if len(word) - len(end) >= least and word.endswith(end):
                    yield word[: -len(end)]
        for new, old in self._changes:
            if word.endswith(new) and len(word) - len(new) >= least:
                yield word[: -len(new)] + old

"""Short keys for intents that hands can learn. Pure.

Two letters each, so that no key is the beginning of another; they remind of the name (``ri`` for
``return_item``); and a key once given stays, whatever intents come or go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase, digits

ALL = tuple(a + b for a in ascii_lowercase + digits for b in ascii_lowercase + digits)


def keys(names: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """A key for each of ``names``, besides all of ``kept`` (a removed intent's key is not given away).

    The earlier of ``names`` choose first. Past 1,200 intents some have none.
    """
    given = dict(kept)
    free = set(ALL) - set(given.values())
    for name in names:
        if name not in given:
            key = next((one for one in _candidates(name) if one in free), None)
            if key is not None:
                given[name] = key
                free.discard(key)
    return given


def _candidates(name: str) -> Iterator[str]:
    """The initials; the first letter with those after it; any two in order; then whatever is left."""
    words = ["".join(c for c in word if c in ascii_lowercase) for word in name.lower().split("_")]
    words = [word for word in words if word] or ["x"]
    if len(words) > 1:
        yield words[0][0] + words[1][0]
        yield words[0][0] + words[-1][0]
    letters = "".join(words)
    for first in range(len(letters)):
        for second in letters[first + 1 :]:
            yield letters[first] + second
    yield from (key for key in ALL if key[0] == letters[0])
    yield from ALL

"""Which utterances to label next, together: useful ones that are not all the same. Pure.

What is useful by itself is not what is useful together: thirty doubtful messages about one thing teach
little more than three. So they are picked one after another, each worth less the more it is like those
picked before it, and the more of those were read as the same intent. The bench measures this very code.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from handoff.workbench.gathering.folding import plain

Floats = NDArray[np.float32]

WINDOW = 400  # the most useful, among which is picked
LIKENESS = 1.0  # how much it costs to be like one that was picked: (1 - cosine) to this power
SAME_INTENT = 0.85  # what is left of the worth for each one picked that was read the same
_DIMENSIONS = 1024


def pick(
    worth: Sequence[float],
    intents: Sequence[str | None],
    vectors: Floats,
    count: int,
    *,
    likeness: float = LIKENESS,
    same_intent: float = SAME_INTENT,
) -> list[int]:
    """Indexes of the ``count`` to label next, in that order. ``vectors``: unit rows."""
    left = np.asarray(worth, np.float64) + 1e-9
    free = np.ones(len(left))
    taken = Counter[str | None]()
    share = np.ones(len(left))
    named = np.array([intent or "" for intent in intents])
    chosen: list[int] = []
    for _ in range(min(count, len(left))):
        best = int(np.argmax(left * free**likeness * share))
        chosen.append(best)
        left[best] = -math.inf
        free = np.minimum(free, np.clip(1.0 - vectors @ vectors[best], 1e-6, 1.0))
        taken[intents[best]] += 1
        if named[best]:
            share[named == named[best]] = same_intent ** taken[intents[best]]
    return chosen


def rows(texts: Sequence[str]) -> Floats:
    """Unit rows of words and of letters three and four at a time: whatever the language, and at once."""
    found = np.zeros((len(texts), _DIMENSIONS), np.float32)
    for row, text in enumerate(texts):
        places, values = _row(text)
        found[row, places] = values
    return found


@lru_cache(maxsize=4 * WINDOW)  # the same ones stand at the top of the queue, from call to call
def _row(text: str) -> tuple[NDArray[np.int64], Floats]:
    words = plain(text).split()
    letters = [f" {word} "[i : i + n] for word in words for n in (3, 4) for i in range(len(word) + 3 - n)]
    hashes = [crc32(one.encode("utf-8", "replace")) % _DIMENSIONS for one in (*words, *letters)]
    places, counts = np.unique(np.array(hashes, np.int64), return_counts=True)
    values = counts.astype(np.float32)
    return places, values / max(float(np.linalg.norm(values)), 1e-9)

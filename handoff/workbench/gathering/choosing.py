"""Which utterances to label next, together: useful ones that are not all the same. Pure.

What is useful by itself is not what is useful together: thirty doubtful messages about one thing teach
little more than three. So they are picked one after another, each worth less the more it is like those
picked before it, and the more of those were read as the same intent. The bench measures this very code.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import regex
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from handoff.workbench.gathering.folding import plain

Floats = NDArray[np.float32]

WINDOW = 400  # the most useful, among which is picked
LIKENESS = 1.0  # how much it costs to be like one that was picked: (1 - cosine) to this power
SAME_INTENT = 0.85  # what is left of the worth for each one picked that was read the same
_DIMENSIONS = 1024
_WORD = regex.compile(r"\S+")


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
    """Unit rows of words and of letters three to five at a time, where no encoder has given any."""
    places: list[int] = []
    values: list[float] = []
    starts = [0]
    for text in texts:
        found = Counter(_features(plain(text)))
        size = math.sqrt(sum(n * n for n in found.values())) or 1.0
        places += [crc32(one.encode("utf-8", "replace")) % _DIMENSIONS for one in found]
        values += [n / size for n in found.values()]
        starts.append(len(places))
    matrix = csr_matrix((values, places, starts), (len(texts), _DIMENSIONS), np.float32)
    dense: Floats = np.asarray(matrix.toarray(), np.float32)
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)
    return dense


def _features(text: str) -> list[str]:
    words = _WORD.findall(text)
    letters = [f" {word} "[i : i + n] for word in words for n in (3, 4) for i in range(len(word) + 3 - n)]
    return [*(f"={word}" for word in words), *letters]

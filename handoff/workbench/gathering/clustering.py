"""Topics among utterances: which belong together, the words that tell each, and which are those of last time.

Pure. Density decides (HDBSCAN): what is alone stays alone, and nobody has to say how many topics there are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set

import numpy as np
import regex
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import PCA

from handoff.workbench.gathering.folding import plain

Floats = NDArray[np.float32]

LEAST = 5  # different utterances of a topic
DIMENSIONS = 15  # in which density still means something
LARGEST = 0.4  # share of all that one topic may take: more is no topic
WORDS = 5
SAME = 0.3  # share of the smaller one's utterances from which two topics are the same
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]+")


def clusters(vectors: Floats) -> list[list[int]]:
    """Rows that belong together, the largest first. ``vectors``: shape (utterances, dim), any length."""
    count = len(vectors)
    if count < 2 * LEAST:
        return []
    centred = vectors - vectors.mean(0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    few = min(DIMENSIONS, count - 1, centred.shape[1])
    points = PCA(few, random_state=0).fit_transform(centred)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    found = HDBSCAN(min_cluster_size=LEAST, min_samples=3, cluster_selection_method="leaf", copy=True)
    labels = found.fit_predict(points)
    groups = [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]
    return sorted(
        (rows for rows in groups if len(rows) <= max(LARGEST * count, LEAST)), key=len, reverse=True
    )


def telling(groups: Sequence[Sequence[str]], others: Sequence[str] = ()) -> list[list[str]]:
    """For each group of texts the words that it has and the rest has not (class-based tf-idf).

    ``others``: texts of no group, which show what everybody writes.
    """
    counts = [Counter(word for text in texts for word in set(_words(text))) for texts in groups]
    rest = Counter(word for text in others for word in set(_words(text)))
    total = Counter[str](rest)
    for one in counts:
        total.update(one)
    mean = sum(total.values()) / max(len(groups) + bool(rest), 1)
    result = []
    for one, texts in zip(counts, groups, strict=True):
        worth = {
            word: n / len(texts) * math.log1p(mean / total[word])
            for word, n in one.items()
            if n > 1 or len(texts) < LEAST
        }
        result.append(sorted(worth, key=lambda word: (-worth[word], word))[:WORDS])
    return result


def kept(new: Sequence[Set[str]], old: Mapping[str, Set[str]]) -> list[str | None]:
    """For each new topic the old one that it goes on, each at most once; topics are sets of utterances."""
    pairs = sorted(
        (
            (len(members & before) / min(len(members), len(before)), place, id)
            for place, members in enumerate(new)
            for id, before in old.items()
            if members and before and members & before
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: list[str | None] = [None] * len(new)
    taken: set[str] = set()
    for share, place, id in pairs:
        if share >= SAME and found[place] is None and id not in taken:
            found[place] = id
            taken.add(id)
    return found


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(plain(text)) if len(word) > 2 or not word.isascii()]

"""When two texts are one: a key for those that differ only in dress, marks for those that nearly agree.

Pure. A text's *key* forgets case, punctuation, digits, accents and letters held down ("pleeease!!");
its *bands* (MinHash over three letters at a time) are shared, mostly, by texts that agree to
:data:`ALIKE` or more, so that the like of one among 200,000 are found without looking at the others.
"""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from collections.abc import Set
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

from bot.reading.fold import folded

ALIKE = 0.85  # share of letters (Jaccard, threes) from which two texts are near-duplicates …
ALIKE_READ = 0.75  # … or if they were read the same: "cancel it" and "do not cancel it" are much alike, too
BANDS, ROWS = 8, 4  # found with probability 1-(1-s^4)^8: .95 at .75, .997 at .85, .40 at .5
_PRIME = (1 << 31) - 1
_SPACES = regex.compile(r"\s+")
_DRESS = regex.compile(r"[^\p{L}\p{M}\p{N}\s]")
_DIGITS = regex.compile(r"\d+")
_HELD = regex.compile(r"(\p{L})\1{2,}")  # three and more: no language writes these
_TWICE = regex.compile(r"(\p{L})\1+")


def plain(text: str) -> str:
    """The text as its key sees it; signs and pictures only where there is nothing else."""
    whole = folded(unicodedata.normalize("NFKC", text))
    words = _SPACES.sub(" ", _DRESS.sub(" ", whole)).strip()
    if not words:
        return "".join(dict.fromkeys(_SPACES.sub("", whole)))  # "!!!" is "!", "😡😡" is "😡"
    return str(_HELD.sub(r"\1\1", _DIGITS.sub("0", words)))


def key(text: str) -> str:
    """64 characters; equal for texts that say the same in another dress."""
    return hashlib.sha256(plain(text).encode("utf-8", "replace")).hexdigest()


def pieces(text: str) -> frozenset[str]:
    """All that stands three letters at a time in a text, doubled letters as one."""
    words = f" {_TWICE.sub(chr(92) + '1', plain(text))} "
    return frozenset(words[i : i + 3] for i in range(len(words) - 2)) or frozenset([words])


def similarity(one: Set[str], other: Set[str]) -> float:
    """0..1, of :func:`pieces`."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def bands(of: Set[str]) -> list[int]:
    """Marks of a text by its :func:`pieces`; below 2**63."""
    a, b = _multipliers()
    values = np.fromiter((zlib.crc32(one.encode()) for one in of), np.int64, len(of)) % _PRIME
    least = ((values[:, None] * a + b) % _PRIME).min(0).reshape(BANDS, ROWS)
    return [
        int.from_bytes(hashlib.blake2b(bytes([i]) + row.tobytes(), digest_size=8).digest(), "big") >> 1
        for i, row in enumerate(least)
    ]


def alike(share: float, same_reading: bool) -> bool:
    """Whether texts of that :func:`similarity` are near-duplicates."""
    return share >= (ALIKE_READ if same_reading else ALIKE)


@lru_cache(maxsize=1)
def _multipliers() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    random = np.random.default_rng(20261120)
    drawn = random.integers(1, _PRIME, (2, BANDS * ROWS), dtype=np.int64)
    return drawn[0], drawn[1]

"""Chance that can be repeated: the same seed gives the same rows, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Mapping
from typing import Any

Rows = dict[str, list[dict[str, Any]]]  # table -> rows


class Chance(random.Random):
    """A random generator for one part of the data, independent of the other parts."""

    def __init__(self, seed: int, part: str) -> None:
        super().__init__(f"{seed}:{part}")
        self._name = f"{seed}:{part}"

    def id(self, *parts: object) -> str:
        """An id of the usual shape that depends on the seed and ``parts`` alone."""
        digest = hashlib.sha256(":".join([self._name, *map(str, parts)]).encode()).digest()
        return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()

    def weighted(self, weights: Mapping[str, float]) -> str:
        return self.choices(list(weights), list(weights.values()))[0]

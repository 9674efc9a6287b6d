"""A method that remembers its answers, and does not keep its object alive for that.

``lru_cache`` over a bound method is a circle: the object would stay until Python next looks for rubbish
everywhere, and of a model that has been replaced that is 60 MB and a tenth of a second without turns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from weakref import WeakMethod

Answer = TypeVar("Answer")


def remembered(most: int, method: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """The bound method, with its ``most`` latest answers at hand; for its own object's use."""
    own = WeakMethod(method)

    @lru_cache(most)
    def call(text: str) -> Answer:
        found: Callable[[str], Answer] | None = own()
        if found is None:
            raise ReferenceError("what it belongs to is gone")
        return found(text)

    return call

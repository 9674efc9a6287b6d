"""First come, first served: work on one key waits in line, in the order it came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Lines:
    """A queue for each key. The database's own locks keep no order and would hold a connection
    for each of those who wait."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, key: Hashable) -> AsyncIterator[None]:
        lock, waiting = self._lines.get(key, (asyncio.Lock(), 0))
        self._lines[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._lines[key]
            if waiting == 1:
                del self._lines[key]
            else:
                self._lines[key] = (lock, waiting - 1)

"""One turn of a conversation at a time, without Rasa's polling (a whole second between tries)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from rasa.core.lock_store import LockStore


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class LineLockStore(LockStore):  # type: ignore[misc]
    """Turns of one conversation wait in line, first come first served, within this process.

    Between processes a conversation sticks to one server, and the tracker store's version check
    catches the rest.
    """

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[None]:
        del lock_lifetime, wait_time_in_seconds  # the signature is Rasa's
        line = self._lines.setdefault(conversation_id, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[conversation_id]

"""Waiting in line for something that only one can have at a time; who is in a hurry goes first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Line:
    """Like ``asyncio.Lock``, first come first served, but for those who are in a hurry: they pass the others.

    Meant for few of them and for short turns: nobody hinders them from keeping the others out.
    """

    def __init__(self) -> None:
        self._taken = False
        self._hurried: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, hurry: bool = False) -> AsyncIterator[None]:
        if self._taken:
            await self._wait(self._hurried if hurry else self._others)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, lane: deque[asyncio.Future[None]]) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lane.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.cancelled():
                with suppress(ValueError):  # it may have been passed over already
                    lane.remove(mine)
            else:
                self._pass_on()  # it was our turn, just now
            raise

    def _pass_on(self) -> None:
        """It stays taken when it goes from one to the next, so that nobody slips in between."""
        for lane in (self._hurried, self._others):
            while lane:
                following = lane.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._taken = False

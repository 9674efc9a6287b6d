"""Something that one gateway does at a time. Kept in the database, so that a gateway that died lets go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from handoff.workbench.context import Context
from handoff.workbench.models import Watermark

LASTS = timedelta(seconds=20)
TRY = 0.2  # seconds between tries


class Taken(Exception):
    """Another one holds it."""


class Lease:
    """``name`` is the row's; its time is when the lease ends, which whoever holds it knows and renews."""

    def __init__(self, context: Context, name: str) -> None:
        self._context = context
        self._name = name
        self._mine = asyncio.Lock()  # two tasks of one gateway are two, too

    @asynccontextmanager
    async def held(self, wait: float = 0.0) -> AsyncIterator[None]:
        """Hold it for the block; :class:`Taken` if that is not possible within ``wait`` seconds."""
        try:
            async with asyncio.timeout(wait + 0.001):
                await self._mine.acquire()
        except TimeoutError:
            raise Taken from None
        try:
            until = await self._wait(wait)
            renewing = asyncio.create_task(self._renew(until))
            try:
                yield
            finally:
                renewing.cancel()
                with suppress(asyncio.CancelledError):
                    await renewing
                await asyncio.shield(self._release())
        finally:
            self._mine.release()

    async def _wait(self, wait: float) -> datetime:
        tries = max(1, round(wait / TRY))
        for left in range(tries, 0, -1):
            until = await self._take(None)
            if until is not None:
                return until
            if left > 1:
                await asyncio.sleep(TRY)
        raise Taken

    async def _renew(self, until: datetime | None) -> None:
        while until is not None:
            await asyncio.sleep(LASTS.total_seconds() / 4)
            until = await self._take(until)

    async def _take(self, mine: datetime | None) -> datetime | None:
        """Until when it is ours now; None if it is another's."""
        now = self._context.clock()
        until = now + LASTS
        free = Watermark.at <= now
        ours = (
            free if mine is None else or_(free, Watermark.value["holder"].as_string() == self._context.holder)
        )
        claim = update(Watermark).where(Watermark.name == self._name, ours)
        told = {"holder": self._context.holder}
        async with self._context.database.write(hurry=True) as session:
            if (await session.execute(claim.values(at=until, value=told))).rowcount:  # type: ignore[attr-defined]
                return until
            if await session.get(Watermark, self._name) is not None:
                return None
        try:
            async with self._context.database.write(hurry=True) as session:
                session.add(Watermark(name=self._name, value=told, at=until))
        except IntegrityError:
            return None  # another one has made it first
        return until

    async def _release(self) -> None:
        now = self._context.clock()
        ours = Watermark.value["holder"].as_string() == self._context.holder
        async with self._context.database.write(hurry=True) as session:
            await session.execute(update(Watermark).where(Watermark.name == self._name, ours).values(at=now))

"""How far a regular work has come, so that of many gateways one does each part, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database
from handoff.workbench.models import Watermark

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    value: dict[str, Any]
    at: datetime


class Moved(Exception):
    """Another gateway has done this part already: what was prepared must not be written."""


async def read(database: Database, name: str, now: datetime) -> Mark:
    """The mark, made if there is none."""
    asked = select(Watermark.value, Watermark.at).where(Watermark.name == name)
    async with database.read() as session:
        row = (await session.execute(asked)).one_or_none()
    if row is None:
        try:
            async with database.write() as session:
                await session.execute(
                    insert(Watermark).values(name=name, value={}, at=now - timedelta(days=1))
                )
        except IntegrityError:
            pass  # another gateway was as fast
        async with database.read() as session:
            row = (await session.execute(asked)).one()
    return Mark(name, row.value, row.at)


async def move(session: AsyncSession, mark: Mark, value: dict[str, Any], now: datetime) -> None:
    """In the transaction of the work itself. Raises :class:`Moved`."""
    done = await session.execute(
        update(Watermark)
        .where(Watermark.name == mark.name, Watermark.at == mark.at)
        .values(value=value, at=max(now, mark.at + _TICK))
        .returning(Watermark.name)
    )
    if done.one_or_none() is None:
        raise Moved(mark.name)

"""Counting attempts to sign in, in the database: the limit holds over all gateways and restarts."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Attempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 60


def account_key(email: str) -> str:
    return hashlib.sha256(f"account:{email}".encode()).hexdigest()


def address_key(address: str) -> str:
    return hashlib.sha256(f"address:{address}".encode()).hexdigest()


async def count(session: AsyncSession, key: str, at: datetime) -> int:
    """Count one more attempt under ``key`` and return how many there were within the window.

    One upsert, so that attempts made at the same moment cannot slip through together.
    """
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    old = Attempt.since <= at - WINDOW
    upsert = (
        insert(Attempt)
        .values(key=key, count=1, since=at)
        .on_conflict_do_update(
            index_elements=[Attempt.key],
            set_={
                "count": case((old, 1), else_=Attempt.count + 1),
                "since": case((old, at), else_=Attempt.since),
            },
        )
        .returning(Attempt.count)
    )
    return int((await session.execute(upsert)).scalar_one())


async def forget(session: AsyncSession, *, key: str | None = None, before: datetime | None = None) -> None:
    """Forget the attempts under one key (it signed in), or all that are older than ``before``."""
    if key is not None:
        await session.execute(delete(Attempt).where(Attempt.key == key))
    if before is not None:
        await session.execute(delete(Attempt).where(Attempt.since <= before))

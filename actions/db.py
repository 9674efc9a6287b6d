"""One way to the database, SQLite or PostgreSQL, for the action server and the gateway.

Code never calls ``commit()``: a transaction belongs to the edge that opened it with
:meth:`Database.write`, and whatever must follow a commit (publishing, waking a worker) is
given to :func:`after_commit` and dropped when the transaction rolls back.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from actions.line import Line
from actions.sqlite import WRITE, Module

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, always UTC and always aware (SQLite itself forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables, the shop's and the gateway's; the halves refer to each other by plain ids."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
    }


def new_id() -> str:
    """An id nobody can guess: 128 random bits as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def now() -> datetime:
    return datetime.now(UTC)


def after_commit(session: AsyncSession, call: Callable[[], Awaitable[None]]) -> None:
    """Run ``call`` once the transaction of ``session`` is committed; never if it rolls back."""
    session.info.setdefault("after_commit", []).append(call)


class Database:
    """An engine and the two ways to use it: :meth:`read` and :meth:`write`."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite")
        # A connection of SQLite is a thread: kept, not made anew whenever a few more are needed.
        options: dict[str, Any] = {"module": Module(), "pool_size": 20} if sqlite else {"pool_pre_ping": True}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer; waiting in line here is cheaper than its busy loop.
        self._line = Line() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._readers = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writers = async_sessionmaker(
            self.engine.execution_options(setu_write=True), expire_on_commit=False
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to read with; nothing is committed."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def write(self, *, hurry: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any exception.

        ``hurry``: somebody outside waits for it; it passes those that wait in line.
        """
        async with self._line.turn(hurry=hurry) if self._line else nullcontext(), self._writers() as session:
            async with session.begin():
                yield session
            calls = session.info.pop("after_commit", [])
        for call in calls:
            await call()

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A read that turns into a write can fail at once, without waiting: writers say so at the start.
    write = connection.get_execution_options().get("setu_write", False)
    connection.exec_driver_sql(WRITE if write else "BEGIN")

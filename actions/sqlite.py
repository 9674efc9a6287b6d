"""SQLite for asyncio with few trips to its thread.

SQLAlchemy's adapter of aiosqlite makes four for each statement: open a cursor, execute, fetch,
close. On a busy machine each trip waits for a processor twice, and that was most of what a
transaction cost. Here a statement makes one, together with the BEGIN before it; and once a
transaction holds the write lock its further statements make none: nothing is left to wait for,
they take microseconds. What may take its time (the lock, a read, the commit) stays in the thread.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from typing import Any, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

WRITE = "BEGIN IMMEDIATE"


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Holds all rows of its one statement; the real cursor is gone by then."""

    __slots__ = ("_description", "_lastrowid", "_rowcount")

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._description: Any = None
        self._rowcount = -1
        self._lastrowid: int | None = None

    @property
    def description(self) -> Any:
        return self._description

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> Any:
        return self._lastrowid

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        if operation.startswith("BEGIN"):
            self._adapt_connection.begin = operation  # type: ignore[attr-defined]
            return None
        return self._run(_execute, operation, parameters or ())

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        return self._run(_executemany, operation, seq_of_parameters)

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        return None

    def _run(self, work: Any, operation: str, parameters: Any) -> None:
        connection, adapted = cast(Any, self._connection), cast(Any, self._adapt_connection)
        begin, adapted.begin = adapted.begin, None
        try:
            if adapted.locked:
                found = work(connection._conn, None, operation, parameters)
            else:
                found = await_(connection._execute(work, connection._conn, begin, operation, parameters))
                adapted.locked = begin == WRITE
            rows, self._description, self._rowcount, self._lastrowid = found
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows = deque(rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """``begin``: the statement that opens the transaction, not said yet.
    ``locked``: the transaction holds the write lock."""

    __slots__ = ("begin", "locked")

    _cursor_cls = Cursor  # type: ignore[assignment]  # a generic base says less than it takes

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.begin: str | None = None
        self.locked = False

    def commit(self) -> None:
        if self._ends():
            super().commit()

    def rollback(self) -> None:
        if self._ends():
            super().rollback()

    def _ends(self) -> bool:
        """Whether there is a transaction to end; one not begun is forgotten."""
        begun = self.begin is None
        self.begin, self.locked = None, False
        return begun


class Module(AsyncAdapt_aiosqlite_dbapi):
    """The driver, for ``create_async_engine(module=…)``."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *args: Any, **kwargs: Any) -> Connection:
        # The thread and the event loop take turns, never at the same time.
        made = super().connect(*args, **(kwargs | {"check_same_thread": False}))
        return Connection(self, made._connection)


def _execute(connection: sqlite3.Connection, begin: str | None, operation: str, parameters: Any) -> Any:
    if begin:
        connection.execute(begin)
    return _gathered(connection.execute(operation, parameters))


def _executemany(connection: sqlite3.Connection, begin: str | None, operation: str, parameters: Any) -> Any:
    if begin:
        connection.execute(begin)
    return _gathered(connection.executemany(operation, parameters))


def _gathered(cursor: sqlite3.Cursor) -> tuple[Any, ...]:
    rows = cursor.fetchall() if cursor.description else ()
    found = (rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return found

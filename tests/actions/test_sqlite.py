"""SQLite through the database edge: transactions hold together, also across connections and cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from actions.db import Database


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' worth of connections to one file."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    one, other = Database(url), Database(url)
    async with one.write() as session:
        await session.execute(text("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    yield one, other
    await one.close()
    await other.close()


async def put(database: Database, number: int) -> None:
    async with database.write() as session:
        await session.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})


async def numbers(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(text("SELECT n FROM t ORDER BY n")))


async def test_what_fails_in_the_middle_leaves_nothing(pair: tuple[Database, Database]) -> None:
    one, other = pair

    async def failing() -> None:
        async with one.write() as session:
            await session.execute(text("INSERT INTO t VALUES (1)"))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await failing()
    await put(one, 2)
    assert await numbers(other) == [2]


async def test_others_see_nothing_before_the_commit(pair: tuple[Database, Database]) -> None:
    one, other = pair
    async with one.write() as session:
        await session.execute(text("INSERT INTO t VALUES (1)"))
        assert await numbers(one) == []
        assert await numbers(other) == []
    assert await numbers(other) == [1]


async def test_two_writers_wait_for_each_other_without_holding_up_the_loop(
    pair: tuple[Database, Database],
) -> None:
    one, other = pair
    async with one.write() as session:
        await session.execute(text("INSERT INTO t VALUES (1)"))
        waiting = asyncio.create_task(put(other, 2))
        for _ in range(50):
            await asyncio.sleep(0)  # the loop turns while the other waits in its thread
        assert not waiting.done()
    await waiting
    assert await numbers(one) == [1, 2]


async def test_a_cancelled_writer_lets_go(pair: tuple[Database, Database]) -> None:
    one, other = pair
    inside = asyncio.Event()

    async def stuck() -> None:
        async with one.write() as session:
            await session.execute(text("INSERT INTO t VALUES (1)"))
            inside.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(stuck())
    await inside.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await asyncio.gather(put(one, 2), put(other, 3))
    assert await numbers(one) == [2, 3]


async def test_many_values_and_returned_rows_work_in_and_out_of_a_write(
    pair: tuple[Database, Database],
) -> None:
    one, _ = pair
    async with one.write() as session:
        await session.execute(text("INSERT INTO t VALUES (:n)"), [{"n": n} for n in range(5)])
        returned = await session.execute(text("DELETE FROM t WHERE n > 2 RETURNING n"))
        assert sorted(returned.scalars()) == [3, 4]
        done = await session.execute(text("UPDATE t SET n = n + 10"))
        assert done.rowcount == 3  # type: ignore[attr-defined]
    assert await numbers(one) == [10, 11, 12]

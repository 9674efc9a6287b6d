"""Webhooks are counted without a write for each, and written together."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import event

from actions.db import Database
from handoff.channels.models import Inbox
from handoff.inboxes.watching import Watching
from tests.support.conversations import Clock


@pytest.fixture
async def inbox(database: Database) -> str:
    async with database.write() as session:
        session.add(Inbox(id="page", channel="messenger", name="Page"))
    return "page"


async def row(database: Database) -> Inbox:
    async with database.read() as session:
        return await session.get_one(Inbox, "page")


async def test_many_requests_are_one_write(database: Database, inbox: str) -> None:
    clock = Clock()
    watching = Watching(database, clock)
    written: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *a: written.append(str(a[2])))
    for _ in range(500):
        watching.seen(inbox)
    assert written == []
    await watching.write()
    assert len([sql for sql in written if sql.startswith("UPDATE")]) == 1
    assert (await row(database)).last_webhook_at == clock.at
    written.clear()
    await watching.write()
    assert written == []


async def test_refused_ones_are_those_since_the_last_right_one(database: Database, inbox: str) -> None:
    clock = Clock()
    registry = CollectorRegistry()
    watching = Watching(database, clock, registry)
    for _ in range(2):  # two writes add up
        watching.refused(inbox)
        watching.refused(inbox)
        await watching.write()
    kept = await row(database)
    assert (kept.refused, kept.last_refused_at, kept.last_webhook_at) == (4, clock.at, None)
    clock.pass_(1)
    watching.seen(inbox)
    watching.refused(inbox)
    await watching.write()
    kept = await row(database)
    assert (kept.refused, kept.last_webhook_at) == (1, clock.at)
    watching.seen(inbox)
    await watching.write()
    assert (await row(database)).refused == 0
    labels = {"inbox": inbox, "result": "refused"}
    assert registry.get_sample_value("setu_webhooks_total", labels) == 5


async def test_what_was_counted_is_written_at_the_end(database: Database, inbox: str) -> None:
    watching = Watching(database)
    running = asyncio.create_task(watching.run())
    await asyncio.sleep(0)
    watching.seen(inbox)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await row(database)).last_webhook_at is not None

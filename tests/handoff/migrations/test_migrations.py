"""The migrations make exactly the tables that the code describes, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from handoff.migrations import upgrade
from handoff.tables import Base
from tests.support.databases import PostgresDatabases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        yield databases.empty()


def differences(connection: Connection) -> list[Any]:
    def ours(_thing: Any, name: str | None, *_rest: Any) -> bool:
        return not (name or "").startswith(("message_words", "utterance_words", "ix_messages_words"))

    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": False})
    return list(compare_metadata(context, Base.metadata))


async def test_migrations_leave_no_difference_and_may_run_again(empty_url: str) -> None:
    await upgrade(empty_url)
    await upgrade(empty_url)
    engine = create_async_engine(empty_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        columns = await connection.run_sync(lambda sync: inspect(sync).get_columns("messages"))
        assert {"number", "external_id", "handled_at"} <= {column["name"] for column in columns}
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    await engine.dispose()

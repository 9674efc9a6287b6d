"""Fresh databases with all tables, SQLite and PostgreSQL, copied from a template."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from actions.db import Database, new_id
from handoff.desk import index
from handoff.tables import Base
from handoff.workbench.gathering import index as utterances
from tests.support.postgres import with_driver

TEMPLATE = "setu_template"


async def create_tables(url: str) -> None:
    """Every table and index, as the migrations make them (a test of theirs compares)."""
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        dialect = connection.dialect.name
        for statement in (*index.statements(dialect), *utterances.statements(dialect)):
            await connection.execute(text(statement))
    await database.close()


class SqliteFiles:
    """Copies of one prepared file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        asyncio.run(create_tables(f"sqlite+aiosqlite:///{self._template}"))
        with_wal = sorted(folder.glob("template.db*"))
        assert with_wal == [self._template], "the template is not one closed file"

    def fresh(self, folder: Path) -> str:
        copy = folder / "setu.db"
        shutil.copy(self._template, copy)
        return f"sqlite+aiosqlite:///{copy}"


class PostgresDatabases:
    """Databases of one server, each made from a prepared template."""

    def __init__(self, url: str) -> None:
        self._server = with_driver(url, "psycopg")
        asyncio.run(self._prepare())

    async def _prepare(self) -> None:
        await self._run(f"CREATE DATABASE {TEMPLATE}")
        await create_tables(self._at(TEMPLATE))

    def fresh(self) -> str:
        """All tables, no rows."""
        return self._create(TEMPLATE)

    def empty(self) -> str:
        """No tables."""
        return self._create("template1")

    def _create(self, template: str) -> str:
        name = "t" + new_id().lower().replace("-", "_")
        asyncio.run(self._run(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self._at(name)

    def _at(self, name: str) -> str:
        return self._server.rsplit("/", 1)[0] + f"/{name}"

    async def _run(self, statement: str) -> None:
        engine = create_async_engine(self._server, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

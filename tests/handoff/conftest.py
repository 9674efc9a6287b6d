"""A database for each test, of both kinds, and a gateway's parts around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest

from actions.db import Database
from actions.texts import Texts
from tests.support.databases import PostgresDatabases, SqliteFiles
from tests.support.postgres import postgres


@pytest.fixture(scope="session", autouse=True)
def the_texts_are_read_once() -> Iterator[None]:
    """Half a second for each gateway that is made: ten minutes of all these tests. Texts never change; a
    folder of a test's own is read as it stands."""
    read = Texts.load
    ours = cache(read)

    def load(folder: Path = Path("data/texts")) -> Texts:
        return ours(folder) if folder == Path("data/texts") else read(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Texts, "load", load)
        yield


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with postgres() as url:
        yield PostgresDatabases(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database with all tables."""
    if request.param == "sqlite":
        files: SqliteFiles = request.getfixturevalue("sqlite_files")
        return files.fresh(tmp_path)
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    return databases.fresh()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()

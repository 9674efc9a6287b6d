"""A fresh database of both kinds for each test, with a small shop in it."""

from __future__ import annotations

import pytest

from actions.db import Database
from actions.shop.reference import Reference
from tests.actions.world import World
from tests.handoff.conftest import database, database_url, postgres_databases, sqlite_files

__all__ = ["database", "database_url", "postgres_databases", "sqlite_files"]


@pytest.fixture
def reference() -> Reference:
    return Reference.load()


@pytest.fixture
def world(database: Database) -> World:
    return World(database)

"""An outbox before a platform that does as it is told."""

from __future__ import annotations

import pytest

from actions.db import Database
from tests.support.deliveries import Post, build


@pytest.fixture
async def post(database: Database) -> Post:
    return await build(database)

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.db import Database
from tests.support.conversations import House, build


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """Conversations over a fake bot."""
    made = await build(database)
    yield made
    made.bot.open()
    await made.conversations.turns.settle()


@pytest.fixture
async def quick_house(database: Database) -> AsyncIterator[House]:
    """The same, with no patience for a slow bot."""
    made = await build(database, turn_timeout=0.05)
    yield made
    made.bot.open()
    await made.conversations.turns.settle()

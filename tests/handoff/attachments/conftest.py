from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.db import Database
from tests.handoff.attachments.filing import Filed
from tests.handoff.attachments.filing import filed as make


@pytest.fixture
async def filed(database: Database, tmp_path: Path) -> AsyncIterator[Filed]:
    made = await make(database, tmp_path)
    yield made
    made.house.bot.open()
    await made.house.conversations.turns.settle()

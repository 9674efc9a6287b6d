"""The small bot, trained once for all tests of the runtime."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import smallbot
from tests.support.fake_actions import FakeActions, fake_actions


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return smallbot.train(tmp_path_factory.mktemp("small"))


@pytest.fixture
async def actions() -> AsyncIterator[FakeActions]:
    async with fake_actions() as fake:
        yield fake

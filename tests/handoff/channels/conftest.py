from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.gateways import Running, running


@pytest.fixture
async def running_gateway(database_url: str) -> AsyncIterator[Running]:
    async with running(database_url) as gateway:
        yield gateway

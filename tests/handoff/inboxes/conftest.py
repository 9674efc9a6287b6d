"""A gateway with a made-up platform, and people of every role at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from handoff.channels.registry import Channels
from handoff.channels.rest import RestChannel
from handoff.channels.web import WebChannel
from tests.support.fake_platform import Pigeons
from tests.support.gateway import Browser, Gateway, gateway


@pytest.fixture
def pigeons() -> Pigeons:
    return Pigeons()


@pytest.fixture
async def running(database_url: str, pigeons: Pigeons) -> AsyncIterator[Gateway]:
    async with httpx.AsyncClient() as client:
        channels = Channels({"web": WebChannel(), "rest": RestChannel(client), "pigeons": pigeons})
        async with gateway(database_url, channels=channels) as made:
            yield made


@pytest.fixture
async def farah(running: Gateway) -> Browser:
    """A supervisor."""
    return await running.browser(await running.hire("Farah", "supervisor"))

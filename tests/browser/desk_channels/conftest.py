"""An agent at the desk with a conversation of her own, on WhatsApp."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.desk_visit import DeskVisit, at_the_desk
from tests.browser.fake_desk import FakeDesk, Talk


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, desk: FakeDesk) -> AsyncIterator[DeskVisit]:
    async with at_the_desk(browser, desk) as started:
        yield started
        assert started.console.without("409", "413") == []


@pytest.fixture
def priya(desk: FakeDesk) -> Talk:
    talk = desk.talks["t-priya"]
    talk.row["inbox"] = {"id": "i-wa", "name": "Shop WhatsApp", "channel": "whatsapp"}
    return talk

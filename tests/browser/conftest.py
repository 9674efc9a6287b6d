"""One browser for all browser tests, and a fresh fake of each gateway for a test that wants it.

They share one event loop: ``pytestmark = pytest.mark.asyncio(loop_scope="session")`` in each module.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.fake import serving
from tests.browser.fake_desk import FakeDesk
from tests.browser.fake_gateway import FakeGateway
from tests.browser.fake_workbench import FakeWorkbench
from tests.support.browser import chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def gateway() -> AsyncIterator[FakeGateway]:
    async with serving(FakeGateway()) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[FakeDesk]:
    async with serving(FakeDesk()) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def bench() -> AsyncIterator[FakeWorkbench]:
    async with serving(FakeWorkbench()) as started:
        yield started

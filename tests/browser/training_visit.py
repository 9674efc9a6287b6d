"""A visit to the workbench's pages of data, changes, talks, runs, models and history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.fake_training import FakeTraining
from tests.browser.house_visit import house_tab


@asynccontextmanager
async def at_the_workbench(
    browser: Browser, fake: FakeTraining, place: str, **options: Any
) -> AsyncIterator[Page]:
    """One tab of a fresh browser at ``place``; it may not complain of anything."""
    async with house_tab(browser, fake, **options) as (page, console):
        await page.goto(f"{fake.url}/workbench/{place}")
        await expect(page.locator(".rail")).to_be_attached()
        yield page
        assert console.without("409", "422", "403") == []

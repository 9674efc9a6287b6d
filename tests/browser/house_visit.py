"""A visit to a page of people who sign in, and the words for what all such pages have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page

from tests.browser.fake import COOKIE, FakeHouse
from tests.support.browser import Console, accessible, fresh_tab


class HouseVisit:
    """One tab."""

    def __init__(self, page: Page, console: Console) -> None:
        self.page = page
        self.console = console

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def accessible(self) -> None:
        await accessible(self.page)

    async def quiet(self, *expected: str) -> None:
        """The page is accessible, and complains of nothing but what is expected."""
        await self.accessible()
        assert self.console.without(*expected) == []


@asynccontextmanager
async def house_tab(
    browser: Browser, house: FakeHouse, *, signed_in: bool = True, **options: Any
) -> AsyncIterator[tuple[Page, Console]]:
    """A tab of somebody who is signed in, unless that is false."""
    async with fresh_tab(browser, **options) as (page, console):
        if signed_in:
            await page.context.add_cookies([{"name": COOKIE, "value": house.token(), "url": house.url}])
        yield page, console

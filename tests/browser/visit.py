"""A visit to a page with the widget, and the words for what a customer does and sees there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.fake import until
from tests.browser.fake_gateway import FakeGateway, Talk
from tests.support.browser import Console

# What the browser itself prints when a line breaks; no error of ours.
BROKEN_LINE = ("WebSocket connection", "503", "net::ERR")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "dark phone": PHONE | {"color_scheme": "dark"},
}


class Visit:
    """One tab with the widget."""

    def __init__(self, page: Page, gateway: FakeGateway, console: Console) -> None:
        self.page = page
        self.gateway = gateway
        self.console = console

    @property
    def launcher(self) -> Locator:
        return self.page.locator("setu-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Write a message")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator("setu-chat .row:not(.typing) .bubble")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def go(self, path: str = "/page", **query: str) -> None:
        await self.page.goto(f"{self.gateway.url}{path}?{urlencode(query)}")
        await self.launcher.wait_for()

    async def open(self) -> None:
        await self.launcher.click()
        await expect(self.panel).to_be_visible()
        await until(lambda: bool(self.gateway.sids))

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def tell(self, text: str) -> Talk:
        """Writes and waits until the gateway has it."""
        await self.write(text)
        await until(lambda: any(text in talk.texts() for talk in self.gateway.talks.values()))
        return next(talk for talk in self.gateway.talks.values() if text in talk.texts())

    async def taken(self) -> None:
        """The widget knows that the gateway has all that was written."""
        await expect(self.bubbles.and_(self.page.locator("[data-pending=true]"))).to_have_count(0)

    async def shown(self) -> list[str]:
        return [text.strip() for text in await self.bubbles.all_inner_texts()]

    async def shows(self, *texts: str) -> None:
        """Exactly these bubbles, in this order."""
        await expect(self.bubbles).to_have_text(list(texts), timeout=15_000)


@asynccontextmanager
async def visiting(browser: Browser, gateway: FakeGateway, **options: Any) -> AsyncIterator[Visit]:
    """A fresh browser profile with one tab; ``options`` are those of playwright's contexts."""
    context = await browser.new_context(**options)
    try:
        yield await tab(context, gateway)
    finally:
        await context.close()


@asynccontextmanager
async def chatting(browser: Browser, gateway: FakeGateway, *expected: str) -> AsyncIterator[Visit]:
    """A visit with the panel open, of which nothing is complained but what is expected."""
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        yield visit
        assert visit.console.without(*expected) == []


async def tab(context: BrowserContext, gateway: FakeGateway) -> Visit:
    """One more tab of the same profile."""
    page = await context.new_page()
    console = Console()
    console.listen(page)
    return Visit(page, gateway, console)

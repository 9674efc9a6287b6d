"""A visit to the workbench, and the words for what a trainer does and sees there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.fake_workbench import FakeWorkbench
from tests.support.browser import Console, axe


class BenchVisit:
    """One tab with the workbench, for a trainer who is signed in (unless ``signed_in`` is false)."""

    def __init__(self, page: Page, bench: FakeWorkbench, console: Console) -> None:
        self.page = page
        self.bench = bench
        self.console = console

    @property
    def message(self) -> Locator:
        return self.page.locator(".wl-message")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    @property
    def pointed(self) -> Locator:
        """The meaning that Enter would give."""
        return self.page.locator('#choices [aria-selected="true"]')

    def row(self, id: str) -> Locator:
        return self.page.locator(f".wl-row[data-id={id}]")

    def said_of(self, id: str) -> Locator:
        """What the list says that a message was labelled as."""
        return self.row(id).locator(".said")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def go(self, place: str = "#/queue") -> None:
        await self.page.goto(f"{self.bench.url}/workbench/{place}")
        await self.page.locator(".rail, setu-sign-in, .failure").first.wait_for(state="attached")

    async def label(self, place: str = "#/queue") -> None:
        """The first message of the queue is open, and what it can mean is there."""
        await self.go(place)
        await expect(self.message).to_be_visible()
        await expect(self.pointed).to_be_visible()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def place_of(self, words: str) -> tuple[float, float]:
        """Where these words stand in the open message."""
        place: list[float] = await self.message.evaluate(
            """(message, words) => {
              const walker = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = new Range();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
              }
            }""",
            words,
        )
        return place[0], place[1]

    async def opens(self, text: str) -> None:
        """The message with this in it is the open one."""
        await expect(self.message).to_contain_text(text)

    async def quiet(self, *expected: str) -> None:
        """The page is accessible and complains of nothing. Signs that move for ever are not waited for."""
        still = "a.effect.getComputedTiming().iterations === Infinity || a.finished.catch(() => 0)"
        await self.page.evaluate(f"Promise.all(document.getAnimations().map((a) => {still})).then(() => 0)")
        assert await axe(self.page) == []
        assert self.console.without(*expected) == []


@asynccontextmanager
async def at_the_bench(
    browser: Browser, bench: FakeWorkbench, *, signed_in: bool = True, **options: Any
) -> AsyncIterator[BenchVisit]:
    """A fresh browser profile with one tab; ``options`` are those of playwright's contexts."""
    options.setdefault("viewport", {"width": 1440, "height": 900})
    context = await browser.new_context(**options)
    try:
        if signed_in:
            await context.add_cookies([{"name": "setu_desk", "value": bench.token(), "url": bench.url}])
        page = await context.new_page()
        console = Console()
        console.listen(page)
        yield BenchVisit(page, bench, console)
    finally:
        await context.close()

"""A visit to the workbench, and the words for what a trainer does and sees there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.fake_workbench import FakeWorkbench
from tests.browser.house_visit import HouseVisit, house_tab
from tests.support.browser import Console


class BenchVisit(HouseVisit):
    """One tab with the workbench, for a trainer who is signed in (unless ``signed_in`` is false)."""

    def __init__(self, page: Page, bench: FakeWorkbench, console: Console) -> None:
        super().__init__(page, console)
        self.bench = bench

    @property
    def message(self) -> Locator:
        return self.page.locator(".wl-message")

    @property
    def pointed(self) -> Locator:
        """The meaning that Enter would give."""
        return self.page.locator('#choices [aria-selected="true"]')

    def row(self, id: str) -> Locator:
        return self.page.locator(f".wl-row[data-id={id}]")

    def said_of(self, id: str) -> Locator:
        """What the list says that a message was labelled as."""
        return self.row(id).locator(".said")

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


@asynccontextmanager
async def at_the_bench(browser: Browser, bench: FakeWorkbench, **options: Any) -> AsyncIterator[BenchVisit]:
    """``options`` are ``signed_in`` and those of playwright's contexts."""
    async with house_tab(browser, bench, **options) as (page, console):
        yield BenchVisit(page, bench, console)

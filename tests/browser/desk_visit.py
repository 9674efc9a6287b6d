"""A visit to the desk, and the words for what an agent does and sees there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.fake_desk import FakeDesk
from tests.browser.house_visit import HouseVisit, house_tab
from tests.support.browser import Console
from tests.support.waiting import until


class DeskVisit(HouseVisit):
    """One tab with the desk, for an agent who is signed in (unless ``signed_in`` is false)."""

    def __init__(self, page: Page, desk: FakeDesk, console: Console) -> None:
        super().__init__(page, console)
        self.desk = desk

    @property
    def field(self) -> Locator:
        return self.page.locator("setu-composer textarea")

    @property
    def messages(self) -> Locator:
        return self.page.locator(".log .text")

    def row(self, talk_id: str) -> Locator:
        return self.page.locator(f".row[data-id={talk_id}]")

    def message(self, number: int) -> Locator:
        return self.page.locator(f'.message[data-number="{number}"]')

    def tick(self, number: int, name: str) -> Locator:
        return self.message(number).get_by_role("img", name=name, exact=True)

    def group(self, who: str) -> Locator:
        """The groups of messages of a kind: customer, bot, you, colleague, note."""
        return self.page.locator(f".group.{who}")

    async def go(self, place: str = "#/queue") -> None:
        await self.page.goto(f"{self.desk.url}/desk/{place}")
        await self.page.locator("setu-rail, setu-sign-in").first.wait_for(state="attached")

    async def open(self, talk_id: str, view: str = "mine") -> None:
        """The talk on the screen, with the live connection up."""
        await self.go(f"#/{view}/{talk_id}")
        await expect(self.page.locator(".talk-head h1")).to_be_visible()
        await self.live(talk_id)

    async def live(self, talk_id: str) -> None:
        await self.desk.until(lambda: talk_id in self.desk.watched)

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def shown(self) -> list[str]:
        return [text.strip() for text in await self.messages.all_inner_texts()]

    async def shows(self, *texts: str) -> None:
        """Exactly these messages last, in this order."""

        async def in_order() -> bool:
            return (await self.shown())[-len(texts) :] == list(texts)

        await until(in_order, 15)


@asynccontextmanager
async def at_the_desk(browser: Browser, desk: FakeDesk, **options: Any) -> AsyncIterator[DeskVisit]:
    """``options`` are ``signed_in`` and those of playwright's contexts."""
    async with house_tab(browser, desk, **options) as (page, console):
        yield DeskVisit(page, desk, console)

"""The desk at the real gateway, with customers on a platform: files, failures, one person on two channels."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from handoff.channels.base import Capabilities, SendFailed
from handoff.channels.registry import Channels
from handoff.channels.web import WebChannel
from handoff.conversations.inbound import Inbound
from handoff.delivery.dispatcher import Dispatcher
from tests.browser.test_desk_gateway import signed_in
from tests.support.browser import accessible, fresh_tab
from tests.support.conversations import said, wish
from tests.support.databases import create_tables
from tests.support.fake_platform import Pigeons
from tests.support.gateway import Gateway, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

CAN = Capabilities(text_limit=1000, files=True, images=True, reply_window=timedelta(hours=1))


class Loft:
    """A gateway with a page and a platform of pigeons; what it owes the platform is pushed when told."""

    def __init__(self, running: Gateway, pigeons: Pigeons, channels: Channels) -> None:
        self.running = running
        self.pigeons = pigeons
        self._dispatcher = Dispatcher(running.conversations.context, channels, running.inboxes)
        self._said = 0

    async def says(self, text: str, contact: str = "p-1") -> str:
        """A customer on the platform; returns the conversation's id."""
        self._said += 1
        message = Inbound(contact=contact, text=text, external_id=f"m-{self._said}", name="Anna Bell")
        inbox = await self.running.inboxes.get("loft")
        receipt = await self.running.conversations.receive(inbox, message)
        await receipt.done()
        return receipt.conversation.id

    async def push(self) -> None:
        while await self._dispatcher.once():
            pass


@pytest_asyncio.fixture(loop_scope="session")
async def loft(tmp_path: Path) -> AsyncIterator[Loft]:
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    pigeons = Pigeons(CAN)
    channels = Channels({"web": WebChannel(), "pigeon": pigeons})
    async with gateway(url, channels=channels, home=tmp_path) as running:
        running.bot.answer = lambda _request: wish()
        await running.inboxes.create("pigeon", "North tower", inbox_id="loft")
        yield Loft(running, pigeons, channels)


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, loft: Loft) -> AsyncIterator[Page]:
    async with fresh_tab(browser) as (opened, console):
        yield opened
        assert console.without("409") == []


async def claim(page: Page, conversation_id: str) -> None:
    await page.locator(f".row[data-id='{conversation_id}']").click()
    await page.get_by_role("button", name="Claim", exact=True).last.click()
    await expect(page.locator(".talk-head .status")).to_have_text("With you")


async def test_a_reply_with_a_file_goes_out_and_its_tick_follows(page: Page, loft: Loft) -> None:
    await signed_in(page, loft.running, "Maria")
    id = await loft.says("Where is my invoice?")
    await claim(page, id)
    await page.set_input_files(
        "setu-composer input[type=file]",
        [{"name": "invoice.txt", "mimeType": "text/plain", "buffer": b"one lamp, paid"}],
    )
    await expect(page.locator(".tray li.ready")).to_have_count(1)
    field = page.locator("setu-composer textarea")
    await field.fill("Here it is")
    await field.press("Enter")
    own = page.locator(".group.you")
    await expect(own.get_by_role("img", name="Waiting to be sent")).to_be_visible()
    link = own.get_by_role("link", name=re.compile("invoice.txt"))
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "invoice.txt"
    await loft.push()
    await expect(own.get_by_role("img", name="Sent", exact=True)).to_be_visible()
    parts = [one.part for one in loft.pigeons.sent]
    assert "Here it is" in [part.text for part in parts]
    assert "invoice.txt" in [part.file.name for part in parts if part.file]
    await accessible(page)


async def test_what_the_platform_refused_says_why_and_goes_out_when_sent_again(
    page: Page, loft: Loft
) -> None:
    await signed_in(page, loft.running, "Maria")
    await claim(page, await loft.says("Hello?"))
    await loft.push()
    loft.pigeons.failure = SendFailed("the loft is shut", final=True, code="blocked")
    field = page.locator("setu-composer textarea")
    await field.fill("I am here")
    await field.press("Enter")
    await expect(page.locator(".group.you")).to_contain_text("I am here")
    await loft.push()
    letter = page.locator(".group.you .message").last
    await expect(letter).to_contain_text("Not delivered. The customer has blocked us")
    await page.reload()
    await expect(letter).to_contain_text("Not delivered. The customer has blocked us")
    loft.pigeons.failure = None
    await letter.get_by_role("button", name="Send again").click()
    await expect(letter.get_by_role("img", name="Waiting to be sent")).to_be_visible()
    await loft.push()
    await expect(letter.get_by_role("img", name="Sent", exact=True)).to_be_visible()
    assert [one.part.text for one in loft.pigeons.sent].count("I am here") == 1


async def test_two_channels_of_one_person_are_joined_and_parted(page: Page, loft: Loft) -> None:
    await signed_in(page, loft.running, "Maria")
    loft.running.bot.answer = lambda _request: said("The bot here")
    await loft.says("I wrote before", contact="p-2")
    loft.running.bot.answer = lambda _request: wish()
    id = await loft.says("Same person here")
    await claim(page, id)
    await page.keyboard.press("l")
    dialog = page.locator("dialog[open]")
    await expect(dialog).to_contain_text("Same name")
    await dialog.get_by_role("button", name="Merge…").click()
    await dialog.get_by_role("button", name="Merge", exact=True).click()
    await expect(dialog).to_contain_text("Merged by Maria")
    await page.keyboard.press("Escape")
    card = page.get_by_role("complementary", name="Hand-off card")
    await expect(card.get_by_role("listitem").filter(has_text="North tower")).to_have_count(2)
    await loft.says("and I go on here", contact="p-2")
    await expect(page.locator(".log .text").last).to_have_text("and I go on here")
    await page.keyboard.press("l")
    await dialog.get_by_role("button", name="Undo").click()
    await dialog.get_by_role("button", name="Part", exact=True).click()
    await expect(dialog).to_contain_text("Undone")

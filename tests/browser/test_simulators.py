"""The page with the phones, in a real browser: a newcomer is a customer on every platform."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Locator, Page, expect

from handoff.simulators import Customer, Faults, Simulator
from handoff.simulators.world import Card, Content, Tap
from tests.browser.fake import until
from tests.browser.visit import PHONE
from tests.support.browser import Console, accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLATFORMS = ("messenger", "instagram", "whatsapp", "telegram")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def a_picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (120, 80), (180, 120, 90)).save(held, "PNG")
    return held.getvalue()


@dataclass
class Shop:
    """A business that takes every webhook, and its customers by platform."""

    simulator: Simulator
    customers: dict[str, Customer]

    def answer(self, platform: str, **content: Any) -> None:
        customer = self.customers[platform]
        self.simulator.show(customer.account, customer.thread, Content(**content))


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        return 200

    simulator = Simulator(seed=3, post=post)
    async with simulator.serving():
        customers = {}
        for platform in PLATFORMS:
            account = simulator.account(platform)  # type: ignore[arg-type]
            account.point("http://127.0.0.1:8000/webhooks/x")
            customers[platform] = simulator.customer(account, "Maya Fernandes")
        yield Shop(simulator, customers)


@asynccontextmanager
async def visiting(browser: Browser, shop: Shop, **options: Any) -> AsyncIterator[tuple[Page, Console]]:
    context = await browser.new_context(**options)
    page = await context.new_page()
    console = Console()
    console.listen(page)
    await page.goto(shop.simulator.api_url)
    await page.locator(".device").first.wait_for()
    try:
        yield page, console
    finally:
        await context.close()


def phone(page: Page, platform: str) -> Locator:
    return page.locator(f".phone.{platform}")


async def test_what_is_written_and_tapped_goes_to_the_shop_and_its_answers_are_shown(
    browser: Browser, shop: Shop
) -> None:
    maya = shop.customers["whatsapp"]
    async with visiting(browser, shop) as (page, console):
        here = phone(page, "whatsapp")
        await here.get_by_role("textbox").fill("where is my order?")
        await here.get_by_role("button", name="Send", exact=True).click()
        await until(lambda: [said.text for said in maya.said] == ["where is my order?"])
        shop.answer("whatsapp", text="It comes tomorrow.", taps=(Tap("Thanks", "/thank"),))
        await here.get_by_role("button", name="Thanks").click()
        await until(lambda: [said.payload for said in maya.said][-1:] == ["/thank"])
        await until(lambda: maya.seen[0].state == "read")
        assert console.errors == []


async def test_cards_choices_and_rows_are_tapped(browser: Browser, shop: Shop) -> None:
    maya = shop.customers["messenger"]
    maya.say("hi")
    async with visiting(browser, shop) as (page, _):
        here = phone(page, "messenger")
        cards = tuple(
            Card(name, "€ 49", "", (Tap("Take it", f"/take {name}"),)) for name in ("Dress", "Scarf")
        )
        shop.answer("messenger", cards=cards)
        await here.get_by_role("button", name="Take it").nth(1).click()
        shop.answer("messenger", text="Sure?", taps=(Tap("Yes", "/yes", "choice"),))
        await here.get_by_role("button", name="Yes").click()
        rows = tuple(Tap(f"Row {n}", f"/row {n}", "row") for n in range(3))
        shop.answer("messenger", text="Which?", taps=rows, menu="Choose")
        await here.get_by_text("Choose").click()
        await here.get_by_role("button", name="Row 2").click()
        await until(lambda: len(maya.said) == 4)
        assert [said.payload for said in maya.said[1:]] == ["/take Scarf", "/yes", "/row 2"]


async def test_a_picture_is_sent_a_message_changed_and_taken_back(browser: Browser, shop: Shop) -> None:
    maya = shop.customers["telegram"]
    async with visiting(browser, shop) as (page, console):
        here = phone(page, "telegram")
        data = a_picture()
        picture = {"name": "me.png", "mimeType": "image/png", "buffer": data}
        await here.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
        await expect(here.get_by_role("img", name="me.png")).to_be_visible()
        assert [said.file.data for said in maya.said if said.file] == [data]
        said = maya.say("helo")
        await here.get_by_text("helo").hover()
        await here.get_by_label("More for this message").nth(1).click()
        await here.get_by_role("button", name="Edit").click()
        await here.get_by_role("textbox").fill("hello")
        await here.get_by_role("button", name="Save").click()
        await expect(here.get_by_text("edited")).to_be_visible()
        maya.unsend(said)
        await expect(here.get_by_text("This message was taken back")).to_be_visible()
        assert console.errors == []


async def test_a_person_answers_from_the_pages_own_inbox(browser: Browser, shop: Shop) -> None:
    maya = shop.customers["instagram"]
    maya.say("hi")
    async with visiting(browser, shop) as (page, _):
        here = phone(page, "instagram")
        await here.get_by_label("More for this phone").click()
        await here.get_by_role("button", name="Answer from the page's own inbox").click()
        await here.get_by_label("As a person, in Instagram's own inbox").fill("Joe here")
        await here.get_by_role("button", name="Answer", exact=True).click()
        await expect(here.get_by_text("A person, from the page's own inbox")).to_be_visible()
        assert [(shown.text, shown.by) for shown in maya.seen] == [("Joe here", "person")]


async def test_time_outage_and_faults_are_set_on_the_page_and_what_was_refused_is_told(
    browser: Browser, shop: Shop
) -> None:
    simulator = shop.simulator
    async with visiting(browser, shop) as (page, _):
        await page.get_by_role("button", name="25 hours later").click()
        await until(lambda: simulator.clock.ahead == 25 * 3600)
        await page.get_by_role("switch", name="The platforms are down").click()
        await until(lambda: simulator.dark)
        await page.get_by_role("switch", name="The platforms are down").click()
        await until(lambda: not simulator.dark)
        await page.get_by_role("switch", name="Deliver a third twice").click()
        await page.get_by_role("switch", name="Refuse a fifth").click()
        await until(lambda: simulator.faults == Faults(duplicates=1 / 3, fail_before=0.2))
        simulator.note("refused", "403 (#10) outside of allowed window")
        await expect(page.get_by_text("(#10) outside of allowed window")).to_be_visible()


async def test_on_a_narrow_screen_one_phone_is_shown_at_a_time(browser: Browser, shop: Shop) -> None:
    async with visiting(browser, shop, **PHONE) as (page, _):
        await expect(phone(page, "messenger")).to_be_visible()
        await expect(phone(page, "telegram")).to_be_hidden()
        await page.get_by_role("button", name="Telegram").click()
        await expect(phone(page, "telegram")).to_be_visible()
        await expect(phone(page, "messenger")).to_be_hidden()


LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "persian": {"locale": "fa-IR"},
}


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_and_nothing_overflows(browser: Browser, shop: Shop, look: str) -> None:
    for platform in PLATFORMS:
        said = shop.customers[platform].say("where is my order?")
        shop.answer(
            platform,
            text="It comes tomorrow.",
            taps=(Tap("Thanks", "/thank"), Tap("See", "https://a.example", "url")),
        )
        shop.answer(platform, cards=(Card("Dress", "€ 49", "", (Tap("Take it", "/take"),)),))
        shop.answer(platform, text="Which?", taps=(Tap("Row", "/row", "row", "the first"),), menu="Choose")
        shop.answer(platform, text="Sure?", taps=(Tap("Yes", "/yes", "choice"),))
        shop.customers[platform].react(said, "👍")
    async with visiting(browser, shop, **LOOKS[look]) as (page, console):
        await expect(page.get_by_text("Sure?").first).to_be_visible()
        await accessible(page)
        assert await page.evaluate(TOO_WIDE) <= 0
        if look == "persian":
            assert await page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert console.errors == []

"""The demo shop's page on the real gateway: the shelf, being a customer, trying a sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browser import Console, accessible
from tests.support.processes import running
from tests.support.servers import Place, gateway, healthy

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a gateway with the demo shop, a bot that says back what it hears behind it."""
    place = Place(tmp_path_factory.mktemp("demo"))
    for command in ("migrate", "seed"):
        words = [sys.executable, "-m", "handoff.cli", command]
        subprocess.run(words, env=place.env, cwd=ROOT, check=True, capture_output=True)
    bot = place.env["SETU_BOT_URLS"]
    words = [sys.executable, "-m", "tests.support.fake_bot", bot.rpartition(":")[2]]
    log = place.folder / "bot.log"
    with (
        running(words, log, lambda: healthy(bot), env=place.env, cwd=ROOT, seconds=60),
        gateway(place) as server,
    ):
        yield server.url


@asynccontextmanager
async def visitor(browser: Browser, shop: str, **options: object) -> AsyncIterator[Page]:
    context = await browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
    page = await context.new_page()
    console = Console()
    console.listen(page)
    await page.goto(shop)
    await page.locator("setu-chat .launcher").wait_for()
    yield page
    assert console.errors == []
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, shop: str) -> AsyncIterator[Page]:
    async with visitor(browser, shop, locale="en-IE") as opened:
        yield opened


async def says(page: Page, *texts: str) -> None:
    await expect(page.locator("setu-chat .row:not(.typing) .bubble")).to_have_text(list(texts))


async def become(page: Page, name: str) -> None:
    option = page.get_by_role("option", name=re.compile(name))
    async with page.expect_response("**/start"):
        await page.get_by_label("You are").select_option(value=await option.get_attribute("value"))
    await page.locator("setu-chat .launcher").wait_for()


async def test_the_shelf_shows_products_with_pictures_and_prices(page: Page) -> None:
    products = page.locator(".product")
    await expect(products).to_have_count(24)
    await expect(products.first.locator("img")).to_have_js_property("naturalWidth", 400)
    await expect(products.first.locator("b")).to_contain_text("€")


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
async def test_axe_finds_nothing_with_the_chat_closed_or_open(
    browser: Browser, shop: str, look: dict[str, object]
) -> None:
    async with visitor(browser, shop, **look) as page:
        await accessible(page)
        await page.get_by_role("button", name="Ask us anything").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await accessible(page)


async def test_a_sentence_goes_into_the_chat_and_is_answered_once_sent(page: Page) -> None:
    await page.get_by_role("button", name="What size should I take?").click()
    field = page.get_by_role("textbox")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("What size should I take?")
    await field.press("Enter")
    await says(page, "What size should I take?", "re: What size should I take?")


async def test_a_product_can_be_asked_about(page: Page) -> None:
    title = await page.locator(".product h3").first.inner_text()
    await page.get_by_role("button", name=f"Ask about it: {title}").first.click()
    await expect(page.get_by_role("textbox")).to_have_value(f"Tell me more about the {title}")


async def test_the_talk_of_a_visitor_goes_on_when_they_turn_out_to_be_a_customer(page: Page) -> None:
    await page.get_by_role("button", name="Where is my order?").click()
    await page.get_by_role("textbox").press("Enter")
    await says(page, "Where is my order?", "re: Where is my order?")
    await become(page, "Ananya")
    await says(page, "Where is my order?", "re: Where is my order?")
    await page.reload()
    await expect(page.get_by_label("You are")).to_have_value(re.compile(".+"))
    await page.locator("setu-chat .launcher").click()
    await says(page, "Where is my order?", "re: Where is my order?")


async def test_a_customers_talk_is_not_shown_to_the_next_visitor(page: Page) -> None:
    await become(page, "Ananya")
    await page.get_by_role("button", name="How many points do I have?").click()
    await page.get_by_role("textbox").press("Enter")
    await expect(page.get_by_text("re: How many points do I have?")).to_be_visible()
    async with page.expect_response("**/start"):
        await page.get_by_label("You are").select_option(value="")
    await expect(page.get_by_role("textbox")).to_be_visible()
    await says(page)


async def test_another_region_has_other_prices(page: Page) -> None:
    await page.get_by_label("Language and region").select_option(value="en-IN")
    await expect(page.locator(".product b").first).to_contain_text("₹")

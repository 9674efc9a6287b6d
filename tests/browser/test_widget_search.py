"""The search of the help articles in the widget."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import PHONE, Visit, chatting, visiting
from tests.support.browser import accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = {
    "title": "What a return costs",
    "article": "Returning something",
    "text": "Sending it back costs nothing. <b>Really</b>.",
    "url": "/help/en/returns#s2",
    "language": "en",
    "direction": "ltr",
    "other": "",
}
PERSIAN = {
    **ANSWER,
    "title": "هزینه",
    "text": "رایگان است.",
    "url": "javascript:alert(1)",
    "language": "fa",
    "direction": "rtl",
    "other": "Persian",
}


@pytest.fixture
def gateway(gateway: FakeGateway) -> FakeGateway:
    gateway.answers = [ANSWER, PERSIAN]
    return gateway


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, gateway: FakeGateway) -> AsyncIterator[Visit]:
    async with chatting(browser, gateway) as started:
        yield started


async def seek(visit: Visit, text: str) -> None:
    await visit.button("Search the help").click()
    field = visit.page.get_by_role("searchbox")
    await expect(field).to_be_focused()
    await field.fill(text)
    await field.press("Enter")


async def test_answers_are_links_that_open_beside_the_talk(visit: Visit, gateway: FakeGateway) -> None:
    await visit.field.fill("a draft")
    await seek(visit, "is returning free")
    link = visit.panel.get_by_role("link", name="What a return costs (opens in a new tab)")
    await expect(link).to_have_attribute("href", f"{gateway.url}/help/en/returns#s2")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(visit.panel.get_by_text("2 answers")).to_be_visible()
    assert gateway.searches == [("is returning free", "en")]
    await visit.button("Back to the chat").click()
    await expect(visit.field).to_be_focused()
    await expect(visit.field).to_have_value("a draft")


async def test_what_an_article_says_stays_text_and_its_address_harmless(visit: Visit) -> None:
    await seek(visit, "is returning free")
    await expect(visit.panel.get_by_text("<b>Really</b>")).to_be_visible()
    item = visit.panel.get_by_role("listitem").nth(1)
    assert await item.locator("a").get_attribute("href") is None


async def test_an_answer_in_another_language_says_so(visit: Visit) -> None:
    await seek(visit, "is returning free")
    item = visit.panel.get_by_role("listitem").nth(1)
    await expect(item).to_contain_text("in Persian")
    assert (await item.get_attribute("lang"), await item.get_attribute("dir")) == ("fa", "rtl")


async def test_nothing_found_leads_back_to_the_chat(visit: Visit, gateway: FakeGateway) -> None:
    gateway.answers = []
    await seek(visit, "weather")
    await expect(visit.panel.get_by_text("Nothing found. Ask us in the chat instead.")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("searchbox")).to_have_count(0)
    await expect(visit.panel).to_be_visible()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
async def test_axe_finds_nothing_in_it(
    browser: Browser, gateway: FakeGateway, look: dict[str, object]
) -> None:
    async with visiting(browser, gateway, reduced_motion="reduce", **look) as visit:
        await visit.go()
        await visit.open()
        await seek(visit, "is returning free")
        await expect(visit.panel.get_by_role("listitem")).to_have_count(2)
        await accessible(visit.page)

"""Answers suggested to the agent: read, put into the field, changed, sent by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.desk_visit import DeskVisit, at_the_desk
from tests.browser.fake_desk import FakeDesk
from tests.browser.visit import PHONE
from tests.support.browser import accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARTICLE = {
    "kind": "article",
    "title": "What a return costs",
    "article": "Returning something",
    "text": "With the label from the mail sending it back costs nothing.",
    "url": "https://shop.test/help/en/returns#s2",
    "language": "en",
    "direction": "ltr",
    "other": "",
}
PERSIAN = ARTICLE | {
    "title": "هزینه",
    "text": "رایگان است.",
    "language": "fa",
    "direction": "rtl",
    "other": "Persian",
}
CANNED = {"kind": "canned", "title": "/photo", "text": "Thank you {customer}, could you describe the damage?"}


@pytest.fixture
def desk(desk: FakeDesk) -> FakeDesk:
    desk.suggestions = [ARTICLE, PERSIAN, CANNED]
    return desk


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, desk: FakeDesk) -> AsyncIterator[DeskVisit]:
    async with at_the_desk(browser, desk) as started:
        yield started
        assert started.console.errors == []


async def test_one_click_puts_a_passage_and_its_link_into_the_field_and_sends_nothing(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    await visit.page.locator(".suggest").first.click()
    await expect(visit.field).to_have_value(f"{ARTICLE['text']}\n\n{ARTICLE['url']}")
    await expect(visit.field).to_be_focused()
    await expect(visit.page.locator(".suggest")).to_have_count(0)
    assert desk.called("/reply") == []


async def test_one_key_takes_the_first(visit: DeskVisit) -> None:
    await visit.open("t-priya")
    await expect(visit.page.locator(".suggest")).to_have_count(3)
    await visit.page.keyboard.press("a")
    await expect(visit.field).to_have_value(f"{ARTICLE['text']}\n\n{ARTICLE['url']}")


async def test_a_canned_reply_is_filled_in_like_any_other(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await visit.page.locator(".suggest").last.click()
    name = desk.talks["t-priya"].row["contact"]["name"]
    await expect(visit.field).to_have_value(f"Thank you {name}, could you describe the damage?")


async def test_a_new_message_of_the_customer_brings_new_suggestions(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await expect(visit.page.locator(".suggest")).to_have_count(3)
    desk.suggestions = [CANNED]
    talk = desk.talks["t-priya"]
    await desk.tell(talk, talk.add("customer", "And is that free?"))
    await expect(visit.page.locator(".suggest")).to_have_count(1)


async def test_there_are_none_for_a_talk_of_somebody_else(visit: DeskVisit) -> None:
    await visit.open("t-aarav", view="queue")
    await expect(visit.page.locator(".closed")).to_be_visible()
    await expect(visit.page.locator(".suggest")).to_have_count(0)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
async def test_axe_finds_nothing_in_them(browser: Browser, desk: FakeDesk, look: dict[str, Any]) -> None:
    async with at_the_desk(browser, desk, **look) as visit:
        await visit.open("t-priya")
        await expect(visit.page.locator(".suggest")).to_have_count(3)
        await accessible(visit.page)

"""A label that the training data deny: told at once, shown with its place, decided by who gave it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.fake import serving
from tests.browser.fake_workbench import FakeWorkbench
from tests.browser.workbench_visit import at_the_bench

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = [
    {
        "file": "data/nlu/en/orders.yml",
        "line": 1123,
        "intents": ["cancel_order"],
        "text": "please cancel my order",
    },
    {"file": "tests/nlu/shop_en.jsonl", "line": 7, "intents": ["get_refund", "return_item"], "text": None},
    {"file": "data/foreign/en.yml", "line": 2, "intents": [], "text": "send it to the moon"},
]


@pytest_asyncio.fixture(loop_scope="session")
async def bench() -> AsyncIterator[FakeWorkbench]:
    async with serving(FakeWorkbench()) as started:
        started.agreement["disagreements"] = []
        yield started


async def test_what_the_data_deny_is_told_shown_and_decided(browser: Browser, bench: FakeWorkbench) -> None:
    bench.against["u-boots"] = PLACES
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        notice = visit.page.locator(".wl-against")
        await expect(notice).to_have_count(0)
        await visit.press("Enter")
        toast = visit.page.locator(".toast.bad a")
        await expect(toast).to_contain_text("the training data say otherwise")
        await toast.click()
        await visit.opens("brown boots")
        rows = notice.locator("li")
        await expect(rows).to_have_count(3)
        await expect(rows.nth(0)).to_contain_text("Cancel an order")
        await expect(rows.nth(0)).to_contain_text("data/nlu/en/orders.yml:1123")
        await expect(rows.nth(1)).to_contain_text("Get a refund + Return an item")
        await expect(rows.nth(1)).to_contain_text("in a test that measures the bot")
        await expect(rows.nth(2)).to_contain_text("Not for us")
        links = notice.locator("a")
        await expect(links).to_have_count(1)  # tests are not to be read, foreign texts are no examples
        href = "#/data/examples?q=please+cancel+my+order&intent=cancel_order"
        assert await links.get_attribute("href") == href
        await visit.quiet()
        await expect(notice.locator("button")).to_contain_text("It does mean: Return an item")
        await visit.press("y")
        await expect(notice).to_have_count(0)
        [decided] = bench.called("/utterances/u-boots/settle")
        assert (decided["kind"], decided["intent"]) == ("intent", "return_item")


async def test_a_label_taken_back_is_denied_no_longer(browser: Browser, bench: FakeWorkbench) -> None:
    bench.against["u-boots"] = PLACES[:1]
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("Enter")
        await expect(visit.page.locator(".toast.bad")).to_be_visible()
        await visit.press("u")
        await visit.opens("brown boots")
        await expect(visit.page.locator(".wl-against")).to_have_count(0)


async def test_what_a_colleague_said_against_the_data_is_shown_without_a_decision(
    browser: Browser, bench: FakeWorkbench
) -> None:
    one = bench.utterances["u-boots"]
    one |= {"state": "labelled", "contradiction": {"labels": [], "data": PLACES[:1]}}
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-boots?view=contradicting")
        notice = visit.page.locator(".wl-against")
        await expect(notice).to_contain_text("nearly the same text means")
        await expect(notice.locator("button")).to_have_count(0)

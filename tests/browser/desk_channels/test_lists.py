"""The lists: what is answered elsewhere, and only one channel or inbox."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_channels import INBOXES
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_answered_elsewhere_has_its_list_and_is_brought_here(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.go()
    await expect(visit.page.get_by_role("link", name=re.compile("^Elsewhere"))).to_have_count(0)
    talk = desk.new_talk("t-else", "Farid Ahmed", "en-IN", "instagram", "elsewhere")
    talk.add("customer", "Is it back?")
    talk.add("agent", "From Monday!", rich={"elsewhere": True})
    await visit.page.reload()
    await visit.page.get_by_role("link", name=re.compile("^Elsewhere")).click()
    await expect(visit.row("t-else")).to_contain_text("Elsewhere: From Monday!")
    await visit.row("t-else").click()
    await expect(visit.group("elsewhere")).to_have_attribute("aria-label", "Answered elsewhere")
    await expect(visit.page.locator(".talk-head .status")).to_have_text("Answered elsewhere")
    await expect(visit.page.locator("setu-composer")).to_contain_text("Somebody answers in another tool")
    await visit.accessible()
    await visit.page.keyboard.press("c")
    await expect(visit.page.locator(".talk-head .status")).to_have_text("With you")
    await expect(visit.field).to_be_visible()


async def test_lists_are_narrowed_to_a_channel_and_stay_so_when_news_comes(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.inboxes = INBOXES
    await visit.go("#/mine")
    await expect(visit.row("t-james")).to_be_visible()
    narrow = visit.page.get_by_label("Show only")
    await narrow.select_option(label="Shop WhatsApp")
    await expect(visit.row("t-james")).to_have_count(0)
    await expect(visit.row("t-priya")).to_be_visible()
    assert desk.channels.asked[-1] == {"view": "mine", "channel": None, "inbox": "i-wa"}
    await desk.customer_says("t-james", "I write by the page")
    await desk.customer_says("t-priya", "and I by phone")
    await expect(visit.row("t-priya")).to_contain_text("and I by phone")
    await expect(visit.row("t-james")).to_have_count(0)
    await narrow.select_option(label="All of Messenger")
    await expect(visit.page.locator("setu-list")).to_contain_text("Nothing here on this channel")
    await desk.until(lambda: desk.channels.asked[-1]["channel"] == "messenger")
    await narrow.select_option(label="All channels")
    await expect(visit.row("t-james")).to_be_visible()

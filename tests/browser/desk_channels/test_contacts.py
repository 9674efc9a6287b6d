"""Several contacts of one person: by which channel they write, codes, merging, parting."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.desk_channels.parts import contacts, linkable
from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_with_several_contacts_each_message_says_by_which_channel_it_came(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    contacts(desk, priya)
    priya.add("customer", "I wrote this on the page", contact_id="k-web")
    priya.add("customer", "and this on my phone")
    await visit.open("t-priya")
    await expect(visit.group("customer")).to_have_count(3)
    await expect(visit.group("customer").nth(1)).to_contain_text("by Web chat")
    await expect(visit.group("customer").nth(2)).to_contain_text("by WhatsApp")
    card = visit.page.get_by_role("complementary", name="Hand-off card")
    await expect(card.get_by_role("listitem").filter(has_text="Shop WhatsApp")).to_contain_text(
        "Answers go here"
    )
    await expect(visit.row("t-priya")).to_contain_text("+1")
    await visit.button("Writes by Web chat too").click()
    await expect(visit.dialog.get_by_role("heading", name="Other channels of this person")).to_be_visible()


async def test_one_channel_alone_is_named_in_list_and_head_only(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    await visit.open("t-priya")
    await expect(visit.page.locator(".talk-head .channel")).to_have_text(re.compile("WhatsApp Shop WhatsApp"))
    await expect(visit.row("t-priya").locator(".channel")).to_contain_text("Shop WhatsApp")
    await expect(visit.page.locator(".via")).to_have_count(0)


async def test_a_code_is_sent_to_the_other_channel(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    linkable(desk)
    await visit.open("t-priya")
    await visit.page.keyboard.press("l")
    await visit.dialog.get_by_role("button", name="Send a code there").click()
    await expect(visit.dialog.get_by_role("status")).to_contain_text("A code is on its way by Telegram")
    assert desk.called("/links/code") == [{"contact_id": "k-tg"}]
    await visit.accessible()


async def test_a_merge_is_confirmed_shown_and_undone_by_keyboard(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    linkable(desk)
    await visit.open("t-priya")
    press = visit.page.keyboard.press
    await press("l")
    await visit.dialog.get_by_role("button", name="Merge…").focus()
    await press("Enter")
    await expect(visit.dialog.get_by_role("button", name="Merge", exact=True)).to_be_focused()
    assert desk.called("/links/merge") == []
    await press("Enter")
    await expect(visit.dialog).to_contain_text("Merged by Meera Nair")
    assert desk.called("/links/merge") == [{"conversation_id": "t-tg"}]
    await expect(visit.button("Close")).to_be_focused()
    await visit.dialog.get_by_role("button", name="Undo").click()
    await visit.dialog.get_by_role("button", name="Part", exact=True).click()
    await expect(visit.dialog).to_contain_text("Undone")
    assert len(desk.called("/links/l-1/undo")) == 1
    await press("Escape")
    await expect(visit.dialog).to_have_count(0)


async def test_a_refused_merge_says_why_in_the_dialog(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    linkable(desk)
    await visit.open("t-priya")
    await visit.page.keyboard.press("l")
    desk.refuse = (409, "moved_on", "Somebody else has that conversation.")
    await visit.dialog.get_by_role("button", name="Merge…").click()
    await visit.dialog.get_by_role("button", name="Merge", exact=True).click()
    await expect(visit.dialog.get_by_role("alert")).to_have_text("Somebody else has that conversation.")


async def test_what_was_merged_leads_to_where_its_talk_goes_on(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.talks["t-james"].row["merged_into"] = "t-priya"
    await visit.go("#/mine/t-james")
    await expect(visit.page.locator(".talk-head h1")).to_have_text("Priya Iyer")
    await expect(visit.row("t-james")).to_have_count(0)


async def test_what_was_said_before_both_talks_became_one_unfolds_in_its_place(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    before = Talk(priya.row | {"id": "t-before", "status": "resolved", "merged_into": "t-priya"})
    before.add("customer", "Do you ship to Pune?")
    before.add("bot", "Yes, in three days.")
    desk.talks["t-before"] = before
    joined = {
        "key": "threads_joined",
        "values": {"channel": "Telegram", "conversation": "t-before", "count": 2},
    }
    priya.add("system", "Joined with the talk on Telegram (2 messages)", private=True, rich=joined)
    await visit.open("t-priya")
    fold = visit.page.locator(".line.earlier")
    await expect(fold.get_by_text("Do you ship to Pune?")).to_have_count(0)
    await fold.locator("summary").click()
    await expect(fold.get_by_text("Do you ship to Pune?")).to_be_visible()
    await expect(fold.get_by_text("Yes, in three days.")).to_be_visible()
    await expect(fold.get_by_role("toolbar")).to_have_count(0)
    await visit.accessible()

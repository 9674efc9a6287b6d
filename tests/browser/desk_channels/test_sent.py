"""What becomes of what was sent: how far it got, sending it again, changing it, taking it back."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.desk_channels.parts import CHANGES, ME
from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_channels import told
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_ticks_move_on_as_the_platform_tells(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    said = priya.add("agent", "On its way", author=ME, delivery=told("due"))
    number = said["number"]
    await visit.open("t-priya")
    await expect(visit.tick(number, "Waiting to be sent")).to_be_visible()
    for state, mark, error, name in (
        ("due", None, "timeout", "The channel cannot be reached, trying again"),
        ("sent", "sent", None, "Sent"),
        ("sent", "delivered", None, "Delivered"),
        ("sent", "read", None, "Read"),
    ):
        await desk.channels.delivered("t-priya", number, state=state, mark=mark, error=error)
        await expect(visit.tick(number, name)).to_be_visible()


async def test_a_dead_letter_says_why_and_is_sent_again(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    dead = told("dead", None, "(#131026) undeliverable", "blocked")
    said = priya.add("agent", "Hello?", author=ME, delivery=dead)
    priya.add("bot", "From the bot", delivery=told("unsure", None, "ReadTimeout", "unsure"))
    await visit.open("t-priya")
    letter = visit.message(said["number"])
    await expect(letter).to_contain_text("Not delivered. The customer has blocked us")
    await expect(visit.message(4)).to_contain_text("Perhaps not delivered.")
    await visit.accessible()
    await letter.get_by_role("button", name="Send again").click()
    await expect(visit.tick(said["number"], "Waiting to be sent")).to_be_visible()
    assert len(desk.called(f"/messages/{said['number']}/resend")) == 1
    await desk.channels.delivered("t-priya", said["number"], state="dead", code="a_code_of_tomorrow")
    await expect(letter).to_contain_text("The channel refused the message.")


async def test_a_changed_message_keeps_its_tick(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    said = priya.add("agent", "Yes", author=ME, delivery=told("sent", "read"))
    await visit.open("t-priya")
    reacted = said | {"delivery": None, "rich": {"reactions": [{"emoji": "🎉", "by": "customer"}]}}
    await desk.emit("message", {"conversation_id": "t-priya", "message": reacted})
    await expect(visit.message(said["number"])).to_contain_text("🎉")
    await expect(visit.tick(said["number"], "Read")).to_be_visible()


async def test_a_reply_to_one_message_by_keyboard(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    priya.add("customer", "And the colour is wrong")
    await visit.open("t-priya")
    act = visit.message(3).get_by_role("button", name="Reply to this")
    await act.focus()
    await visit.page.keyboard.press("ArrowUp")
    await expect(visit.message(2).get_by_role("button", name="Reply to this")).to_be_focused()
    await visit.page.keyboard.press("Enter")
    await expect(visit.field).to_be_focused()
    about = visit.page.locator(".about")
    await expect(about).to_contain_text("In answer to Priya Iyer")
    await expect(about).to_contain_text("The zip broke")
    await visit.page.keyboard.type("About the zip")
    await visit.page.keyboard.press("Enter")
    await expect(visit.group("you").get_by_role("button", name=re.compile("In answer to:"))).to_be_visible()
    await expect(about).to_have_count(0)
    assert desk.called("/reply")[0]["reply_to"] == 2


async def test_an_own_message_is_changed_and_a_begun_reply_comes_back(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", can=CHANGES)
    said = priya.add("agent", "It comes on Fryday", author=ME, delivery=told("sent", "read"))
    await visit.open("t-priya")
    await visit.field.fill("a new thought")
    await visit.message(said["number"]).get_by_role("button", name="Edit").click()
    await expect(visit.field).to_have_value("It comes on Fryday")
    await visit.page.keyboard.press("Escape")
    await expect(visit.field).to_have_value("a new thought")
    await visit.message(said["number"]).get_by_role("button", name="Edit").click()
    await visit.write("It comes on Friday")
    await expect(visit.message(said["number"])).to_contain_text("It comes on Friday")
    await expect(visit.message(said["number"])).to_contain_text("edited")
    await expect(visit.field).to_have_value("a new thought")
    assert desk.called(f"/messages/{said['number']}/edit") == [{"text": "It comes on Friday"}]
    assert desk.called("/reply") == []


async def test_an_own_message_is_taken_back_after_a_question(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", can=CHANGES)
    said = priya.add("agent", "Meant for somebody else", author=ME, delivery=told("sent", "sent"))
    await visit.open("t-priya")
    await visit.message(said["number"]).get_by_role("button", name="Delete for the customer").click()
    await visit.accessible()
    await visit.dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(visit.message(said["number"])).to_contain_text("Message deleted")
    assert len(desk.called(f"/messages/{said['number']}/delete")) == 1


async def test_what_the_channel_cannot_change_is_not_offered(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    own = priya.add("agent", "Mine", author=ME, delivery=told("sent", "sent"))
    await visit.open("t-priya")
    await expect(visit.message(own["number"]).get_by_role("button", name="Reply to this")).to_have_count(1)
    for name in ("Edit", "Delete for the customer"):
        await expect(visit.page.get_by_role("button", name=name)).to_have_count(0)
    await visit.open("t-bot1", "bot")
    await expect(visit.page.get_by_role("button", name="Reply to this")).to_have_count(0)

"""What a message holds besides its words: files, places, quotes, reactions, cards; and when that changes."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.desk_channels.parts import ME
from tests.browser.desk_data import ago
from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_pictures_open_large_and_are_turned_with_the_arrow_keys(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    pictures = [desk.channels.picture("front.png"), desk.channels.picture("back.png")]
    priya.add("customer", "Here it is", rich={"files": pictures})
    await visit.open("t-priya")
    await visit.button("Show large: front.png").click()
    await expect(visit.dialog.get_by_role("heading")).to_have_text("front.png")
    await expect(visit.dialog.get_by_role("link", name="Download")).to_be_focused()
    await visit.page.keyboard.press("ArrowRight")
    await expect(visit.dialog.get_by_role("heading")).to_have_text("back.png")
    await expect(visit.dialog).to_contain_text("2 of 2")
    await visit.page.keyboard.press("ArrowRight")
    await expect(visit.dialog.get_by_role("img", name="front.png")).to_be_visible()
    await visit.accessible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.button("Show large: front.png")).to_be_focused()


async def test_voice_notes_play_and_other_files_are_downloads_with_their_size(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    voice = desk.channels.file("audio", "", b"x" * 4000, "audio/ogg")
    invoice = desk.channels.file("file", "invoice.pdf", b"x" * 182_000)
    priya.add("customer", "", rich={"files": [voice, invoice]})
    await visit.open("t-priya")
    await expect(visit.page.get_by_label("Voice message").and_(visit.page.locator("audio"))).to_be_visible()
    link = visit.page.get_by_role("link", name=re.compile("invoice.pdf"))
    await expect(link).to_contain_text("182 kB")
    async with visit.page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "invoice.pdf"
    await visit.page.goto(f"{desk.url}/desk#/mine/t-james")
    await expect(visit.row("t-priya")).to_contain_text("Voice message and one more")


async def test_a_file_says_why_it_is_not_there_and_appears_once_it_is(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    ready = desk.channels.picture("lamp.png")
    waiting = ready | {"state": "waiting"}
    others = [desk.channels.file("file", f"{state}.x") | {"state": state} for state in ("refused", "lost")]
    said = priya.add("customer", "Look", rich={"files": [waiting, *others]})
    await visit.open("t-priya")
    shown = visit.message(said["number"])
    await expect(shown).to_contain_text("being fetched…")
    await expect(shown).to_contain_text("too large or may do harm")
    await expect(shown).to_contain_text("no longer has it")
    await expect(shown.get_by_role("link")).to_have_count(0)
    await desk.channels.changed("t-priya", said, rich={"files": [ready]})
    await expect(shown.get_by_role("img", name="lamp.png")).to_be_visible()
    await expect(shown).not_to_contain_text("being fetched…")


async def test_an_edited_and_a_deleted_message_replace_what_stood_there(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    said = priya.add("customer", "Call me on 12345")
    await visit.open("t-priya")
    await desk.channels.changed("t-priya", said, text="Call me on 54321", edited_at=ago())
    await expect(visit.message(said["number"])).to_contain_text("54321")
    await expect(visit.message(said["number"])).to_contain_text("edited")
    await desk.channels.changed("t-priya", said, text="", deleted_at=ago())
    await expect(visit.message(said["number"])).to_contain_text("Message deleted")
    await expect(visit.page.locator(".log")).not_to_contain_text("54321")
    await expect(visit.message(said["number"])).to_have_count(1)


async def test_an_old_message_that_changes_is_not_fetched_with_all_that_lies_between(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    for n in range(150):
        priya.add("bot", f"line {n}")
    await visit.open("t-priya")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    await desk.channels.changed("t-priya", priya.messages[0], text="changed long ago")
    await desk.customer_says("t-priya", "and now?")
    await visit.shows("and now?")
    assert [url for url in asked if "after=" in url] == []


async def test_places_quotes_reactions_and_cards_are_shown_as_they_are(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    where = {"latitude": 28.61394, "longitude": 77.20902, "name": "Connaught Place"}
    priya.add("customer", "", rich={"location": where})
    cards = [
        {"id": "1", "title": "Arc lamp", "price": "₹7,499", "buttons": [{"title": "Buy", "payload": "/x"}]}
    ]
    priya.add("bot", "These fit", rich={"cards": cards, "buttons": [{"title": "Neither", "payload": "/n"}]})
    reaction = [{"emoji": "👍", "by": "customer"}]
    priya.add("agent", "I know that place", author=ME, rich={"reply_to": 3, "reactions": reaction})
    await visit.open("t-priya")
    place = visit.page.get_by_role("link", name=re.compile("Connaught Place"))
    await expect(place).to_have_attribute("rel", "noopener noreferrer")
    await expect(visit.message(4)).to_contain_text("Buy")
    await expect(visit.message(4)).to_contain_text("Neither")
    await expect(visit.page.get_by_role("img", name="Priya Iyer reacted with 👍")).to_be_visible()
    await visit.message(5).get_by_role("button", name=re.compile("In answer to: .*Connaught Place")).click()
    await expect(visit.message(3)).to_have_class(re.compile("found"))


async def test_a_quote_from_before_what_is_loaded_is_fetched_when_it_is_followed(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    for n in range(130):
        priya.add("bot", f"line {n}")
    priya.add("customer", "about that zip", rich={"reply_to": 2})
    await visit.open("t-priya")
    await visit.button("In answer to: an earlier message").click()
    await expect(visit.message(2)).to_be_in_viewport()
    await expect(visit.message(2)).to_contain_text("The zip broke")

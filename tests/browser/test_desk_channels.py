"""What channels bring to the desk: files, windows, deliveries, several contacts of one person."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import yaml
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.desk_data import MEERA, ago
from tests.browser.desk_visit import DeskVisit, at_the_desk
from tests.browser.fake_channels import INBOXES, png, told
from tests.browser.fake_desk import ROOT, FakeDesk, Talk, fake_desk
from tests.browser.visit import PHONE
from tests.support.browser import axe

pytestmark = pytest.mark.asyncio(loop_scope="session")

ME = {"id": MEERA["id"], "name": MEERA["name"]}
PDF = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2000}
PHOTO = {"name": "my photo.png", "mimeType": "image/png", "buffer": png(40, 30, (90, 90, 90))}
CHANGES = {"edits": True, "deletions": True}


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[FakeDesk]:
    async with fake_desk() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, desk: FakeDesk) -> AsyncIterator[DeskVisit]:
    async with at_the_desk(browser, desk) as started:
        yield started
        assert started.console.without("409", "413") == []


@pytest.fixture
def priya(desk: FakeDesk) -> Talk:
    """A conversation of the agent's own, on WhatsApp."""
    talk = desk.talks["t-priya"]
    talk.row["inbox"] = {"id": "i-wa", "name": "Shop WhatsApp", "channel": "whatsapp"}
    return talk


async def accessible(visit: DeskVisit) -> None:
    """Once nothing moves any more; signs that move for ever are not waited for."""
    still = "a.effect.getComputedTiming().iterations === Infinity || a.finished.catch(() => 0)"
    await visit.page.evaluate(f"Promise.all(document.getAnimations().map((a) => {still})).then(() => 0)")
    assert await axe(visit.page) == []


def message(visit: DeskVisit, number: int) -> Locator:
    return visit.page.locator(f'.message[data-number="{number}"]')


def tick(visit: DeskVisit, number: int, name: str) -> Locator:
    return message(visit, number).get_by_role("img", name=name, exact=True)


# --- what a message holds ---------------------------------------------------------------------------------


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
    await accessible(visit)
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
    shown = message(visit, said["number"])
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
    await expect(message(visit, said["number"])).to_contain_text("54321")
    await expect(message(visit, said["number"])).to_contain_text("edited")
    await desk.channels.changed("t-priya", said, text="", deleted_at=ago())
    await expect(message(visit, said["number"])).to_contain_text("Message deleted")
    await expect(visit.page.locator(".log")).not_to_contain_text("54321")
    await expect(message(visit, said["number"])).to_have_count(1)


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
    await expect(message(visit, 4)).to_contain_text("Buy")
    await expect(message(visit, 4)).to_contain_text("Neither")
    await expect(visit.page.get_by_role("img", name="Priya Iyer reacted with 👍")).to_be_visible()
    await message(visit, 5).get_by_role("button", name=re.compile("In answer to: .*Connaught Place")).click()
    await expect(message(visit, 3)).to_have_class(re.compile("found"))


async def test_a_quote_from_before_what_is_loaded_is_fetched_when_it_is_followed(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    for n in range(130):
        priya.add("bot", f"line {n}")
    priya.add("customer", "about that zip", rich={"reply_to": 2})
    await visit.open("t-priya")
    await visit.button("In answer to: an earlier message").click()
    await expect(message(visit, 2)).to_be_in_viewport()
    await expect(message(visit, 2)).to_contain_text("The zip broke")


# --- how far it got ---------------------------------------------------------------------------------------


async def test_ticks_move_on_as_the_platform_tells(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    said = priya.add("agent", "On its way", author=ME, delivery=told("due"))
    number = said["number"]
    await visit.open("t-priya")
    await expect(tick(visit, number, "Waiting to be sent")).to_be_visible()
    for state, mark, error, name in (
        ("due", None, "timeout", "The channel cannot be reached, trying again"),
        ("sent", "sent", None, "Sent"),
        ("sent", "delivered", None, "Delivered"),
        ("sent", "read", None, "Read"),
    ):
        await desk.channels.delivered("t-priya", number, state=state, mark=mark, error=error)
        await expect(tick(visit, number, name)).to_be_visible()


async def test_a_dead_letter_says_why_and_is_sent_again(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    dead = told("dead", None, "(#131026) undeliverable", "blocked")
    said = priya.add("agent", "Hello?", author=ME, delivery=dead)
    priya.add("bot", "From the bot", delivery=told("unsure", None, "ReadTimeout", "unsure"))
    await visit.open("t-priya")
    letter = message(visit, said["number"])
    await expect(letter).to_contain_text("Not delivered. The customer has blocked us")
    await expect(message(visit, 4)).to_contain_text("Perhaps not delivered.")
    await accessible(visit)
    await letter.get_by_role("button", name="Send again").click()
    await expect(tick(visit, said["number"], "Waiting to be sent")).to_be_visible()
    assert len(desk.called(f"/messages/{said['number']}/resend")) == 1
    await desk.channels.delivered("t-priya", said["number"], state="dead", code="a_code_of_tomorrow")
    await expect(letter).to_contain_text("The channel refused the message.")


async def test_a_changed_message_keeps_its_tick(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    said = priya.add("agent", "Yes", author=ME, delivery=told("sent", "read"))
    await visit.open("t-priya")
    reacted = said | {"delivery": None, "rich": {"reactions": [{"emoji": "🎉", "by": "customer"}]}}
    await desk.emit("message", {"conversation_id": "t-priya", "message": reacted})
    await expect(message(visit, said["number"])).to_contain_text("🎉")
    await expect(tick(visit, said["number"], "Read")).to_be_visible()


# --- the window -------------------------------------------------------------------------------------------


async def test_before_the_window_closes_a_quiet_word_says_until_when(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", closes_at=ago(hours=-20))
    await visit.open("t-priya")
    await expect(visit.field).to_be_visible()
    await expect(visit.page.locator(".window")).to_have_count(0)
    desk.channels.window("t-priya", closes_at=ago(minutes=-50))
    await desk.customer_says("t-priya", "hello")
    await expect(visit.page.locator(".window")).to_contain_text("The channel lets us answer until")
    desk.channels.window("t-priya", closes_at=ago(hours=-24))
    await desk.customer_says("t-priya", "still there?")
    await expect(visit.page.locator(".window")).to_have_count(0)


async def test_when_it_is_over_only_own_words_go_and_the_desk_says_until_when(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", open=False, closes_at=ago(hours=3), human_until=ago(hours=-140))
    await visit.open("t-priya")
    await expect(visit.page.locator(".window")).to_contain_text("only what you write yourself is delivered")
    await visit.write("I am still looking into it")
    await visit.shows("I am still looking into it")


async def test_the_window_closes_by_the_clock_while_one_looks_on(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    await visit.page.clock.install()
    desk.channels.window("t-priya", closes_at=ago(minutes=-150), templates=True)
    await visit.open("t-priya")
    await expect(visit.field).to_be_visible()
    await expect(visit.page.locator(".window")).to_have_count(0)
    await visit.page.clock.fast_forward("01:00:00")
    await expect(visit.page.locator(".window.closing")).to_be_visible()
    desk.channels.window("t-priya", open=False, template_only=True, templates=True)
    await visit.page.clock.fast_forward("02:00:00")
    await expect(visit.page.get_by_label("Template")).to_be_visible()


async def test_with_nothing_left_a_template_is_filled_previewed_and_sent_by_keyboard(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", open=False, template_only=True, templates=True)
    await visit.open("t-priya")
    await expect(visit.page.locator(".window")).to_contain_text("only a template can be sent")
    await expect(visit.field).to_have_count(0)
    press = visit.page.keyboard.press
    await press("r")
    await expect(visit.page.get_by_label("Template")).to_be_focused()
    await press("Tab")
    await visit.page.keyboard.type("Priya")
    send = visit.button("Send template")
    await expect(send).to_be_disabled()
    await press("Tab")
    await visit.page.keyboard.type("SO-100123")
    words = "Hello Priya, there is news of your order SO-100123. Write to us to hear more."
    await expect(visit.page.locator(".preview blockquote")).to_have_text(words)
    await accessible(visit)
    await press("Enter")
    await expect(visit.group("you")).to_contain_text(words)
    await expect(visit.group("you")).to_contain_text("Template parcel_news")
    [sent] = desk.called("/reply")
    assert sent["template"] == {
        "name": "parcel_news",
        "language": "en",
        "variables": ["Priya", "SO-100123"],
    }
    assert sent["text"] == words


async def test_a_closed_window_without_templates_leaves_the_note(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", open=False)
    await visit.open("t-priya")
    await expect(visit.page.locator("setu-composer")).to_contain_text("Nothing can be sent until")
    await visit.page.keyboard.press("n")
    await visit.write("Cannot answer any more")
    await expect(visit.group("note")).to_contain_text("Cannot answer any more")


async def test_in_an_open_window_a_template_can_be_chosen_and_left_again(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", templates=True)
    await visit.open("t-priya")
    await visit.field.fill("half a reply")
    await visit.button("Send a template").click()
    await visit.page.get_by_label("Template").select_option(label="sorry_late · Persian")
    await expect(visit.button("Send template")).to_be_enabled()
    await visit.button("Cancel").click()
    await expect(visit.field).to_have_value("half a reply")
    await expect(visit.field).to_be_focused()


# --- files that go out ------------------------------------------------------------------------------------


async def test_files_are_chosen_shown_taken_out_and_sent_with_the_words(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    visit.page.on("filechooser", lambda _chooser: None)  # before the key: it is not waited for
    await visit.open("t-priya")
    async with visit.page.expect_file_chooser() as chooser:
        await visit.page.keyboard.press("f")
    await (await chooser.value).set_files([PDF, PHOTO, PDF | {"name": "wrong.pdf"}])
    tray = visit.page.get_by_role("list", name="Attached files")
    await expect(tray.get_by_role("listitem")).to_have_count(3)
    await visit.button("Remove wrong.pdf").click()
    await expect(tray.get_by_role("listitem")).to_have_count(2)
    await visit.write("Here is your receipt")
    await expect(visit.group("you").get_by_role("link", name=re.compile("receipt.pdf"))).to_be_visible()
    await expect(visit.group("you").get_by_role("img", name="my photo.png")).to_be_visible()
    await expect(tray).to_have_count(0)
    [sent] = desk.called("/reply")
    assert sent["text"] == "Here is your receipt"
    names = [desk.channels.entries[key]["name"] for key in sent["files"]]
    assert names == ["receipt.pdf", "my photo.png"]


async def test_a_file_alone_is_a_message_and_waits_until_it_is_there(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.hold = asyncio.Event()
    await visit.open("t-priya")
    await visit.page.set_input_files("setu-composer input[type=file]", [PDF])
    await expect(visit.page.get_by_role("progressbar", name="Sending receipt.pdf")).to_be_visible()
    await expect(visit.button("Send")).to_be_disabled()
    await accessible(visit)
    desk.channels.hold.set()
    await visit.button("Send").click()
    await expect(visit.group("you").get_by_role("link", name=re.compile("receipt.pdf"))).to_be_visible()
    assert desk.called("/reply")[0]["text"] == ""


async def test_an_upload_can_be_stopped(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    desk.channels.hold = asyncio.Event()
    await visit.open("t-priya")
    await visit.page.set_input_files("setu-composer input[type=file]", [PDF])
    await visit.button("Stop receipt.pdf").click()
    await expect(visit.page.get_by_role("list", name="Attached files")).to_have_count(0)
    desk.channels.hold.set()
    await visit.write("Without it")
    await visit.shows("Without it")
    assert "files" not in desk.called("/reply")[0]


async def test_a_refused_file_says_why_and_is_tried_again(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.refuse = (413, "too_large", "The file is larger than 20 MB.")
    await visit.open("t-priya")
    await visit.page.set_input_files("setu-composer input[type=file]", [PDF])
    await expect(visit.page.locator(".tray").get_by_role("alert")).to_have_text(
        "The file is larger than 20 MB."
    )
    desk.channels.refuse = None
    await visit.page.get_by_role("button", name="Try again receipt.pdf").click()
    await expect(visit.button("Remove receipt.pdf")).to_be_visible()
    await visit.button("Send").click()
    await expect(visit.group("you").get_by_role("link", name=re.compile("receipt.pdf"))).to_be_visible()


GIVE = """([kind, name]) => {
  const data = new DataTransfer();
  data.items.add(new File(['x'.repeat(500)], name, {type: 'text/plain'}));
  const target = document.querySelector(kind === 'paste' ? 'setu-composer textarea' : '.talk .log');
  const options = {bubbles: true, cancelable: true};
  if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', {...options, clipboardData: data}));
  else for (const name of ['dragenter', 'dragover', kind]) {
    target.dispatchEvent(new DragEvent(name, {...options, dataTransfer: data}));
  }
}"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
async def test_files_are_pasted_and_dropped_too(
    visit: DeskVisit, desk: FakeDesk, priya: Talk, kind: str
) -> None:
    await visit.open("t-priya")
    if kind == "drop":
        await visit.page.evaluate(GIVE, ["dragover", "x"])
        await expect(visit.page.locator(".drop-here")).to_be_visible()
    await visit.page.evaluate(GIVE, [kind, "log.txt"])
    await expect(visit.button("Remove log.txt")).to_be_visible()
    await expect(visit.page.locator(".drop-here")).to_have_count(0)


async def test_only_what_the_channel_takes_is_offered(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    desk.channels.window("t-priya", can={"files": False, "images": True})
    desk.channels.window("t-james", can={"files": False, "images": False})
    await visit.open("t-priya")
    chooser = visit.page.locator("setu-composer input[type=file]")
    await expect(chooser).to_have_attribute("accept", "image/*")
    await visit.open("t-james")
    await expect(chooser).to_have_count(0)


# --- one message ------------------------------------------------------------------------------------------


async def test_a_reply_to_one_message_by_keyboard(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    priya.add("customer", "And the colour is wrong")
    await visit.open("t-priya")
    act = message(visit, 3).get_by_role("button", name="Reply to this")
    await act.focus()
    await visit.page.keyboard.press("ArrowUp")
    await expect(message(visit, 2).get_by_role("button", name="Reply to this")).to_be_focused()
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
    await message(visit, said["number"]).get_by_role("button", name="Edit").click()
    await expect(visit.field).to_have_value("It comes on Fryday")
    await visit.page.keyboard.press("Escape")
    await expect(visit.field).to_have_value("a new thought")
    await message(visit, said["number"]).get_by_role("button", name="Edit").click()
    await visit.write("It comes on Friday")
    await expect(message(visit, said["number"])).to_contain_text("It comes on Friday")
    await expect(message(visit, said["number"])).to_contain_text("edited")
    await expect(visit.field).to_have_value("a new thought")
    assert desk.called(f"/messages/{said['number']}/edit") == [{"text": "It comes on Friday"}]
    assert desk.called("/reply") == []


async def test_an_own_message_is_taken_back_after_a_question(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    desk.channels.window("t-priya", can=CHANGES)
    said = priya.add("agent", "Meant for somebody else", author=ME, delivery=told("sent", "sent"))
    await visit.open("t-priya")
    await message(visit, said["number"]).get_by_role("button", name="Delete for the customer").click()
    await accessible(visit)
    await visit.dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(message(visit, said["number"])).to_contain_text("Message deleted")
    assert len(desk.called(f"/messages/{said['number']}/delete")) == 1


async def test_what_the_channel_cannot_change_is_not_offered(
    visit: DeskVisit, desk: FakeDesk, priya: Talk
) -> None:
    own = priya.add("agent", "Mine", author=ME, delivery=told("sent", "sent"))
    await visit.open("t-priya")
    await expect(message(visit, own["number"]).get_by_role("button", name="Reply to this")).to_have_count(1)
    for name in ("Edit", "Delete for the customer"):
        await expect(visit.page.get_by_role("button", name=name)).to_have_count(0)
    await visit.open("t-bot1", "bot")
    await expect(visit.page.get_by_role("button", name="Reply to this")).to_have_count(0)


# --- who, and by which channel ----------------------------------------------------------------------------


def contacts(desk: FakeDesk, talk: Talk) -> None:
    here = {"id": "k-t-priya", "channel": "whatsapp", "inbox": "Shop WhatsApp", "name": "Priya Iyer"}
    other = {"id": "k-web", "channel": "web", "inbox": "Shop website", "name": "Priya"}
    desk.channels.contacts(talk, here | {"current": True}, other | {"current": False})


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


def linkable(desk: FakeDesk) -> None:
    telegram = {"id": "k-tg", "channel": "telegram", "inbox": "@shopbot", "name": "priya_i", "handle": "@pi"}
    candidate = {"conversation_id": "t-tg", "contact": telegram, "why": "phone", "last_message_at": ago()}
    here = {"id": "k-t-priya", "channel": "whatsapp", "inbox": "Shop WhatsApp", "name": "Priya Iyer"}
    here |= {"handle": "+91", "current": True}
    desk.channels.links["t-priya"] = {"contacts": [here], "links": [], "candidates": [candidate]}


async def test_a_code_is_sent_to_the_other_channel(visit: DeskVisit, desk: FakeDesk, priya: Talk) -> None:
    linkable(desk)
    await visit.open("t-priya")
    await visit.page.keyboard.press("l")
    await visit.dialog.get_by_role("button", name="Send a code there").click()
    await expect(visit.dialog.get_by_role("status")).to_contain_text("A code is on its way by Telegram")
    assert desk.called("/links/code") == [{"contact_id": "k-tg"}]
    await accessible(visit)


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


# --- answered elsewhere, lists ----------------------------------------------------------------------------


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
    await accessible(visit)
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


# --- for everybody ----------------------------------------------------------------------------------------


async def fits(page: Page, width: int) -> bool:
    found: int = await page.evaluate("document.documentElement.scrollWidth")
    return found <= width


def everything(desk: FakeDesk, talk: Talk) -> None:
    """One conversation with all that a channel can bring."""
    contacts(desk, talk)
    linkable(desk)
    channels = desk.channels
    desk.channels.inboxes = INBOXES
    desk.channels.window("t-priya", closes_at=ago(minutes=-70), templates=True, can=CHANGES)
    files = [
        channels.picture("one.png", 600, 400),
        channels.picture("two.png", 300, 400),
        channels.file("audio", "", b"x", "audio/ogg"),
        channels.file("file", "an invoice with a name that is far too long to be shown in full.pdf"),
        channels.file("file", "bad.exe") | {"state": "refused"},
    ]
    talk.add("customer", "All of it", rich={"files": files, "location": {"latitude": 1.5, "longitude": 2.5}})
    talk.add("agent", "From over there", rich={"elsewhere": True})
    own: dict[str, Any] = {"author": ME}
    reactions = [{"emoji": "👍", "by": "customer"}]
    talk.add(
        "agent", "Yes", **own, rich={"reply_to": 3, "reactions": reactions}, delivery=told("sent", "read")
    )
    talk.add("customer", "", deleted_at=ago(), contact_id="k-web")
    talk.add("agent", "No", **own, delivery=told("dead", None, "x", "window_closed"))
    talk.add("agent", "Perhaps", **own, delivery=told("unsure", None, "x", "unsure"))


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_of_it_is_accessible_in_every_light_size_and_direction(
    browser: Browser, desk: FakeDesk, priya: Talk, scheme: Any, language: str, size: str
) -> None:
    catalogue = yaml.safe_load((ROOT / f"data/texts/{language}.yml").read_text(encoding="utf-8"))
    desk.texts = catalogue["desk"]
    everything(desk, priya)
    options = PHONE if size == "phone" else {}
    async with at_the_desk(browser, desk, color_scheme=scheme, **options) as visit:
        await visit.open("t-priya")
        await expect(visit.page.locator(".trouble")).to_have_count(2)
        width = 390 if size == "phone" else 1440
        await accessible(visit)
        assert await fits(visit.page, width)
        await visit.page.set_input_files("setu-composer input[type=file]", [PDF, PHOTO])
        await expect(visit.page.locator(".tray li.ready")).to_have_count(2)
        await accessible(visit)
        assert await fits(visit.page, width)
        await visit.page.locator(".picture").first.click()
        await expect(visit.dialog).to_be_visible()
        await accessible(visit)
        await visit.page.keyboard.press("Escape")
        await visit.page.locator(".talk-head .others").click()
        await expect(visit.dialog.locator(".people").first).to_be_visible()
        await accessible(visit)
        assert await fits(visit.page, width)
        assert visit.console.errors == []


async def test_every_language_has_words_for_every_delivery_and_window() -> None:
    english = yaml.safe_load((ROOT / "data/texts/en.yml").read_text(encoding="utf-8"))["desk"]
    for language in ("hi", "bn", "fa", "el"):
        words = yaml.safe_load((ROOT / f"data/texts/{language}.yml").read_text(encoding="utf-8"))["desk"]
        for part in ("message", "files", "delivery", "undelivered", "reach", "templates", "links", "delete"):
            assert words[part].keys() == english[part].keys(), (language, part)


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
    await accessible(visit)

"""Files that go out: chosen, pasted, dropped, waited for, refused."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.desk_channels.parts import PDF, PHOTO
from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
    await visit.accessible()
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

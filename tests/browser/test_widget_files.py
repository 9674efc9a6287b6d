"""Files in the widget: attached in every way, sent, shown; and messages that change after they were said."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Locator, expect

from tests.browser.fake import until
from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import PHONE, Visit, chatting, visiting
from tests.support.browser import accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOTS = os.environ.get("SETU_SHOTS")  # a folder: pictures of what the tests see are left there


def photo(size: tuple[int, int] = (640, 480)) -> bytes:
    image = Image.new("RGB", size, (214, 196, 160))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill=(96, 120, 92))
    draw.ellipse((size[0] // 2, 40, size[0] // 2 + 130, 170), fill=(240, 150, 60))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def upload(name: str, body: bytes, media_type: str = "application/octet-stream") -> dict[str, Any]:
    return {"name": name, "mimeType": media_type, "buffer": body}


async def shot(visit: Visit, name: str) -> None:
    if SHOTS:
        await visit.page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, gateway: FakeGateway) -> AsyncIterator[Visit]:
    async with chatting(browser, gateway, "Failed to load resource") as started:
        yield started


def tray(visit: Visit) -> Locator:
    return visit.panel.get_by_role("list", name="Files to send").get_by_role("listitem")


async def attach(visit: Visit, *files: dict[str, Any]) -> None:
    async with visit.page.expect_file_chooser() as chooser:
        await visit.button("Attach files").press("Enter")
    await (await chooser.value).set_files(list(files))


async def give(visit: Visit, how: str, *files: dict[str, Any]) -> None:
    """Pastes or drops files, as a browser would tell of it."""
    packed = [[one["name"], one["mimeType"], base64.b64encode(one["buffer"]).decode()] for one in files]
    await visit.page.evaluate(
        """([how, files]) => {
            const data = new DataTransfer();
            for (const [name, type, body] of files) {
                const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
                data.items.add(new File([bytes], name, {type}));
            }
            const root = document.querySelector("setu-chat").shadowRoot;
            const at = {bubbles: true, cancelable: true, composed: true};
            Object.assign(at, {clipboardData: data, dataTransfer: data});
            const [log, field] = [root.querySelector(".log"), root.querySelector("textarea")];
            if (how === "paste") {
                field.dispatchEvent(new ClipboardEvent("paste", at));
            } else {
                const events = how === "drop" ? ["dragover", "drop"] : [how];
                for (const name of events) log.dispatchEvent(new DragEvent(name, at));
            }
        }""",
        [how, packed],
    )


async def test_a_picture_and_a_document_go_out_with_words_and_are_shown(
    visit: Visit, gateway: FakeGateway
) -> None:
    await attach(
        visit, upload("garden.png", photo(), "image/png"), upload("Rechnung №1.pdf", b"%PDF-1.7 x" * 300)
    )
    await expect(tray(visit)).to_have_count(2)
    await expect(tray(visit).locator("progress")).to_have_count(0)
    await expect(visit.panel.get_by_role("status").filter(has_text="is attached")).to_have_count(1)
    await visit.field.fill("Here is what came")
    await shot(visit, "tray")
    await visit.field.press("Enter")
    await until(lambda: gateway.talks and gateway.talk.texts() == ["Here is what came"])
    names = [file["name"] for file in gateway.talk.messages[0]["rich"]["files"]]
    assert names == ["garden.png", "Rechnung №1.pdf"]
    await expect(tray(visit)).to_have_count(0)
    image = visit.log.get_by_role("img", name="Picture: garden.png")
    await expect(image).to_have_js_property("complete", True)
    assert await image.evaluate(
        "e => [e.naturalWidth, Math.round(e.offsetWidth / e.offsetHeight * 100)]"
    ) == [640, 133]
    saved = visit.log.get_by_role("link", name="Save Rechnung №1.pdf")
    await expect(saved).to_contain_text("3 kB")
    assert (await saved.get_attribute("rel"), await saved.get_attribute("download")) == (
        "noopener",
        "Rechnung №1.pdf",
    )
    await shot(visit, "sent")


async def test_a_file_alone_is_a_message(visit: Visit, gateway: FakeGateway) -> None:
    await expect(visit.button("Send")).to_be_disabled()
    await attach(visit, upload("a.txt", b"hello"))
    await visit.button("Send").click()
    await until(lambda: len(gateway.talk.messages) == 1)
    assert gateway.talk.messages[0]["text"] == ""
    await expect(visit.log.get_by_role("link", name="Save a.txt")).to_be_visible()
    await expect(visit.bubbles).to_have_count(0)
    await expect(visit.log.get_by_text("Delivered")).to_be_visible()


async def test_the_place_of_a_picture_is_kept_free_before_it_is_there(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await visit.page.route("**/files/*", lambda route: None)  # never answered
    await gateway.say(talk, "agent", "", name="Asha", files=[gateway.file("x.png", photo((600, 1200)))])
    box = await visit.log.get_by_role("img", name="Picture: x.png").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (130, 260)
    await visit.page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize("how", ["paste", "drop"])
async def test_pictures_are_pasted_and_dropped(visit: Visit, how: str) -> None:
    await give(visit, how, upload("image.png", photo(), "image/png"))
    await expect(tray(visit)).to_contain_text(["image.png"])
    await expect(tray(visit).locator("canvas")).to_have_count(1)
    await expect(visit.field).to_be_focused()


async def test_what_is_held_above_the_panel_is_told_where_to_go(visit: Visit) -> None:
    await give(visit, "dragover", upload("image.png", photo(), "image/png"))
    await expect(visit.panel.get_by_text("Drop files here")).to_be_visible()
    await shot(visit, "drop")
    await give(visit, "dragleave", upload("image.png", photo(), "image/png"))
    await expect(visit.panel.get_by_text("Drop files here")).to_have_count(0)


async def test_words_with_a_picture_of_them_are_pasted_as_words(visit: Visit) -> None:
    await visit.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "a table");
            data.items.add(new File(["x"], "table.png", {type: "image/png"}));
            document.querySelector("setu-chat").shadowRoot.querySelector("textarea").dispatchEvent(
                new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}));
        }"""
    )
    await expect(tray(visit)).to_have_count(0)


async def test_sending_waits_for_an_upload_which_can_be_cancelled(visit: Visit, gateway: FakeGateway) -> None:
    gateway.upload_gate.clear()
    await attach(visit, upload("slow.bin", b"x" * 5000))
    await expect(tray(visit).get_by_role("progressbar", name="slow.bin is being uploaded")).to_be_visible()
    await visit.field.fill("with it")
    await expect(visit.button("Send")).to_be_disabled()
    await shot(visit, "progress")
    await visit.button("Remove slow.bin").click()
    await expect(tray(visit)).to_have_count(0)
    await expect(visit.button("Send")).to_be_enabled()
    gateway.upload_gate.set()
    await visit.field.press("Enter")
    await until(lambda: gateway.talks and gateway.talk.texts() == ["with it"])
    assert gateway.talk.messages[0]["rich"] == {}


async def test_what_the_gateway_refuses_says_why_and_cannot_be_sent(
    visit: Visit, gateway: FakeGateway
) -> None:
    gateway.refuse_file = (422, "We do not take files of this kind.")
    await attach(visit, upload("setup.exe", b"MZ"))
    await expect(tray(visit).get_by_role("alert")).to_have_text("We do not take files of this kind.")
    await expect(visit.button("Try setup.exe again")).to_have_count(0)
    await expect(visit.button("Send")).to_be_disabled()
    await shot(visit, "refused")


async def test_an_upload_that_broke_is_tried_again(visit: Visit, gateway: FakeGateway) -> None:
    gateway.refuse_file = (503, "Later")
    await attach(visit, upload("a.txt", b"hello"))
    gateway.refuse_file = None
    await visit.button("Try a.txt again").click()
    await expect(tray(visit).get_by_role("alert")).to_have_count(0)
    await visit.button("Send").click()
    await until(lambda: gateway.talk.messages != [])


async def test_too_large_and_too_many_are_said_before_anything_is_sent(
    visit: Visit, gateway: FakeGateway
) -> None:
    await attach(visit, upload("film.mp4", b"x" * (gateway.file_limit + 1), "video/mp4"))
    await expect(tray(visit).get_by_role("alert")).to_have_text("Larger than the 1 MB we take.")
    await attach(visit, *(upload(f"{at}.txt", b"x") for at in range(12)))
    await expect(tray(visit)).to_have_count(10)
    await expect(visit.panel.get_by_text("10 files in a message at most.")).to_be_visible()
    await expect(tray(visit).locator("progress")).to_have_count(0)
    assert len(gateway.files) == 9


async def test_a_message_with_files_survives_a_lost_line_and_a_reload(
    visit: Visit, gateway: FakeGateway
) -> None:
    await attach(visit, upload("a.txt", b"hello"))
    await expect(tray(visit).locator("progress")).to_have_count(0)
    await gateway.cut()
    await visit.field.press("Enter")
    await expect(visit.log.get_by_text("a.txt")).to_be_visible()
    gateway.mend()
    await visit.go()
    await visit.open()
    await until(lambda: gateway.talk.messages != [], wait=30)
    assert [file["name"] for file in gateway.talk.messages[0]["rich"]["files"]] == ["a.txt"]
    await expect(visit.log.get_by_role("link", name="Save a.txt")).to_have_count(1)
    visit.console.errors = visit.console.without("WebSocket connection", "503", "net::ERR")


async def test_voices_films_and_places_have_their_own_look(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    files = [gateway.file("note.ogg", b"OggS"), gateway.file("clip.mp4", b"ftyp")]
    place = {"latitude": 37.9715, "longitude": 23.7267, "name": "Acropolis"}
    await gateway.say(talk, "agent", "Listen, look, come", name="Asha", files=files, location=place)
    await expect(visit.log.locator("audio[controls]")).to_have_attribute("aria-label", "note.ogg")
    await expect(visit.log.locator("video[controls]")).to_have_attribute("aria-label", "clip.mp4")
    map_link = visit.log.get_by_role("link", name="Acropolis")
    await expect(map_link).to_have_attribute(
        "href", "https://www.openstreetmap.org/?mlat=37.9715&mlon=23.7267#map=16/37.9715/23.7267"
    )
    await shot(visit, "kinds")


async def test_a_message_is_replaced_when_its_file_is_ready_it_is_edited_or_taken_back(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    waiting = gateway.file("plan.pdf", b"%PDF", state="waiting")
    refused = gateway.file("virus.zip", b"PK", state="refused", reason="harmful")
    said = await gateway.say(talk, "agent", "The plan", name="Asha", files=[waiting, refused])
    await expect(visit.log.get_by_text("Being checked")).to_be_visible()
    await expect(visit.log.get_by_text("Not taken")).to_be_visible()
    await expect(visit.log.get_by_role("link")).to_have_count(0)
    await gateway.renew(talk, said, rich={"files": [waiting | {"state": "ready"}]})
    await expect(visit.log.get_by_role("link", name="Save plan.pdf")).to_be_visible()
    await gateway.renew(talk, said, text="The new plan", edited_at=said["created_at"])
    await visit.shows("hello", "The new plan")
    await expect(visit.log.locator(".agent .meta")).to_contain_text("edited")
    await shot(visit, "edited")
    await gateway.renew(talk, said, text="", rich={}, deleted_at=said["created_at"])
    await visit.shows("hello", "This message was deleted")
    await shot(visit, "deleted")
    assert talk.conversation()["last_number"] == 2


async def test_what_changed_while_the_line_was_lost_is_seen_after_it(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    said = await gateway.say(talk, "agent", "Tomorrow", name="Asha")
    await visit.shows("hello", "Tomorrow")
    await gateway.cut()
    said.update(text="Today", edited_at=said["created_at"])
    gateway.mend()
    await visit.shows("hello", "Today")
    visit.console.errors = visit.console.without("WebSocket connection", "503", "net::ERR")


async def test_hostile_names_and_addresses_do_nothing(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    name = '"><img src=x onerror=window.hacked=1>.txt'
    files = [gateway.file(name, b"x"), gateway.file("y.txt", b"y", id="../../api/demo/shop?x=javascript:1")]
    place = {"latitude": "1&x=javascript:alert(1)", "longitude": 2, "name": "<b>here</b>"}
    await gateway.say(talk, "agent", "", name="Asha", files=files, location=place)
    await expect(visit.log.get_by_role("link")).to_have_count(2)
    href = await visit.log.get_by_role("link", name="Save y.txt").get_attribute("href")
    assert href is not None
    assert href.startswith(f"{gateway.url}/files/..%2F")
    assert await visit.page.evaluate("window.hacked") is None


async def test_files_are_accessible_on_a_phone_and_from_right_to_left(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.texts["widget"]["direction"] = "rtl"
    async with visiting(browser, gateway, **PHONE) as visit:
        await visit.go()
        await visit.open()
        talk = await visit.tell("سلام")
        files = [
            gateway.file("باغ.png", photo()),
            gateway.file("note.ogg", b"OggS"),
            gateway.file("a.pdf", b"%PDF"),
        ]
        await gateway.say(talk, "agent", "", name="مینا", files=files)
        await attach(visit, upload("garden.png", photo(), "image/png"), upload("a.txt", b"x"))
        await expect(tray(visit).locator("progress")).to_have_count(0)
        await expect(visit.log.get_by_role("img").last).to_be_visible()
        await accessible(visit.page)
        await shot(visit, "phone")


async def test_a_gateway_without_files_shows_no_way_to_attach_any(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.file_limit = 0
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        await expect(visit.button("Attach files")).to_have_count(0)
        await give(visit, "paste", upload("image.png", photo(), "image/png"))
        await expect(tray(visit)).to_have_count(0)

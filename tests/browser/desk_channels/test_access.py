"""All that channels bring, for everybody: light and dark, on a phone, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from playwright.async_api import Browser, Page, expect

from tests.browser.desk_channels.parts import CHANGES, ME, PDF, PHOTO, contacts, linkable
from tests.browser.desk_data import ago
from tests.browser.desk_visit import at_the_desk
from tests.browser.fake import ROOT
from tests.browser.fake_channels import INBOXES, told
from tests.browser.fake_desk import FakeDesk, Talk
from tests.browser.visit import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        await visit.accessible()
        assert await fits(visit.page, width)
        await visit.page.set_input_files("setu-composer input[type=file]", [PDF, PHOTO])
        await expect(visit.page.locator(".tray li.ready")).to_have_count(2)
        await visit.accessible()
        assert await fits(visit.page, width)
        await visit.page.locator(".picture").first.click()
        await expect(visit.dialog).to_be_visible()
        await visit.accessible()
        await visit.page.keyboard.press("Escape")
        await visit.page.locator(".talk-head .others").click()
        await expect(visit.dialog.locator(".people").first).to_be_visible()
        await visit.accessible()
        assert await fits(visit.page, width)
        assert visit.console.errors == []


async def test_every_language_has_words_for_every_delivery_and_window() -> None:
    english = yaml.safe_load((ROOT / "data/texts/en.yml").read_text(encoding="utf-8"))["desk"]
    for language in ("hi", "bn", "fa", "el"):
        words = yaml.safe_load((ROOT / f"data/texts/{language}.yml").read_text(encoding="utf-8"))["desk"]
        for part in ("message", "files", "delivery", "undelivered", "reach", "templates", "links", "delete"):
            assert words[part].keys() == english[part].keys(), (language, part)

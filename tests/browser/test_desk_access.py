"""The desk for everybody: by keyboard alone, for screen readers, light and dark, on a phone, no jumps."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, expect

from tests.browser.desk_data import FARAH
from tests.browser.desk_visit import at_the_desk
from tests.browser.fake import WEB
from tests.browser.fake_desk import FakeDesk
from tests.browser.visit import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="session")

Scheme = Literal["light", "dark"]
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@both_schemes
async def test_the_door_is_accessible_and_clear_about_what_is_wrong(
    browser: Browser, desk: FakeDesk, scheme: Scheme
) -> None:
    async with at_the_desk(browser, desk, signed_in=False, color_scheme=scheme) as visit:
        await visit.go()
        await expect(visit.page.get_by_label("E-mail")).to_be_focused()
        await visit.quiet()
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("alert")).to_have_text(
            "Please enter your e-mail and your password."
        )
        await visit.page.get_by_label("E-mail").fill("meera@shop.test")
        await visit.page.get_by_label("Password").fill("guess")
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
        await expect(visit.page.get_by_label("Password")).to_be_focused()
        await visit.accessible()
        await visit.page.keyboard.type("open sesame")
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("heading", name="Queue")).to_be_visible()


@both_schemes
async def test_list_talk_and_dialogs_are_accessible(browser: Browser, desk: FakeDesk, scheme: Scheme) -> None:
    async with at_the_desk(browser, desk, color_scheme=scheme) as visit:
        await visit.go()
        await expect(visit.row("t-aarav")).to_be_visible()
        await visit.quiet()
        await visit.row("t-aarav").click()
        await expect(visit.messages.last).to_be_visible()
        await visit.quiet()
        await visit.open("t-priya")
        await visit.page.get_by_role("tab", name="Private note").click()
        await visit.write("A note to look at")
        await expect(visit.group("note")).to_be_visible()
        await visit.page.get_by_role("tab", name="Reply").click()
        await visit.write("A reply to look at")
        await expect(visit.group("you").get_by_role("img", name="Delivered")).to_be_visible()
        await visit.field.press_sequentially("/")
        await expect(visit.page.get_by_role("option").first).to_be_visible()
        await visit.quiet()
        await visit.field.fill("")
        for move in ("Hand back", "Snooze", "Transfer", "Resolve"):
            await visit.button(move).click()
            await expect(visit.dialog).to_be_visible()
            await visit.quiet()
            await visit.page.keyboard.press("Escape")
            await expect(visit.dialog).to_have_count(0)
            await expect(visit.button(move)).to_be_focused()
        await visit.button("Your menu, Meera Nair").click()
        await visit.quiet()


@both_schemes
async def test_on_a_phone_one_pane_at_a_time_with_a_way_back(
    browser: Browser, desk: FakeDesk, scheme: Scheme
) -> None:
    async with at_the_desk(browser, desk, color_scheme=scheme, **PHONE) as visit:
        await visit.go("#/mine")
        await expect(visit.page.get_by_role("main", name="Conversations")).to_be_visible()
        await visit.quiet()
        await visit.row("t-priya").click()
        await expect(visit.page.get_by_role("main", name="Conversation", exact=True)).to_be_visible()
        await expect(visit.row("t-priya")).to_be_hidden()
        await visit.quiet()
        assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        await visit.button("Hand-off card").click()
        await expect(visit.button("Hide the card")).to_be_focused()
        await visit.quiet()
        await visit.page.keyboard.press("Escape")
        await expect(visit.button("Hand-off card")).to_be_focused()
        await visit.page.get_by_role("link", name="Back to the list").click()
        await expect(visit.row("t-priya")).to_be_visible()
        await visit.page.go_back()
        await expect(visit.page.locator(".talk-head h1")).to_have_text("Priya Iyer")


async def test_a_whole_talk_by_keyboard_alone(browser: Browser, desk: FakeDesk) -> None:
    async with at_the_desk(browser, desk) as visit:
        await visit.go()
        await expect(visit.row("t-aarav")).to_be_visible()
        press = visit.page.keyboard.press
        name = visit.page.locator(".talk-head h1")
        await press("j")
        await expect(name).to_have_text("Nadia Rahman")
        await press("j")
        await expect(name).to_have_text("Aarav Sharma")
        await press("k")
        await expect(name).to_have_text("Nadia Rahman")
        await press("c")
        await expect(visit.page.locator(".talk-head .status")).to_have_text("With you")
        await press("n")
        await expect(visit.field).to_be_focused()
        await visit.page.keyboard.type("Refund overdue; j, k and c are letters here")
        await press("Enter")
        await expect(visit.group("note")).to_contain_text("j, k and c are letters here")
        await press("Escape")
        await press("r")
        await visit.page.keyboard.type("I look into your refund")
        await press("Shift+Enter")
        await visit.page.keyboard.type("right now")
        await press("Enter")
        await expect(visit.group("you")).to_contain_text("right now")
        await press("Escape")
        await press("b")
        await expect(visit.dialog.get_by_role("radio")).to_have_count(5)
        await expect(visit.dialog.get_by_role("radio").first).to_be_focused()
        await press("ArrowDown")
        await press("Enter")
        await expect(visit.page.locator(".talk-head .status")).to_have_text("With the bot")
        await expect(visit.dialog).to_have_count(0)
        await press("c")
        await expect(visit.page.locator(".talk-head .status")).to_have_text("With you")
        await press("e")
        await expect(visit.dialog.get_by_role("button", name="Resolve")).to_be_focused()
        await press("Enter")
        await expect(visit.page.locator(".talk-head .status")).to_have_text("Resolved")
        await expect(visit.dialog).to_have_count(0)
        await press("?")
        await expect(visit.dialog.get_by_text("Hand back to the bot")).to_be_visible()
        await press("Escape")
        await press("Control+k")
        await visit.page.keyboard.type("resolved")
        await press("Enter")
        await expect(visit.page).to_have_url(re.compile("#/resolved$"))
        moves = [path.rsplit("/", 1)[-1] for path, _ in desk.calls]
        assert [m for m in moves if m != "read"] == [
            "claim",
            "note",
            "reply",
            "hand-back",
            "claim",
            "resolve",
        ]
        assert desk.called("/hand-back") == [{"next": "track_order", "note": ""}]
        assert desk.called("/reply")[0]["text"] == "I look into your refund\nright now"
        assert visit.console.errors == []


async def test_single_keys_can_be_switched_off(browser: Browser, desk: FakeDesk) -> None:
    async with at_the_desk(browser, desk) as visit:
        await visit.open("t-aarav", "queue")
        await visit.button("Your menu, Meera Nair").click()
        await visit.page.get_by_role("switch", name="Single-key shortcuts").uncheck()
        await visit.page.keyboard.press("Escape")
        await visit.page.keyboard.press("c")
        await visit.page.keyboard.press("Control+k")
        await expect(visit.dialog).to_be_visible()
        assert desk.called("/claim") == []


async def test_away_is_told_and_a_supervisor_sees_all(browser: Browser, desk: FakeDesk) -> None:
    desk.me = dict(FARAH)
    async with at_the_desk(browser, desk) as visit:
        await visit.go("#/all")
        await expect(visit.row("t-tomas")).to_contain_text("Tomas Lind")
        await visit.button("Your menu, Farah Ahmadi").click()
        await visit.page.get_by_role("radio", name="Online").check(force=True)
        await desk.until(lambda: {"value": "online"} in desk.called("/availability"))
        await desk.emit("agents", {"agents": [desk.me | {"availability": "away"}]})
        await expect(visit.page.get_by_role("radio", name="Away")).to_be_checked()


@pytest.mark.parametrize(
    "size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["desktop", "phone"]
)
async def test_nothing_jumps_while_the_page_fills(
    browser: Browser, desk: FakeDesk, size: dict[str, Any]
) -> None:
    async with at_the_desk(browser, desk, viewport=size) as visit:
        await visit.page.add_init_script(
            "window.jumps = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
            "if (!e.hadRecentInput) window.jumps += e.value; })"
            ".observe({type: 'layout-shift', buffered: true});"
        )
        await visit.open("t-aarav", "queue")
        await expect(visit.messages.last).to_have_text("hello? is anybody there")
        await desk.customer_says("t-aarav", "I am still here")
        await visit.shows("I am still here")
        assert await visit.page.evaluate("window.jumps") < 0.1


async def test_right_to_left_words_stand_right_to_left(browser: Browser, desk: FakeDesk) -> None:
    async with at_the_desk(browser, desk) as visit:
        await visit.open("t-sara")
        direction = "e => getComputedStyle(e).direction"
        assert await visit.messages.last.evaluate(direction) == "rtl"
        assert await visit.messages.first.evaluate(direction) == "ltr"


async def test_every_text_the_code_asks_for_is_in_the_catalogue(desk: FakeDesk) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (WEB / "desk").glob("*.js"))
    asked = set(re.findall(r"\bt\('([a-z_]+(?:\.[a-z_-]+)*)'", source))
    missing = []
    for key in asked:
        found: Any = desk.texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            missing.append(key)
    assert asked
    assert missing == []


async def test_every_module_is_announced_to_the_browser_at_once() -> None:
    page = (WEB / "desk" / "index.html").read_text(encoding="utf-8")
    announced = set(re.findall(r'rel="modulepreload" href="/desk/([\w-]+\.js)"', page)) | {"app.js"}
    assert announced == {path.name for path in (WEB / "desk").glob("*.js")}

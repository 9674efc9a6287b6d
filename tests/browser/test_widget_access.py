"""The widget for everybody: keyboard, screen reader, a strict content policy, and few bytes."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.fake import until
from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import PHONE, Visit, visiting
from tests.browser.weight import weigh
from tests.support.browser import accessible

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUDGET = 40_000  # bytes, gzip, for all the scripts the widget loads


async def busy(visit: Visit, gateway: FakeGateway) -> None:
    """A talk that shows everything the widget can show."""
    talk = await visit.tell("hello, see https://shop.example")
    button = {"title": "Details", "payload": "/details"}
    card = {
        "id": "1",
        "title": "Shirt",
        "price": "€ 1",
        "subtitle": "M",
        "reason": "Linen",
        "buttons": [button],
    }
    cards = [{**card, "image": "/media/products/1.svg"}, card, card]
    await gateway.say(talk, "bot", "https://shop.example", cards=cards, image="/media/products/2.svg")
    await gateway.say(talk, "bot", "And?", buttons=[button, {"title": "No", "payload": "/deny"}])
    await visit.button("No").click()
    await until(lambda: "/deny" in talk.texts())
    await gateway.say(talk, "system", "Asha joined")
    await gateway.say(talk, "agent", "I am here", name="Asha")
    await gateway.change(talk, owner="queue", queue_position=2)
    await gateway.emit(talk, "typing", {"who": "agent", "name": "Asha", "on": True})
    gateway.refuse = {"code": "text_too_long", "message": "Too long."}
    await visit.write("refused")
    await expect(visit.log.get_by_text("Too long.")).to_be_visible()
    await visit.field.fill("x" * (gateway.limit + 1))


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
async def test_axe_finds_nothing_and_the_console_stays_empty_in_any_state(
    browser: Browser, gateway: FakeGateway, options: dict[str, Any]
) -> None:
    async with visiting(browser, gateway, reduced_motion="reduce", **options) as visit:
        await visit.go()
        await accessible(visit.page)
        await visit.open()
        await accessible(visit.page)
        await busy(visit, gateway)
        await accessible(visit.page)
        await visit.page.keyboard.press("Escape")
        await gateway.say(gateway.talk, "bot", "unread")
        await expect(visit.launcher).to_have_accessible_name("Open the chat, 1 new message")
        await accessible(visit.page)
        assert visit.console.errors == []


async def test_all_of_it_can_be_done_with_the_keyboard_alone(browser: Browser, gateway: FakeGateway) -> None:
    async with visiting(browser, gateway) as visit:
        press = visit.page.keyboard.press
        await visit.go()
        await press("Tab")
        await press("Tab")
        await expect(visit.launcher).to_be_focused()
        await press("Enter")
        await expect(visit.field).to_be_focused()
        await visit.page.keyboard.type("hello")
        await press("Enter")
        await until(lambda: gateway.talk.texts() == ["hello"])
        choices = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
        await gateway.say(gateway.talk, "bot", "Sure?", buttons=choices)
        await expect(visit.button("No")).to_be_visible()
        await press("Shift+Tab")
        await expect(visit.button("No")).to_be_focused()
        await press("Space")
        await until(lambda: gateway.talk.texts() == ["hello", "/deny"])
        await expect(visit.field).to_be_focused()
        await press("Tab")
        await expect(visit.button("Attach files")).to_be_focused()
        await press("Tab")
        await expect(visit.button("Talk to a person")).to_be_focused()
        await press("Escape")
        await expect(visit.panel).to_be_hidden()
        await expect(visit.launcher).to_be_focused()


async def test_a_screen_reader_hears_new_messages_politely_and_each_once(
    browser: Browser, gateway: FakeGateway
) -> None:
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        await expect(visit.log).to_have_attribute("aria-live", "polite")
        await visit.log.evaluate(
            """log => {
                window.heard = [];
                new MutationObserver((changes) => {
                    for (const {addedNodes} of changes)
                        for (const node of addedNodes) if (node.innerText) window.heard.push(node.innerText);
                }).observe(log, {childList: true, subtree: true});
            }"""
        )
        talk = await visit.tell("hello")
        for text in ("one", "two"):
            await gateway.say(talk, "bot", text)
        await gateway.emit(talk, "read", {"number": 1})
        await visit.shows("hello", "one", "two")
        heard: list[str] = await visit.page.evaluate("window.heard")
        for text in ("hello", "one", "two"):
            assert sum(text in piece for piece in heard) == 1


async def test_motion_stops_where_it_is_not_wanted(browser: Browser, gateway: FakeGateway) -> None:
    async with visiting(browser, gateway, reduced_motion="reduce") as visit:
        await visit.go()
        await visit.open()
        await visit.tell("hello")
        await gateway.emit(gateway.talk, "typing", {"who": "bot", "name": None, "on": True})
        await expect(visit.log.locator(".typing")).to_be_visible()
        assert (
            await visit.page.evaluate("document.querySelector('setu-chat').shadowRoot.getAnimations().length")
            == 0
        )


async def test_sound_is_off_until_it_is_switched_on_and_then_remembered(
    browser: Browser, gateway: FakeGateway
) -> None:
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        sound = visit.button("Sound for new messages")
        await expect(sound).to_have_attribute("aria-pressed", "false")
        await sound.click()
        await visit.go()
        await visit.open()
        await expect(sound).to_have_attribute("aria-pressed", "true")


async def test_all_the_widget_loads_is_lighter_than_forty_kilobytes(
    browser: Browser, gateway: FakeGateway
) -> None:
    weights = await weigh(browser, gateway)
    assert {path.split("/")[-1] for path in weights} >= {"setu.js", "chat.js", "wire.js", "lit.js"}
    assert sum(weights.values()) < BUDGET, weights


async def test_bytes_are_counted_as_they_are_served(browser: Browser, gateway: FakeGateway) -> None:
    weights = await weigh(browser, gateway)
    (name, weight), *_ = ((path, size) for path, size in weights.items() if path.endswith("lit.js"))
    async with visiting(browser, gateway) as visit:
        served = await visit.page.request.get(gateway.url + name)
        whole = await served.body()
    assert len(gzip.compress(whole)) * 0.9 < weight < len(whole)

"""What a customer sees and does in the widget: words, buttons, cards, people, marks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.fake import until
from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import PHONE, Visit, chatting, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "${window.hacked=1} {{window.hacked=1}}",
]
CHOICES = [{"title": "Change it", "payload": "/change_address"}, {"title": "Leave it", "payload": "/deny"}]


def card(number: int, **more: object) -> dict[str, object]:
    buttons = [{"title": f"Details {number}", "payload": f'/check_stock{{"product":"{number}"}}'}]
    return {"id": str(number), "title": f"Shirt {number}", "price": "€ 49.00", "buttons": buttons, **more}


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, gateway: FakeGateway) -> AsyncIterator[Visit]:
    async with chatting(browser, gateway) as started:
        yield started


async def test_bot_person_and_system_are_told_apart(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "I am a bot")
    await gateway.say(talk, "system", "Asha joined", key="joined")
    await gateway.change(talk, owner="agent", agent={"name": "Asha"})
    await gateway.say(talk, "agent", "I am Asha", name="Asha")
    await expect(visit.log.locator(".bot .author")).to_have_text("Assistantautomated")
    await expect(visit.log.locator(".agent .author")).to_have_text("Ashafrom our team")
    await expect(visit.log.locator(".system")).to_have_text("Asha joined")
    await expect(visit.panel.get_by_text("Asha is with you")).to_be_visible()


async def test_messages_of_one_sender_stand_together_under_one_name(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    for text in ("one", "two", "three"):
        await gateway.say(talk, "bot", text)
    await expect(visit.log.locator(".bot .bubble")).to_have_count(3)
    await expect(visit.log.locator(".bot .author")).to_have_count(1)
    await expect(visit.log.locator(".bot time")).to_have_count(1)


async def test_a_button_is_tapped_once_and_stays_marked_as_chosen_after_a_reload(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "Which?", buttons=CHOICES)
    await visit.button("Leave it").click()
    await until(lambda: talk.texts() == ["hello", "/deny"])
    await visit.shows("hello", "Which?", "Leave it")
    for _ in range(2):
        await expect(visit.log.locator(".chip[data-chosen=true]")).to_have_text(re.compile("Leave it"))
        await expect(visit.log.locator(".chip:enabled")).to_have_count(0)
        await visit.go()
        await visit.open()
    assert talk.texts() == ["hello", "/deny"]


async def test_buttons_of_a_question_that_was_passed_over_can_no_longer_be_tapped(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "Cancel it?", buttons=CHOICES)
    await expect(visit.button("Change it")).to_be_enabled()
    await visit.tell("something else")
    await expect(visit.button("Change it")).to_be_disabled()


async def test_cards_show_all_they_carry_and_are_browsed_by_keys_and_arrows(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("shirts please")
    first = card(1, subtitle="In stock in M", image="/media/products/1.svg", reason="Your size and budget")
    await gateway.say(talk, "bot", "Look:", cards=[first, *map(card, range(2, 6))])
    shown = visit.log.locator(".card").first
    for text in ("Shirt 1", "€ 49.00", "In stock in M", "Your size and budget"):
        await expect(shown).to_contain_text(text)
    await expect(shown.locator("img")).to_have_js_property("complete", True)
    track = visit.log.locator(".cards")
    await expect(visit.button("Previous suggestions")).to_be_hidden()
    await track.press("ArrowRight")
    await visit.page.wait_for_function("e => e.scrollLeft > 150", arg=await track.element_handle())
    await visit.button("Previous suggestions").click()
    await visit.page.wait_for_function("e => e.scrollLeft < 5", arg=await track.element_handle())
    await visit.button("Details 1").click()
    await until(lambda: talk.texts()[-1].startswith("/check_stock"))
    await visit.shows("shirts please", "Look:", "Details 1")
    await expect(visit.log.locator(".chip[data-chosen=true]")).to_have_count(1)


async def test_hostile_texts_are_shown_as_they_are_and_do_nothing(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell(HOSTILE[0])
    for text in HOSTILE:
        buttons = [{"title": text, "payload": f"/x{text}"}]
        cards = [card(1, title=text, reason=text, subtitle=text, price=text, image="javascript:alert(1)")]
        await gateway.say(
            talk, "bot", text, name=text, buttons=buttons, cards=cards, image=f"data:text/html,{text}"
        )
        await gateway.say(talk, "system", text)
    await visit.shows(HOSTILE[0], *HOSTILE)
    await gateway.change(talk, owner="agent", agent={"name": HOSTILE[0]})
    await gateway.emit(talk, "typing", {"who": "agent", "name": HOSTILE[0], "on": True})
    await expect(visit.log.locator(".typing")).to_be_visible()
    assert await visit.page.evaluate("window.hacked") is None
    assert await visit.log.locator("script, .bubble img, .bubble svg, .picture, .card img").count() == 0
    assert await visit.log.locator("a[href^='javascript']").count() == 0


async def test_addresses_become_links_that_cannot_reach_back(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "See (https://shop.example/a?b=1&c=2). Or help@shop.example, javascript:x")
    links = visit.log.locator(".bot a")
    await expect(links).to_have_count(2)
    await expect(links.first).to_have_attribute("href", "https://shop.example/a?b=1&c=2")
    await expect(links.first).to_have_attribute("rel", re.compile("noopener.*noreferrer"))
    await expect(links.last).to_have_attribute("href", "mailto:help@shop.example")


async def test_a_picture_is_shown_with_a_name(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "", image="/media/products/3.svg")
    await expect(visit.log.get_by_role("img", name="Picture")).to_be_visible()


async def test_delivered_becomes_read_when_a_person_has_read_it(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await expect(visit.log.get_by_text("Delivered")).to_be_visible()
    await gateway.emit(talk, "read", {"number": 1})
    await expect(visit.log.get_by_text("Read", exact=True)).to_be_visible()


async def test_typing_shows_until_the_message_is_there(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await gateway.emit(talk, "typing", {"who": "bot", "name": None, "on": True})
    await expect(visit.log.get_by_text("The assistant is typing")).to_be_attached()
    await gateway.say(talk, "bot", "Done")
    await expect(visit.log.locator(".typing")).to_have_count(0)


async def test_the_customers_own_typing_is_told_and_ends_with_the_message(
    visit: Visit, gateway: FakeGateway
) -> None:
    await visit.field.press_sequentially("hello")
    await until(lambda: gateway.talk.typing == [True])
    await visit.field.press("Enter")
    await until(lambda: gateway.talk.typing == [True, False])


async def test_the_way_to_a_person_the_place_in_the_queue_and_the_way_back(
    visit: Visit, gateway: FakeGateway
) -> None:
    await visit.button("Talk to a person").click()
    await until(lambda: bool(gateway.talk.texts()))
    talk = gateway.talk
    await gateway.change(talk, owner="queue", status="queued", queue_position=3)
    await expect(visit.panel.get_by_text("You are number 3 in the queue.")).to_be_visible()
    await expect(visit.button("Talk to a person")).to_have_count(0)
    await gateway.change(talk, queue_position=1)
    await expect(visit.panel.get_by_text("You are number 1 in the queue.")).to_be_visible()
    await gateway.change(talk, owner="agent", status="assigned", queue_position=None, agent={"name": "Asha"})
    await expect(visit.panel.get_by_text("in the queue")).to_have_count(0)
    await gateway.change(talk, owner="bot", status="bot", agent=None)
    await gateway.say(talk, "system", "The assistant is back", key="back")
    await expect(visit.panel.get_by_text("Automated assistant", exact=True)).to_be_visible()
    await expect(visit.button("Talk to a person")).to_be_visible()


async def test_the_inboxs_own_buttons_open_the_talk_and_lead_to_a_person(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.options = {
        "name": "The shop",
        "welcome": "Good day!",
        "buttons": [
            {"title": "Where is my order?", "payload": "/track_order"},
        ],
    }
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        await expect(visit.page.get_by_role("dialog", name="The shop")).to_be_visible()
        await expect(visit.log.get_by_text("Good day!")).to_be_visible()
        await visit.button("Where is my order?").click()
        await until(lambda: gateway.talk.texts() == ["/track_order"])
        await visit.shows("Where is my order?")
        await visit.button("Talk to a person").click()
        await until(lambda: gateway.talk.texts() == ["/track_order", "/contact_human"])
        await visit.shows("Where is my order?", "Talk to a person")


async def test_unread_messages_are_counted_until_the_panel_opens(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    await visit.page.keyboard.press("Escape")
    await gateway.say(talk, "bot", "one")
    await gateway.say(talk, "bot", "two")
    await expect(visit.launcher).to_have_accessible_name("Open the chat, 2 new messages")
    await visit.go()
    await expect(visit.launcher).to_have_accessible_name("Open the chat, 2 new messages")
    await visit.open()
    await until(lambda: talk.reads[-1:] == [3])
    await visit.page.keyboard.press("Escape")
    await expect(visit.launcher).to_have_accessible_name("Open the chat")


async def test_scrolled_up_a_new_message_does_not_move_the_page_but_is_announced(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    for number in range(30):
        await gateway.say(talk, "bot", f"line {number}")
    await expect(visit.bubbles).to_have_count(31)
    await visit.log.evaluate("e => new Promise(done => { e.onscrollend = done; e.scrollTop = 0 })")
    await gateway.say(talk, "bot", "the newest")
    await visit.button("1 new message").click()
    await expect(visit.log.get_by_text("the newest")).to_be_in_viewport()
    await expect(visit.button("1 new message")).to_have_count(0)


async def test_the_composer_grows_breaks_lines_and_stops_at_the_limit(
    visit: Visit, gateway: FakeGateway
) -> None:
    small = await visit.field.evaluate("e => e.offsetHeight")
    await visit.field.press_sequentially("one")
    await visit.field.press("Shift+Enter")
    await visit.field.press_sequentially("two")
    await expect(visit.field).to_have_value("one\ntwo")
    assert await visit.field.evaluate("e => e.offsetHeight") > small
    await visit.field.fill("x" * (gateway.limit - 5))
    await expect(visit.panel.get_by_text("5 characters left")).to_be_visible()
    await visit.field.fill("x" * (gateway.limit + 1))
    await expect(visit.panel.get_by_text("1 character too many")).to_be_visible()
    await expect(visit.button("Send")).to_be_disabled()
    await visit.field.press("Enter")
    await visit.field.fill("  ")
    await visit.field.press("Enter")
    assert gateway.talk.texts() == []


async def test_right_to_left_the_whole_widget_turns(browser: Browser, gateway: FakeGateway) -> None:
    gateway.texts["widget"]["direction"] = "rtl"
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        box = await visit.panel.bounding_box()
        assert box is not None
        assert box["x"] < 100
        talk = await visit.tell("shirts")
        await gateway.say(talk, "bot", "Look:", cards=[*map(card, range(1, 6))])
        track = visit.log.locator(".cards")
        await track.press("ArrowLeft")
        await visit.page.wait_for_function("e => e.scrollLeft < -150", arg=await track.element_handle())


async def test_on_a_phone_the_panel_fills_the_screen_and_holds_the_focus(
    browser: Browser, gateway: FakeGateway
) -> None:
    async with visiting(browser, gateway, **PHONE) as visit:
        await visit.go()
        await visit.open()
        assert await visit.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        await expect(visit.launcher).to_be_hidden()
        for _ in range(12):
            await visit.page.keyboard.press("Tab")
            assert await visit.page.evaluate("document.activeElement.localName") == "setu-chat"


async def test_an_inbox_chooses_its_colour_and_the_text_on_it_stays_readable(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.options = {"theme": {"scheme": "dark", "accent": "#ffd400", "side": "start"}}
    async with visiting(browser, gateway) as visit:
        await visit.go()
        look = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        assert await visit.launcher.evaluate(look) == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
        box = await visit.launcher.bounding_box()
        assert box is not None
        assert box["x"] < 100

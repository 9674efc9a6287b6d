"""Every message once and in order, whatever happens to the line, the page or the tab."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.fake import until
from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import BROKEN_LINE, Visit, chatting, tab, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, gateway: FakeGateway) -> AsyncIterator[Visit]:
    async with chatting(browser, gateway, *BROKEN_LINE) as started:
        yield started


async def test_a_message_whose_acknowledgement_was_lost_is_stored_and_shown_once(
    visit: Visit, gateway: FakeGateway
) -> None:
    gateway.swallow_acks = 2
    talk = await visit.tell("Where is my parcel?")
    await expect(visit.page.get_by_text("Delivered")).to_be_visible(timeout=15_000)
    assert gateway.swallow_acks == 0
    assert talk.texts() == ["Where is my parcel?"]
    await visit.shows("Where is my parcel?")


async def test_what_is_written_while_the_line_is_down_arrives_once_and_in_order(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("one")
    await gateway.cut()
    for text in ("two", "three", "four"):
        await visit.write(text)
    await expect(visit.page.get_by_text("Connection lost")).to_be_visible()
    await expect(visit.page.get_by_text("Waits for the connection")).to_be_visible()
    gateway.mend()
    await expect(visit.page.get_by_text("Connected again")).to_be_visible(timeout=15_000)
    await until(lambda: talk.texts() == ["one", "two", "three", "four"])
    await visit.shows("one", "two", "three", "four")


async def test_what_came_while_the_line_was_down_is_fetched_in_order(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await gateway.cut()
    for text in ("first", "second", "third"):
        await gateway.say(talk, "bot", text)
    gateway.mend()
    await visit.shows("hello", "first", "second", "third")


async def test_a_message_that_overtook_another_leads_to_the_missing_one_being_fetched(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    gateway._store(talk, "bot", "the one that went missing")
    await gateway.say(talk, "bot", "the one that came")
    await visit.shows("hello", "the one that went missing", "the one that came")


async def test_numbers_of_notes_are_not_waited_for(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    gateway._store(talk, "agent", "between ourselves")["private"] = True
    await gateway.say(talk, "agent", "Good day", name="Asha")
    await gateway.change(talk, owner="agent")
    syncs = gateway.syncs
    await gateway.say(talk, "agent", "How can I help?", name="Asha")
    await visit.shows("hello", "Good day", "How can I help?")
    assert gateway.syncs <= syncs + 1


async def test_an_event_delivered_twice_is_shown_once(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("hello")
    message = await gateway.say(talk, "bot", "Hi there")
    await gateway.emit(talk, "message", {"message": message})
    await gateway.say(talk, "bot", "And again")
    await visit.shows("hello", "Hi there", "And again")


async def test_a_reload_keeps_the_talk_the_draft_and_what_was_not_yet_sent(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await gateway.say(talk, "bot", "Hi there")
    await visit.shows("hello", "Hi there")
    await gateway.cut()
    await visit.write("not sent yet")
    await visit.field.fill("half a thou")
    gateway.mend()
    await visit.go()
    await visit.open()
    await visit.shows("hello", "Hi there", "not sent yet")
    await expect(visit.field).to_have_value("half a thou")
    await until(lambda: talk.texts() == ["hello", "not sent yet"])
    assert len(gateway.talks) == 1


async def test_two_tabs_share_one_talk_and_both_show_all_of_it_once(
    visit: Visit, gateway: FakeGateway
) -> None:
    other = await tab(visit.page.context, gateway)
    await other.go()
    await other.open()
    await visit.tell("from the first")
    await other.tell("from the second")
    await gateway.say(gateway.talk, "bot", "Seen both")
    for one in (visit, other):
        await one.shows("from the first", "from the second", "Seen both")


async def test_two_tabs_opened_at_once_become_one_contact(browser: Browser, gateway: FakeGateway) -> None:
    async with visiting(browser, gateway) as first:
        second = await tab(first.page.context, gateway)
        for one in (first, second):
            await one.page.goto(f"{gateway.url}/page", wait_until="commit")
        for one in (first, second):
            await one.launcher.wait_for()
        assert len(gateway.talks) == 1


async def test_where_websockets_are_blocked_long_polling_carries_the_talk(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.no_websocket = True
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        talk = await visit.tell("over the slow line")
        await gateway.say(talk, "bot", "It works")
        await visit.shows("over the slow line", "It works")
        await visit.tell("and on")
        await visit.shows("over the slow line", "It works", "and on")
        assert visit.console.without(*BROKEN_LINE) == []


async def test_coming_back_to_the_tab_fetches_what_was_missed(visit: Visit, gateway: FakeGateway) -> None:
    talk = await visit.tell("before the sleep")
    gateway._store(talk, "bot", "said while asleep")
    await visit.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await visit.shows("before the sleep", "said while asleep")


async def test_a_line_that_went_dead_in_sleep_is_dialled_anew(browser: Browser, gateway: FakeGateway) -> None:
    async with visiting(browser, gateway) as visit:
        await visit.page.clock.install()
        await visit.go()
        await visit.open()
        talk = await visit.tell("before the sleep")
        (before,) = gateway.sids
        gateway.mute = True
        gateway._store(talk, "bot", "said while asleep")
        asked = gateway.syncs
        await visit.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await until(lambda: gateway.syncs > asked)
        gateway.mute = False
        await visit.page.clock.fast_forward(9_000)
        await visit.shows("before the sleep", "said while asleep")
        await until(lambda: before not in gateway.sids and len(gateway.sids) == 1)


async def test_a_token_that_expires_under_an_open_page_begins_a_new_talk_and_loses_no_word(
    visit: Visit, gateway: FakeGateway
) -> None:
    await visit.tell("in the old talk")
    await gateway.cut()
    gateway.talks.clear()
    await visit.write("for the new one")
    gateway.mend()
    await until(lambda: bool(gateway.talks) and gateway.talk.texts() == ["for the new one"])
    await visit.shows("for the new one")


async def test_a_refused_message_says_why_and_can_be_sent_again_or_removed(
    visit: Visit, gateway: FakeGateway
) -> None:
    gateway.refuse = {"code": "too_fast", "message": "That was too fast."}
    await visit.write("keep me")
    await visit.write("drop me")
    await expect(visit.page.get_by_text("That was too fast.")).to_have_count(2)
    gateway.refuse = None
    await visit.button("Remove").last.click()
    await visit.button("Try again").click()
    await until(lambda: bool(gateway.talk.texts()))
    await visit.shows("keep me")
    assert gateway.talk.texts() == ["keep me"]


async def test_asked_to_slow_down_the_widget_waits_and_sends_again_by_itself(
    visit: Visit, gateway: FakeGateway
) -> None:
    gateway.refuse = {"code": "too_fast", "message": "Slow down.", "retry_after": 0.2}
    await visit.write("patience")
    await until(lambda: gateway.refusals > 1)
    gateway.refuse = None
    await until(lambda: gateway.talk.texts() == ["patience"])
    await expect(visit.page.get_by_text("Slow down.")).to_have_count(0)


async def test_a_forged_identity_is_told_and_never_becomes_a_visitor(
    browser: Browser, gateway: FakeGateway
) -> None:
    forged = json.dumps({"customer": "c1", "expires": 2_000_000_000, "signature": "forged"})
    async with visiting(browser, gateway) as visit:
        await visit.go(identity=forged)
        await visit.launcher.click()
        await expect(visit.page.get_by_role("alertdialog")).to_have_text("We could not confirm who you are.")
        assert gateway.talks == {}


async def test_a_customer_and_the_next_person_at_the_machine_do_not_share_a_talk(
    browser: Browser, gateway: FakeGateway
) -> None:
    signed = json.dumps({"customer": "c1", "expires": 2_000_000_000, "signature": "good"})
    async with visiting(browser, gateway) as visit:
        await visit.go(identity=signed)
        await visit.open()
        await visit.tell("about my order")
        await visit.go()
        await visit.open()
        await visit.shows()
        assert [talk.customer for talk in gateway.talks.values()] == ["c1", None]


async def test_a_gateway_that_is_down_at_first_is_asked_again_until_it_answers(
    browser: Browser, gateway: FakeGateway
) -> None:
    gateway.failing_starts = 2
    async with visiting(browser, gateway) as visit:
        await visit.go()
        await visit.open()
        await visit.tell("at last")
        assert gateway.starts == 3


async def test_a_token_the_gateway_no_longer_knows_begins_a_new_talk(
    visit: Visit, gateway: FakeGateway
) -> None:
    await visit.tell("long ago")
    await visit.taken()  # else it is rightly sent again
    gateway.talks.clear()
    await visit.go()
    await visit.open()
    talk = await visit.tell("anew")
    assert talk.texts() == ["anew"]
    await visit.shows("anew")


async def test_a_long_absence_loses_nothing_even_if_the_talk_has_to_be_started_anew(
    visit: Visit, gateway: FakeGateway
) -> None:
    talk = await visit.tell("hello")
    await gateway.cut()
    for number in range(70):
        await gateway.say(talk, "bot", f"line {number}")
    gateway.refused_sockets = 1
    gateway.mend()
    await visit.shows("hello", *(f"line {number}" for number in range(70)))


async def test_an_identity_that_expires_is_told_and_a_fresh_one_goes_on_with_what_was_written(
    browser: Browser, gateway: FakeGateway
) -> None:
    identity = {"customer": "c1", "expires": 2_000_000_000, "signature": "old"}
    async with visiting(browser, gateway) as visit:
        await visit.go(identity=json.dumps(identity))
        await visit.open()
        talk = await visit.tell("hello")
        gateway.unproven.add("old")
        gateway.refused_sockets = 1
        await gateway.cut()
        await visit.write("still me")
        gateway.mend()
        await expect(visit.panel.get_by_text("We could not confirm who you are.")).to_be_visible(
            timeout=15_000
        )
        assert talk.texts() == ["hello"]
        fresh = {**identity, "signature": "new"}
        await visit.page.locator("setu-chat").evaluate("(chat, fresh) => { chat.identity = fresh }", fresh)
        await until(lambda: talk.texts() == ["hello", "still me"])
        await visit.shows("hello", "still me")

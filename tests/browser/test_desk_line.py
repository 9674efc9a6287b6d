"""The desk and its line: whatever breaks, every message is there once and in order, and the agent is told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.desk_visit import DeskVisit, at_the_desk
from tests.browser.fake_desk import FakeDesk
from tests.browser.visit import BROKEN_LINE

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, desk: FakeDesk) -> AsyncIterator[DeskVisit]:
    async with at_the_desk(browser, desk) as started:
        yield started
        assert started.console.without("401", *BROKEN_LINE) == []


async def test_after_a_broken_line_the_gap_is_filled_in_order(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    banner = visit.page.locator(".banner")
    await desk.cut()
    await expect(banner).to_contain_text("Connection lost")
    talk = desk.talks["t-priya"]
    missed = [f"missed {number}" for number in range(1, 251)]
    for words in missed:
        talk.add("customer", words)
    desk.talks["t-bot1"].row |= {"status": "queued", "queued_at": desk.now()}
    desk.mend()
    await expect(banner).to_contain_text("Connected again", timeout=20_000)
    await visit.shows("The zip broke on the second day", *missed)
    numbers = await visit.page.locator(".message").evaluate_all(
        "all => all.map((e) => Number(e.dataset.number))"
    )
    assert numbers == list(range(1, 253))
    await expect(visit.page.locator(".view[href='#/queue'] .count")).to_contain_text("5")
    await expect(banner).to_have_count(0, timeout=10_000)


async def test_messages_that_overtake_each_other_are_put_in_order(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    talk = desk.talks["t-priya"]
    later = [talk.add("customer", f"word {number}") for number in range(3, 7)]
    for message in (later[3], later[1], later[1]):
        await desk.emit("message", {"conversation_id": "t-priya", "message": message})
    await visit.shows("The zip broke on the second day", "word 3", "word 4", "word 5", "word 6")


async def test_a_message_announced_only_by_its_row_is_fetched(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    talk = desk.talks["t-priya"]
    talk.add("customer", "Nobody told you of me")
    await desk.tell(talk)
    await visit.shows("Nobody told you of me")


async def test_what_is_written_without_a_line_goes_out_once_when_it_is_back(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    await desk.cut()
    await expect(visit.page.locator(".banner")).to_be_visible()
    await visit.write("Written in a tunnel")
    await expect(visit.group("you").get_by_role("img", name="Sending")).to_be_visible()
    desk.mend()
    await expect(visit.group("you").get_by_role("img", name="Delivered")).to_be_visible(timeout=20_000)
    stored = [message["text"] for message in desk.talks["t-priya"].messages]
    assert stored.count("Written in a tunnel") == 1
    await visit.shows("The zip broke on the second day", "Written in a tunnel")


async def test_a_sign_in_that_ended_leads_to_the_door_and_back_to_the_same_place(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    desk.tokens.clear()
    await visit.write("Are you there?")
    await expect(visit.page.get_by_role("heading", name="Setu desk")).to_be_visible()
    await visit.page.get_by_label("E-mail").fill("meera@shop.test")
    await visit.page.get_by_label("Password").fill("open sesame")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".talk-head h1")).to_have_text("Priya Iyer")
    await expect(visit.group("you")).to_contain_text("Not sent")


async def test_a_talk_that_moved_on_while_away_is_shown_as_it_is_now(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    await desk.cut()
    await expect(visit.page.locator(".banner")).to_be_visible()
    desk.talks["t-priya"].row |= {"status": "resolved", "agent": None, "epoch": 5}
    desk.mend()
    await expect(visit.page.locator(".talk-head .status")).to_have_text("Resolved", timeout=20_000)
    await expect(visit.row("t-priya")).to_have_count(0)


async def test_signing_out_without_a_line_does_not_pretend(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await visit.field.fill("Half a thought")
    await desk.cut()
    await visit.button("Your menu, Meera Nair").click()
    await visit.button("Sign out").click()
    await expect(visit.page.locator(".toast")).to_contain_text("No connection to the server")
    await expect(visit.field).to_have_value("Half a thought")
    desk.mend()
    await visit.button("Sign out").click()
    await expect(visit.page.get_by_role("heading", name="Setu desk")).to_be_visible()
    assert desk.tokens == set()
    assert await visit.page.evaluate("localStorage.getItem('setu.desk.drafts.a-meera')") is None

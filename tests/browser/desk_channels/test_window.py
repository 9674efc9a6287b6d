"""The time in which a platform lets us answer: what can be sent when, and the templates after it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.desk_data import ago
from tests.browser.desk_visit import DeskVisit
from tests.browser.fake_desk import FakeDesk, Talk

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
    await visit.accessible()
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

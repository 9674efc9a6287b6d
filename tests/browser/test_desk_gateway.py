"""The desk in a browser at the real gateway: the whole talk, from the customer's wish to the bot's return."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from handoff.conversations import reading
from tests.support.browser import accessible, fresh_tab
from tests.support.conversations import said, wish
from tests.support.databases import create_tables
from tests.support.gateway import PASSWORD, Gateway, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Gateway]:
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    async with gateway(url) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, running: Gateway) -> AsyncIterator[Page]:
    async with fresh_tab(browser) as (opened, console):
        yield opened
        assert console.errors == []


async def signed_in(page: Page, running: Gateway, name: str, availability: str = "away") -> None:
    agent = await running.hire(name)
    await page.goto(f"{running.url}/desk")
    await page.get_by_label("E-mail").fill(agent.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    if availability == "away":
        await page.get_by_role("button", name=f"Your menu, {name}").click()
        await page.get_by_role("radio", name="Away").check(force=True)
        await page.keyboard.press("Escape")


async def test_from_the_wish_for_a_person_to_the_bot_again(page: Page, running: Gateway) -> None:
    await signed_in(page, running, "Maria")
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    await visitor.say("A person, please")
    await page.get_by_role("button", name="Claim the conversation with Visitor").click()
    await expect(page.locator(".talk-head .status")).to_have_text("With you")
    await expect(page.locator(".reason")).to_contain_text("asked for a person", ignore_case=True)
    field = page.locator("setu-composer textarea")
    await field.fill("Here I am")
    await field.press("Enter")
    heard = await visitor.socket.until("message", lambda data: data["message"]["sender"] == "agent")
    assert heard["message"]["text"] == "Here I am"
    await visitor.socket.call("typing", {"on": True})
    await expect(page.locator(".typing")).to_be_visible()
    await visitor.say("Wonderful")
    await expect(page.locator(".log .text").last).to_have_text("Wonderful")
    await visitor.socket.call("read", {"number": heard["message"]["number"]})
    await expect(page.locator(".group.you").get_by_role("img", name="Read")).to_be_visible()
    await page.get_by_role("tab", name="Private note").click()
    await field.fill("Only for us")
    await field.press("Enter")
    await expect(page.locator(".group.note")).to_contain_text("Only for us")
    await accessible(page)
    running.bot.answer = lambda _request: said("I am back")
    await page.get_by_role("button", name="Hand back").click()
    await page.get_by_role("radio", name="Track an order").check()
    await page.locator("dialog").get_by_role("button", name="Hand back").click()
    await expect(page.locator(".talk-head .status")).to_have_text("With the bot")
    await expect(page.locator(".group.bot").last).to_contain_text("I am back")
    assert [line.text for line in running.bot.asked[-1].meanwhile] == ["Here I am", "Wonderful"]
    async with running.database.read() as session:
        stored = await reading.messages(session, visitor.conversation_id, limit=100, private=True)
    shown = await page.locator(".log :is(.text, .line > span)").all_inner_texts()
    assert shown == [message.text for message in stored]


async def test_who_is_online_is_given_the_talk_and_search_finds_it(page: Page, running: Gateway) -> None:
    await signed_in(page, running, "Ravi", "online")
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    await visitor.say("My lamp arrived broken")
    await page.get_by_role("link", name="New conversation for you: Visitor").click()
    await expect(page.locator(".log .text").first).to_have_text("My lamp arrived broken")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("lamp")
    await expect(page.get_by_role("option").first).to_contain_text("My lamp arrived broken")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk-head .status")).to_have_text("Resolved")
    ended = await visitor.socket.until("conversation", lambda row: row["status"] == "resolved")
    assert ended["owner"] == "nobody"


async def test_a_talk_claimed_by_a_colleague_leaves_the_queue(page: Page, running: Gateway) -> None:
    await signed_in(page, running, "Lena")
    other = await running.browser(await running.hire("Oskar"))
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    await visitor.say("Hello?")
    row = page.locator(f".row[data-id='{visitor.conversation_id}']")
    await row.click()
    await expect(page.locator(".talk-head .status")).to_have_text("Waiting for a person")
    claimed = await other.http.post(f"/api/desk/conversations/{visitor.conversation_id}/claim")
    assert claimed.status_code == 200
    await expect(row).to_have_count(0)
    await expect(page.locator(".toast")).to_contain_text("A colleague has the conversation with Visitor")

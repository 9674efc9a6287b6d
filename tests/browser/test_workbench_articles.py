"""The help articles in a browser at the real gateway: found, written, drafted from an agent's words."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from actions.db import new_id, now
from actions.knowledge.search import Knowledge
from handoff.conversations.models import Contact, Conversation, Handoff, Message
from handoff.workbench.models import Change, Utterance
from tests.browser.visit import PHONE
from tests.support.browser import Console, accessible
from tests.support.databases import create_tables
from tests.support.gateway import PASSWORD, Gateway, gateway
from tests.support.servers import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

LINK = "You have 30 days. https://shop.example/help/en/returns#s2"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": PHONE,
}


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Gateway]:
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    workspace = tmp_path / "workspace"
    for folder in ("data", "tests/stories"):
        shutil.copytree(ROOT / folder, workspace / folder)
    shutil.copy(ROOT / "domain.yml", workspace)
    knowledge = Knowledge.open(workspace / "data" / "knowledge", folder=tmp_path)
    async with gateway(url, knowledge=knowledge, workspace=workspace) as made:
        await talked(made)
        yield made


async def talked(running: Gateway) -> None:
    """One question that an article answered, one that an agent did, one that nobody did."""
    inbox, agent = await running.inbox(), await running.hire("Maria")
    talks = [
        [("customer", "how long may I keep it", None), ("bot", LINK, None), ("customer", "Thanks", "/thank")],
        [
            ("customer", "do you iron the shirts before you send them", None),
            (
                "agent",
                "Hello Ravi, yes: all shirts are ironed and packed flat before they leave us.",
                None,
            ),
        ],
    ]
    async with running.database.write() as session:
        for number, lines in enumerate(talks):
            contact, conversation = new_id(), new_id()
            session.add(Contact(id=contact, inbox_id=inbox.inbox.id, external_id=str(number), name="Ravi"))
            await session.flush()
            session.add(
                Conversation(
                    id=conversation, contact_id=contact, inbox_id=inbox.inbox.id, language="en",
                    last_message_at=now(), last_number=len(lines),
                )
            )  # fmt: skip
            await session.flush()
            if lines[-1][0] == "agent":
                begun = now() - timedelta(minutes=5)
                session.add(Handoff(conversation_id=conversation, epoch=1, reason="asked", assigned_at=begun))
            for at, (sender, text, payload) in enumerate(lines, 1):
                session.add(
                    Message(
                        conversation_id=conversation, number=at, sender=sender, text=text, payload=payload,
                        agent_id=agent.id if sender == "agent" else None, contact_id=contact,
                    )
                )  # fmt: skip
        session.add(
            Utterance(
                key="x", text="can you sew my name into it", language="en", count=4, score=0.9,
                reading={"doubtful": True},
            )
        )  # fmt: skip


@asynccontextmanager
async def trainer(
    browser: Browser, running: Gateway, look: str = "light", **more: Any
) -> AsyncIterator[Page]:
    agent = await running.hire("Asha", "trainer", **more)
    context = await browser.new_context(**LOOKS[look])
    page = await context.new_page()
    console = Console()
    console.listen(page)
    await page.goto(f"{running.url}/workbench/#/articles")
    await page.locator("input[type=email]").fill(agent.email)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator(".articles .wb-row").first.wait_for()
    yield page
    await picture(page, look)
    await context.close()
    assert [error for error in console.errors if "409" not in error] == []  # a refusal is told on the page


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SETU_SHOTS"):
        await page.screenshot(path=f"{folder}/articles-{name}.png")


async def change_of(running: Gateway, page: Page) -> Change:
    await page.wait_for_url("**/#/changes/*")
    async with running.database.read() as session:
        return await session.get_one(Change, page.url.rsplit("/", 1)[1])


async def test_an_article_is_changed_and_the_change_shown(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running) as page:
        await page.get_by_label("Search articles").fill("Returning")
        row = page.locator(".articles .wb-row")
        await expect(row).to_contain_text("Answered once in 30 days · helped: 1")
        await row.click()
        await expect(page.get_by_label("Title")).to_have_value("Returning something")
        await expect(page.locator(".article-shown")).to_contain_text("How to return something")
        text = page.get_by_role("textbox", name="Text", exact=False).first
        await text.fill(
            "You can send things back within 40 days.\n\n## A <b>new</b> part\n\nIt says **more**."
        )
        await expect(page.locator(".article-shown strong")).to_have_text("more")
        await expect(page.locator(".article-shown h3")).to_have_text("A <b>new</b> part")
        await picture(page, "editor")
        await page.get_by_role("button", name="Keep as a change").click()
        change = await change_of(running, page)
        assert "40 days" in change.files[0]["after"]
        await expect(page.locator(".diff")).to_contain_text("40 days")


async def test_an_article_begins_with_what_was_asked_in_vain(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running) as page:
        await page.get_by_role("link", name="Asked in vain").click()
        await expect(page.locator(".article-question")).to_contain_text("Asked 4 times")
        await page.get_by_role("link", name="Write an article").click()
        await expect(page.get_by_label("Questions it answers")).to_have_value("can you sew my name into it")
        await page.get_by_label("Title").fill("Names sewn in")
        await page.get_by_label("Text").first.fill("We sew names into scarves. It takes two days.")
        await page.get_by_label("Add a wish").select_option("gift_wrap")
        await picture(page, "new")
        await page.get_by_role("button", name="Keep as a change").click()
        (file,) = (await change_of(running, page)).files
        assert file["path"] == "data/knowledge/en/names-sewn-in.md"
        assert "topics: [gift_wrap]" in file["after"]


async def test_what_an_agent_answered_becomes_a_draft(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running) as page:
        await page.get_by_role("link", name="Agents' answers").click()
        await page.get_by_role("link", name="Make a draft").click()
        await expect(page.get_by_label("Title")).to_have_value("Do you iron the shirts before you send them")
        await expect(page.get_by_label("Text").first).to_have_value(
            "Yes: all shirts are ironed and packed flat before they leave us."
        )
        await picture(page, "draft")


async def test_a_translation_is_written_beside_the_article_it_is_made_from(
    browser: Browser, running: Gateway
) -> None:
    async with trainer(browser, running) as page:
        await page.get_by_label("Search articles").fill("care")
        await page.locator(".articles .wb-row").first.click()
        await page.get_by_label("Language of the article").select_option("el")
        await expect(page.get_by_label("Title")).to_have_value("")
        await expect(page.locator(".article-shown")).to_contain_text("washed")
        await picture(page, "translation")


async def test_what_two_write_at_once_is_not_lost(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running) as page:
        await page.goto(f"{running.url}/workbench/#/articles/returns?language=en")
        await expect(page.get_by_label("Title")).to_have_value("Returning something")
        await page.get_by_label("Text").first.fill("Mine.")
        file = running.workspace / "data/knowledge/en/returns.md"
        file.write_text(file.read_text("utf-8") + "\nAnother's.\n", "utf-8")
        async with page.expect_response("**/api/workbench/articles") as refused:
            await page.get_by_role("button", name="Keep as a change").click()
        assert (await refused.value).status == 409
        await expect(page.get_by_role("alert")).to_contain_text("Somebody has changed this article")
        await expect(page.get_by_label("Text").first).to_have_value("Mine.")


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_and_nothing_overflows(browser: Browser, running: Gateway, look: str) -> None:
    async with trainer(browser, running, look) as page:
        for place in ("", "?show=unanswered", "?show=answers", "/returns?language=en"):
            await page.goto(f"{running.url}/workbench/#/articles{place}")
            await page.locator(".articles").wait_for()
            await expect(page.locator(".wb-ghosts")).to_have_count(0)
            await accessible(page)
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            await picture(page, f"{look}{place.replace('?', '-').replace('/', '-')}")


async def test_in_persian_it_reads_from_the_right(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running, languages=["fa"]) as page:
        await page.goto(f"{running.url}/workbench/#/articles/returns?language=fa")
        await expect(page.locator(".article-shown")).to_be_visible()
        assert await page.evaluate("document.documentElement.dir") == "rtl"
        await accessible(page)
        await picture(page, "persian")

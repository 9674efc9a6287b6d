"""Labelling in a browser at the real gateway: imported, labelled, taken back, settled, made a change."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from actions.db import now
from handoff.workbench.models import Annotation, Change, Topic, Utterance
from tests.support.browser import Console, accessible
from tests.support.databases import create_tables
from tests.support.gateway import PASSWORD, Gateway, gateway
from tests.support.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
LINES = ["my jumper is too tight, may I send it back", "the courier never rang the bell", "do you sell kites"]


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Gateway]:
    workspace = tmp_path / "workspace"
    shutil.copytree(ROOT / "data" / "nlu" / "en", workspace / "data" / "nlu" / "en")
    shutil.copy(ROOT / "domain.yml", workspace)
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    async with gateway(url, workspace=workspace) as made:
        yield made


@asynccontextmanager
async def trainer(
    browser: Browser, running: Gateway, name: str, role: str = "trainer"
) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    console = Console()
    console.listen(page)
    agent = await running.hire(name, role)
    await page.goto(f"{running.url}/workbench/")
    await page.get_by_label("E-mail").fill(agent.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".rail")).to_be_visible()
    yield page
    await context.close()
    assert console.errors == []


async def imported(page: Page, *lines: str) -> None:
    await page.get_by_role("button", name="Import").first.click()
    dialog = page.locator("dialog[open]")
    await dialog.get_by_role("textbox").fill("\n".join(lines))
    await dialog.get_by_role("button", name="Import", exact=True).click()
    await expect(dialog.get_by_role("status")).to_contain_text(f"{len(lines)} new message")
    await dialog.get_by_role("button", name="Done").click()


async def plain(running: Gateway, **values: object) -> None:
    """What chance decides about messages, decided: nothing is drawn, nobody else is asked."""
    async with running.database.write() as session:
        chosen = {"sampled": False, "frozen": False, "second": False, "language": "en"} | values
        await session.execute(update(Utterance).values(**chosen))


async def labels(running: Gateway) -> list[Annotation]:
    async with running.database.read() as session:
        asked = select(Annotation).where(Annotation.undone_at.is_(None)).order_by(Annotation.at)
        return list(await session.scalars(asked))


async def counted(running: Gateway, wanted: int) -> None:
    async def there() -> bool:
        return len(await labels(running)) == wanted

    await until(there, 15)


async def say(page: Page, letters: str) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type(letters)
    await page.keyboard.press("Enter")


async def test_from_an_import_to_a_change_of_the_examples(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running, "Tara") as page:
        await imported(page, *LINES)
        await plain(running)
        await page.reload()
        await expect(page.locator(".wl-message")).to_be_visible()
        await expect(page.locator(".wl-choice").first).to_be_visible()
        await accessible(page)
        first = await page.locator(".wl-message").inner_text()
        await say(page, "return an item")
        await expect(page.locator(".wl-message")).not_to_contain_text(first)
        await counted(running, 1)
        await page.keyboard.press("u")
        await counted(running, 0)
        await expect(page.locator(".wl-message")).to_contain_text(first)
        await say(page, "return an item")
        await page.keyboard.press("o")
        await counted(running, 2)
        given = await labels(running)
        assert [one.kind for one in given] == ["intent", "out_of_scope"]
        await page.locator(".wl-progress .primary").click()
        await page.wait_for_url("**/#/changes/*")
        async with running.database.read() as session:
            change = (await session.scalars(select(Change))).one()
        assert change.id in page.url


async def test_two_people_disagree_and_a_third_settles_it(browser: Browser, running: Gateway) -> None:
    async with trainer(browser, running, "Tara") as tara:
        await imported(tara, LINES[0])
        await plain(running, second=True)
        await tara.goto(f"{running.url}/workbench/#/queue?view=second")
        await expect(tara.locator(".wl-notice")).to_contain_text("only afterwards")
        await say(tara, "return an item")
        await counted(running, 1)
    async with trainer(browser, running, "Nils") as nils:
        await nils.goto(f"{running.url}/workbench/#/queue?view=second")
        await expect(nils.locator(".wl-notice")).to_contain_text("only afterwards")
        await expect(nils.locator(".wl-other")).to_have_count(0)
        await say(nils, "exchange an item")
        await counted(running, 2)
        await nils.goto(f"{running.url}/workbench/#/agreement")
        await expect(nils.locator(".wa-quarrel")).to_contain_text("somebody else decides")
    async with trainer(browser, running, "Sam") as sam:
        await sam.goto(f"{running.url}/workbench/#/agreement")
        await expect(sam.locator(".wa-quarrel")).to_contain_text("Tara")
        await accessible(sam)
        await sam.get_by_role("button", name="It is this").first.click()
        await expect(sam.locator(".wa-quarrel")).to_have_count(0)
        async with running.database.read() as session:
            assert (await session.scalars(select(Utterance.state))).all() == ["settled"]


async def test_a_topic_becomes_a_proposal_that_a_supervisor_accepts(
    browser: Browser, running: Gateway
) -> None:
    async with trainer(browser, running, "Farah", "supervisor") as page:
        await imported(page, "do you sell kites", "any kites for children", "kites that fly in rain")
        await plain(running, topic_id="kites")
        async with running.database.write() as session:
            session.add(Topic(id="kites", words=["kites", "fly"], size=3, made_at=now()))
        await page.goto(f"{running.url}/workbench/#/topics")
        await page.get_by_role("button", name="Make it a new meaning").click()
        await page.get_by_label("What does a customer want").fill("The customer wants a kite.")
        await page.get_by_role("button", name="Propose it and label").click()
        await expect(page.locator(".wl-notice")).to_contain_text("3 messages labelled")
        await accessible(page)
        await page.get_by_role("button", name="Accept").click()
        await page.wait_for_url("**/#/changes/*")
        async with running.database.read() as session:
            change = (await session.scalars(select(Change))).one()
        assert any(one["op"] == "add_intent" for one in change.operations)


async def test_an_agent_of_the_desk_is_shown_the_way(browser: Browser, running: Gateway) -> None:
    agent = await running.hire("Maria")
    page = await browser.new_page()
    await page.goto(f"{running.url}/workbench/")
    await page.get_by_label("E-mail").fill(agent.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading")).to_have_text("This page is for trainers")
    await page.reload()
    await expect(page.get_by_role("heading")).to_have_text("This page is for trainers")
    await page.close()

"""The pages of data and changes at the real gateway, over a workspace of files."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.browser import Console, seen
from tests.support.databases import create_tables
from tests.support.gateway import PASSWORD, Gateway, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
WHOLE = ("rules", "responses", "foreign", "texts", "knowledge", "entities", "language", "shop")
ORDERS, DELIVERY = "data/nlu/en/orders.yml", "data/nlu/en/delivery.yml"


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Gateway]:
    root = tmp_path / "workspace"
    for part in WHOLE:
        shutil.copytree(ROOT / "data" / part, root / "data" / part)
    for file in (ORDERS, DELIVERY, "data/nlu/fa/orders.yml", "domain.yml"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    shutil.copytree(
        ROOT / "tests/stories", root / "tests/stories", ignore=shutil.ignore_patterns("*.py*", "__*")
    )
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    async with gateway(url, workspace=root, home=tmp_path / "home") as made:
        yield made


async def signed_in(page: Page, running: Gateway, place: str) -> None:
    tara = await running.hire("Tara", "trainer")
    await page.goto(f"{running.url}/workbench/{place}")
    await page.locator("input[type=email]").fill(tara.email)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator(".rail").wait_for(state="attached")


async def test_an_edit_goes_from_the_page_into_the_files_and_back(browser: Browser, running: Gateway) -> None:
    before = {file: (running.workspace / file).read_text("utf-8") for file in (ORDERS, DELIVERY)}
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    console = Console()
    console.listen(page)
    try:
        await signed_in(page, running, "#/data/examples?intent=track_order&language=en")
        await page.locator(".edit-it").first.click(timeout=15_000)
        field = page.locator(".editor textarea")
        await field.fill(f"{await field.input_value()} right now 🙂")
        await field.press("Enter")
        await page.locator(".example input[type=checkbox]").nth(2).check()
        await page.locator(".several select").select_option("late_parcel")
        await page.get_by_role("button", name="Look and go on").click()
        await page.get_by_role("button", name="Make the change").click()
        await expect(page.locator(".wb-file")).to_have_count(2, timeout=30_000)
        await expect(page.locator(".diff tr.added")).to_have_count(2)
        await seen(page, "gateway-change")
        assert (running.workspace / ORDERS).read_text("utf-8") == before[ORDERS]

        await page.get_by_role("button", name="Apply").click()
        await page.get_by_role("button", name="Write it").click()
        await expect(page.get_by_role("link", name="Train now")).to_be_visible(timeout=30_000)
        assert "](order_number) right now 🙂\n" in (running.workspace / ORDERS).read_text("utf-8")
        delivery = (running.workspace / DELIVERY).read_text("utf-8")
        assert delivery.count("\n") == before[DELIVERY].count("\n") + 1

        await page.get_by_role("button", name="Take back").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take back").click()
        await expect(page.get_by_role("link", name="This takes an earlier change back")).to_be_visible(
            timeout=30_000
        )
        await page.get_by_role("button", name="Apply").click()
        await page.get_by_role("button", name="Write it").click()
        await expect(page.get_by_role("link", name="Train now")).to_be_visible(timeout=30_000)
        assert {file: (running.workspace / file).read_text("utf-8") for file in before} == before

        await page.goto(f"{running.url}/workbench/#/history")
        await expect(page.locator(".entries")).to_contain_text("Tara applied a change")
        assert "{" not in await page.locator(".entries").inner_text()
        await page.goto(f"{running.url}/workbench/#/talks")
        await page.locator(".wb-row").first.click(timeout=15_000)
        await expect(page.locator(".bubble-row.customer").first).to_be_visible(timeout=15_000)
        await seen(page, "gateway-talk")
        assert console.errors == []
    finally:
        await context.close()

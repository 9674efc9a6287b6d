"""The help pages in a browser: readable by everybody, in any language, without a script."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from actions.knowledge.articles import read
from actions.knowledge.search import Knowledge
from tests.browser.visit import PHONE
from tests.support.browser import Console, axe
from tests.support.databases import create_tables
from tests.support.gateway import Gateway, gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARTICLES = Path(__file__).parents[2] / "data" / "knowledge"
PAGES = (
    "/help/en/",
    "/help/fa/",
    "/help/fa/returns",
    "/help/hi/care",
    "/help/el/?q=%CE%B4%CE%AD%CE%BC%CE%B1",
)

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DIRECTION = "[document.documentElement.lang, getComputedStyle(document.body).direction]"


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Gateway]:
    url = f"sqlite+aiosqlite:///{tmp_path}/setu.db"
    await create_tables(url)
    async with gateway(url, knowledge=Knowledge(read(ARTICLES))) as made:
        yield made


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
async def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, running: Gateway, options: dict[str, Any]
) -> None:
    context = await browser.new_context(**options)
    page = await context.new_page()
    console = Console()
    console.listen(page)
    for path in PAGES:
        await page.goto(running.url + path)
        assert await axe(page) == [], path
        wide = await page.evaluate(TOO_WIDE)
        assert wide <= 0, path
    assert console.errors == []
    await context.close()


async def test_persian_reads_from_the_right(browser: Browser, running: Gateway) -> None:
    page = await browser.new_page()
    await page.goto(f"{running.url}/help/fa/returns")
    assert await page.evaluate(
        "[document.documentElement.lang, getComputedStyle(document.body).direction]"
    ) == [
        "fa",
        "rtl",
    ]
    await page.close()

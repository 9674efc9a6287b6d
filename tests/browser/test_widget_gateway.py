"""The widget on a shop's page, the real gateway behind it: a picture goes up, is checked, sent, and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, expect

from handoff.app import create_app
from tests.browser.test_widget_files import photo, upload
from tests.support.browser import Console
from tests.support.databases import create_tables
from tests.support.gateways import running
from tests.support.serving import serving

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_picture_goes_from_another_origin_through_the_gateway_and_back(
    browser: Browser, tmp_path: Path
) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path / 'setu.db'}"
    await create_tables(database)
    shop = FastAPI()
    async with (
        running(database, home=tmp_path, at_work=False) as made,
        serving(create_app(made.gateway)) as url,
        serving(shop) as shop_url,
    ):
        inbox = (await made.gateway.inboxes.create("web", "Shop", {"origins": [shop_url]})).inbox

        @shop.get("/")
        async def page_of_the_shop() -> HTMLResponse:
            return HTMLResponse(
                "<!doctype html><html lang=en><meta charset=utf-8><title>A shop</title><h1>A shop</h1>"
                f"<script type=module src={url}/widget/setu.js data-inbox={inbox.id} data-open></script>"
            )

        context = await browser.new_context()
        page, console = await context.new_page(), Console()
        console.listen(page)
        await page.goto(shop_url)
        log = page.get_by_role("log")
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name="Attach files").click()
        files = [upload("garden.png", photo(), "image/png"), upload("page.html", b"<script>1</script>")]
        await (await chooser.value).set_files(files)  # type: ignore[arg-type]
        await expect(page.get_by_text("We do not take files of this kind.")).to_be_visible()
        await expect(page.locator("setu-chat progress")).to_have_count(0)
        await page.get_by_role("textbox", name="Write a message").press("Enter")
        image = log.get_by_role("img", name="Picture: garden.png")
        await expect(image).to_have_js_property("naturalWidth", 640)
        await expect(log.get_by_text("Delivered")).to_be_visible()
        await page.reload()
        await expect(image).to_have_js_property("naturalWidth", 640)
        assert console.without("422", "favicon") == []
        await context.close()

"""What the widget weighs: the bytes that travel for every script, style sheet and font it loads."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import Browser, Request

from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import visiting

COUNTED = {"script", "stylesheet", "font", "image"}


async def weigh(browser: Browser, gateway: FakeGateway) -> dict[str, int]:
    """Path → bytes of the body as served, from the first tag to an open panel on a live line."""
    seen: list[Request] = []
    async with visiting(browser, gateway) as visit:
        visit.page.on("requestfinished", lambda request: seen.append(request))
        await visit.go()
        await visit.open()
        counted = [request for request in seen if request.resource_type in COUNTED]
        sizes = [(request, await request.sizes()) for request in counted]
    return {urlsplit(request.url).path: size["responseBodySize"] for request, size in sizes}

"""Headless Chromium for the browser tests, and what every page is asked: is it accessible, is it quiet?

Asynchronous playwright only: its synchronous twin leaves a running event loop behind, and every later
asynchronous test of the same run would fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Playwright, async_playwright

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP = {"width": 1440, "height": 900}
AT_REST = """() => Promise.all(document.getAnimations().map((one) =>
  one.effect.getComputedTiming().iterations === Infinity || one.finished.catch(() => 0)))"""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--font-render-hinting=none",
)


def find_chromium(playwright: Playwright) -> str:
    """The system's Chromium (or the one named by SETU_CHROMIUM), else playwright's own download.

    Raises RuntimeError, naming the ways out, if there is none.
    """
    named = os.environ.get("SETU_CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    candidates.append(playwright.chromium.executable_path)
    for path in candidates:
        if path and Path(path).is_file():
            return path
    raise RuntimeError(
        "The browser tests need Chromium and found none: install the system's package (apt-get install "
        "chromium), or run `.venv/bin/playwright install chromium`, or name one by SETU_CHROMIUM."
    )


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser, closed at the end."""
    async with async_playwright() as playwright:
        path = find_chromium(playwright)
        browser = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Console:
    """What a page complained about: console errors, uncaught exceptions, refused by the content policy."""

    errors: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def without(self, *expected: str) -> list[str]:
        """The errors without those that hold an expected word (a test that cuts the network has some)."""
        return [error for error in self.errors if not any(word in error for word in expected)]


@asynccontextmanager
async def fresh_tab(browser: Browser, **options: Any) -> AsyncIterator[tuple[Page, Console]]:
    """One tab of a fresh profile and what it complains of; ``options`` are those of playwright's contexts."""
    options.setdefault("viewport", DESKTOP)
    context = await browser.new_context(**options)
    try:
        page, console = await context.new_page(), Console()
        console.listen(page)
        yield page, console
    finally:
        await context.close()


async def accessible(page: Page) -> None:
    """Once nothing moves any more; signs that move for ever are not waited for."""
    await page.evaluate(f"({AT_REST})().then(() => 0)")
    assert await axe(page) == []


async def seen(page: Page, name: str) -> None:
    """The page is accessible, nothing hangs over its edge. Its picture goes to SETU_SCREENSHOTS, if set."""
    await accessible(page)
    if folder := os.environ.get("SETU_SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/{name}.png")
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def axe(page: Page) -> list[dict[str, Any]]:
    """The violations axe-core finds on the page as it is now, shadow roots included.

    Evaluated through the debugger, not by a script tag: the page's content policy stays as strict as it is.
    """
    await page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        {"id": rule["id"], "impact": rule["impact"], "nodes": [str(node["target"]) for node in rule["nodes"]]}
        for rule in found["violations"]
    ]

"""``widget``: what the widget weighs as it is served, what axe finds in it, what the console says of it."""

from __future__ import annotations

import asyncio

from tests.bench.report import Report
from tests.browser.fake import serving, until
from tests.browser.fake_gateway import FakeGateway
from tests.browser.visit import PHONE, visiting
from tests.browser.weight import weigh
from tests.support.browser import axe, chromium

LOOKS = ({}, {"color_scheme": "dark"}, PHONE)
CARD = {"id": "1", "title": "Shirt", "price": "€ 1", "reason": "Linen", "image": "/media/products/1.svg"}


def run(_options: list[str]) -> Report:
    """One visit to weigh it, one for each look (light, dark, phone) to question it."""
    return asyncio.run(_measure())


async def _measure() -> Report:
    report = Report(
        goals={"widget.gzip_kb": "< 40", "widget.axe_violations": "0", "widget.console_errors": "0"}
    )
    async with serving(FakeGateway()) as gateway, chromium() as browser:
        weights = await weigh(browser, gateway)
        violations = errors = 0
        interactive: list[float] = []
        for look in LOOKS:
            gateway.talks.clear()
            async with visiting(browser, gateway, reduced_motion="reduce", **look) as visit:
                await visit.go()
                interactive.append(await visit.page.evaluate("performance.now()"))
                violations += len(await axe(visit.page))
                await visit.open()
                talk = await visit.tell("hello")
                await gateway.say(talk, "bot", "Look:", cards=[CARD, CARD, CARD])
                await gateway.say(talk, "bot", "More?", buttons=[{"title": "Yes", "payload": "/affirm"}])
                await visit.button("Yes").click()
                await until(lambda talk=talk: "/affirm" in talk.texts())  # type: ignore[misc]
                await gateway.change(talk, owner="queue", queue_position=2)
                await gateway.say(talk, "agent", "I am here", name="Asha")
                await visit.shows("hello", "Look:", "More?", "Yes", "I am here")
                violations += len(await axe(visit.page))
                errors += len(visit.console.errors)
    report.figures = {
        "widget.gzip_kb": sum(weights.values()) / 1000,
        "widget.files": len(weights),
        "widget.axe_violations": violations,
        "widget.console_errors": errors,
        "widget.interactive_ms": sorted(interactive)[1],
    }
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:4]
    report.notes.append("heaviest: " + ", ".join(f"{path} {size / 1000:.1f}" for path, size in heaviest))
    report.notes.append("served by a fake gateway that speaks the real protocol; kB of 1000 bytes, gzip")
    return report

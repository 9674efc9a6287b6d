"""What became of a message, asked for in the pane; how agreement went, on its page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.desk_data import ago
from tests.browser.fake import serving
from tests.browser.fake_workbench import FakeWorkbench
from tests.browser.workbench_visit import at_the_bench
from tests.support.browser import seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOKS: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


@pytest_asyncio.fixture(loop_scope="session")
async def bench() -> AsyncIterator[FakeWorkbench]:
    async with serving(FakeWorkbench()) as started:
        started.asked = []  # type: ignore[attr-defined]

        @started.app.get("/api/workbench/utterances/{id}/history")
        async def history(id: str) -> dict[str, Any]:
            started.asked.append(id)  # type: ignore[attr-defined]
            return past(started, id)

        yield started


def past(bench: FakeWorkbench, id: str) -> dict[str, Any]:
    me = {"id": bench.me["id"], "name": bench.me["name"]}
    nils = {"id": "a-nils", "name": "Nils Berg"}

    def label(at: str, who: dict[str, str], intent: str, **more: Any) -> dict[str, Any]:
        blank = {"wishes": [], "entities": [], "language": None, "settles": False, "undone_at": None}
        return {"id": at, "agent": who, "kind": "intent", "intent": intent, "at": at, **blank, **more}

    nothing = {"entries": [], "change": None, "model": None, "hidden": id == "u-parcel"}
    if id != "u-boots":
        return {"first_at": ago(days=9), "last_at": ago(), "source": "talk"} | nothing
    return {
        "first_at": ago(days=9),
        "last_at": ago(hours=1),
        "source": "import",
        "hidden": False,
        "entries": [
            label(ago(days=8), me, "exchange_item", undone_at=ago(days=7)),
            label(ago(days=6), me, "return_item"),
            label(ago(days=5), nils, "return_item", settles=True),
        ],
        "change": {
            "id": "c-1",
            "title": "Labels of 12 messages",
            "state": "applied",
            "author": me,
            "reviewer": nils,
            "created_at": ago(days=4),
            "settled_at": ago(days=3),
        },
        "model": {"name": "setu-9", "intent": "return_item", "run": {"id": "r-9", "number": 9}},
    }


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark"])
async def test_what_became_of_a_message_is_told_when_asked(
    browser: Browser, bench: FakeWorkbench, look: dict[str, Any]
) -> None:
    async with at_the_bench(browser, bench, **look) as visit:
        await visit.label()
        rows = visit.page.locator(".wl-past li")
        asked: list[str] = bench.asked  # type: ignore[attr-defined]
        assert asked == []
        await visit.page.get_by_text("History", exact=True).last.click()
        await expect(rows).to_have_count(8)
        texts = [text.split(" See it")[0].strip() for text in await rows.locator("p").all_inner_texts()]
        assert texts == [
            "Came with an import",
            "Tara Menon: Exchange an item",
            "Tara Menon took it back: Exchange an item",
            "Tara Menon: Return an item",
            "Nils Berg decided: Return an item",
            "Tara Menon put it into the change “Labels of 12 messages”",
            "Nils Berg applied the change “Labels of 12 messages”: it is learnt",
            "Now read by the model of training 9 as: Return an item",
        ]
        assert await rows.nth(6).locator("a").get_attribute("href") == "#/changes/c-1"
        assert await rows.nth(7).locator("a").get_attribute("href") == "#/runs/r-9"
        await rows.last.scroll_into_view_if_needed()
        await seen(visit.page, f"past-{look['color_scheme']}")
        await visit.quiet()
        await visit.press("j")  # it stays open, and tells of the next
        await visit.opens("SO-100777")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("Written for the first time")
        await expect(visit.page.locator(".wl-past")).to_contain_text("shown once you have labelled it")
        assert asked == ["u-boots", "u-parcel"]


def week(at: str, doubly: int, agreed: int, kappa: float | None) -> dict[str, Any]:
    low, high = (None, None) if kappa is None else (kappa - 0.15, min(1.0, kappa + 0.12))
    figures = {"kappa": kappa, "kappa_low": low, "kappa_high": high}
    return {"week": at, "at": at, "doubly": doubly, "agreed": agreed, "reason": None, **figures}


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark"])
async def test_agreement_is_drawn_week_by_week_with_its_numbers(
    browser: Browser, bench: FakeWorkbench, look: dict[str, Any]
) -> None:
    bench.agreement = {
        "doubly": 64, "agreed": 51, "kappa": 0.74, "kappa_low": 0.7, "kappa_high": 0.78, "reason": None,
        "weeks": [
            week("2026-10-12", 14, 8, 0.41), week("2026-10-19", 20, 14, 0.58), week("2026-10-26", 4, 4, None),
            week("2026-11-02", 18, 15, 0.74), week("2026-11-09", 22, 20, 0.86),
        ],
    }  # fmt: skip
    async with at_the_bench(browser, bench, **look) as visit:
        await visit.go("#/agreement")
        chart = visit.page.locator(".wb-chart")
        await expect(chart).to_contain_text("0.86 in the last week, 0.74 before")
        await expect(chart.locator("circle")).to_have_count(4)
        await expect(chart.locator("polyline")).to_have_count(2)  # a week without a figure is a gap
        await chart.locator("summary").click()
        await expect(chart.locator("tbody tr")).to_have_count(5)
        await expect(chart.locator("tbody tr").nth(2)).to_contain_text("–")
        await seen(visit.page, f"weeks-{look['color_scheme']}")
        await visit.quiet()


async def test_a_single_week_is_not_drawn(browser: Browser, bench: FakeWorkbench) -> None:
    bench.agreement |= {"doubly": 14, "agreed": 8, "weeks": [week("2026-10-12", 14, 8, 0.41)]}
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/agreement")
        await expect(visit.page.locator(".wa-card").first).to_be_visible()
        await expect(visit.page.locator(".wb-chart")).to_have_count(0)

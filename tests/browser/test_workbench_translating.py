"""What a language lacks is written beside the English words, among the other edits of the data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.fake import serving
from tests.browser.fake_training import FakeTraining
from tests.browser.training_visit import at_the_workbench
from tests.browser.visit import PHONE
from tests.support.browser import seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUTTON = {"title": "Where is my order?", "payload": "/track_order"}


def problem(code: str, text: str) -> dict[str, Any]:
    file = {"file": f"data/{code.split('_')[0]}s/el.yml", "line": 1}
    more = {"severity": "warning", "files": [file], "examples": [], "fix": None, "lacks": "el"}
    return {"code": code, "text": text, **more}


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeTraining]:
    async with serving(FakeTraining()) as started:
        started.problems = [
            problem("response_missing", "2 replies are missing in Greek: utter_bye, utter_thanks"),
            problem("text_missing", "2 texts are missing in Greek: shop.days, shop.bye"),
        ]
        started.missing = {
            "responses": [
                {
                    "name": "utter_bye",
                    "variations": [{"text": "Bye {name}", "buttons": [BUTTON]}, {"text": "See you"}],
                },
                {"name": "utter_thanks", "variations": [{"text": "Many thanks"}]},
            ],
            "texts": [
                {
                    "key": "shop.days",
                    "text": {"one": "{count} day", "other": "{count} days"},
                    "forms": ["one", "other"],
                },
                {"key": "shop.bye", "text": "Bye", "forms": None},
            ],
            "more": 3,
        }
        yield started


async def test_missing_words_are_written_and_become_part_of_the_change(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/data/problems") as page:
        rows, dialog = page.locator(".wb-problem"), page.locator("dialog")
        await rows.nth(0).get_by_role("button", name="Write them").click()
        await expect(dialog).to_contain_text("Write what Greek lacks")
        await expect(dialog.locator("fieldset")).to_have_count(2)  # replies only
        await expect(dialog).to_contain_text("3 more come after these")
        await page.get_by_role("button", name="Keep the edit").click()
        await expect(dialog.get_by_role("alert")).to_have_text("Write at least one of them.")
        await dialog.get_by_label("Bye {name}").fill("Αντίο {name}")
        await dialog.get_by_label("Where is my order?").fill("Πού είναι;")
        await page.get_by_role("button", name="Keep the edit").click()
        await expect(dialog).to_have_count(0)
        await expect(rows.nth(0)).to_contain_text("Among your edits")

        await rows.nth(1).get_by_role("button", name="Write them").click()
        await dialog.get_by_label("One: {count} day").fill("{count} μέρα")
        await dialog.get_by_label("Bye").fill(" Αντίο ")
        await page.get_by_role("button", name="Keep the edit").click()
        await page.get_by_role("button", name="Look and go on").click()
        await page.get_by_role("button", name="Make the change").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-new")
    (made,) = fake.called("/changes")
    bye = {"text": "Αντίο {name}", "buttons": [{"title": "Πού είναι;", "payload": "/track_order"}]}
    assert made["operations"] == [
        {"op": "set_response", "name": "utter_bye", "language": "el", "variations": [bye]},
        {"op": "set_text", "key": "shop.bye", "language": "el", "text": "Αντίο"},  # days lacks a form
    ]


@pytest.mark.parametrize("options", [
    {}, {"color_scheme": "dark"}, {**PHONE},
], ids=["light", "dark", "phone"])  # fmt: skip
async def test_the_dialog_is_accessible(
    browser: Browser, fake: FakeTraining, options: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    async with at_the_workbench(browser, fake, "#/data/problems", **options) as page:
        for i in range(2):
            await page.locator(".wb-problem").nth(i).get_by_role("button", name="Write them").click()
            await expect(page.locator("dialog textarea").first).to_be_visible()
            await seen(page, f"translate-{i}-{request.node.callspec.id}")
            await page.keyboard.press("Escape")
            await expect(page.locator("dialog")).to_have_count(0)

"""Trainings, reports, models and history in the workbench, in a browser: from the button to roll-back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser import training_data as data
from tests.browser.fake import serving
from tests.browser.fake_training import FakeTraining
from tests.browser.training_visit import at_the_workbench
from tests.browser.visit import LOOKS
from tests.support.browser import seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = ["#/runs", "#/runs/run-7", "#/runs/run-5", "#/runs/run-4", "#/models", "#/history"]


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeTraining]:
    async with serving(FakeTraining()) as started:
        yield started


@pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
async def test_all_pages_are_accessible(
    browser: Browser, fake: FakeTraining, options: dict[str, Any]
) -> None:
    fake.shadow = data.shadow()
    for place in PLACES:
        async with at_the_workbench(browser, fake, place, **options) as page:
            await expect(page.locator("h1").first).to_be_visible()
            await expect(page.locator(".wb-ghosts")).to_have_count(0)
            await seen(page, f"models-{'-'.join(map(str, options))}{place.replace('/', '-')}")


@pytest.mark.parametrize("language", ["fa", "hi", "bn", "el"])
async def test_they_speak_the_languages_of_the_house(browser: Browser, language: str) -> None:
    async with serving(FakeTraining(language)) as fake:
        fake.shadow = data.shadow()
        for place in PLACES:
            async with at_the_workbench(browser, fake, place) as page:
                await expect(page.locator(".wb-ghosts")).to_have_count(0)
                await expect(page.locator("h1, h2").first).to_be_visible()
                shown = await page.locator("main.page").inner_text()
                assert not any(f"{part}." in shown for part in ("runs", "models", "history")), shown
                await seen(page, f"models-{language}{place.replace('/', '-')}")


async def test_a_training_from_the_button_to_the_live_model(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/runs") as page:
        await expect(page.get_by_text("One change is new since the live model:")).to_be_visible()
        await expect(page.get_by_text("37 answered labels are not in the data yet")).to_be_visible()
        await expect(page.get_by_text("1 change is still a draft")).to_be_visible()
        await page.get_by_role("button", name="Train").click()
        await expect(page.get_by_role("heading", name="Training 8")).to_be_visible()
        fake.run("run-8").update(
            state="training", share=0.3, step="SetuClassifier", seconds={"checking": 1.9}
        )
        await expect(page.get_by_text("Learning intents")).to_be_visible()
        await expect(page.locator(".steps .done")).to_have_count(1)
        await expect(page.locator(".run-progress progress")).to_have_attribute("value", "0.3")
        await seen(page, "training")
        fake.run("run-8").update(
            state="done", share=1, challenger=data.NEW, report=data.report(), verdict=data.verdict(),
            data=data.LEARNT, ended_at=data.ago(),
        )  # fmt: skip
        await expect(page.get_by_role("heading", name="It may go live")).to_be_visible()
        await page.get_by_role("button", name="Make it live").click()
        await page.get_by_role("dialog").get_by_role("button", name="Make it live").click()
        await expect(page.get_by_text("This model is live.")).to_be_visible()
    assert fake.live == data.NEW
    assert fake.called(f"/models/{data.NEW}/promote") == [{}]


async def test_answered_labels_are_taken_up_before_the_training(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/runs") as page:
        await page.get_by_role("button", name="Take them up").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-labels")


async def test_a_training_is_cancelled_after_a_question(browser: Browser, fake: FakeTraining) -> None:
    fake.runs.insert(0, data.run(8, "training", share=0.4))
    async with at_the_workbench(browser, fake, "#/runs/run-8") as page:
        await expect(page.get_by_text("Training 8 is going")).to_be_visible()
        await expect(page.get_by_role("button", name="Train", exact=True)).to_have_count(0)
        await page.get_by_role("button", name="Cancel the training").click()
        await page.get_by_role("dialog").get_by_role("button", name="Cancel the training").click()
        await expect(page.get_by_text("The training was cancelled")).to_be_visible()
        await expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


async def test_somebody_elses_training_is_shown_instead_of_a_second_one(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/runs") as page:
        await expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
        fake.runs.insert(0, data.run(8, "checking"))
        fake.refuse = (409, "run_going")
        await page.get_by_role("button", name="Train", exact=True).click()
        await expect(page.get_by_role("heading", name="Training 8")).to_be_visible()


async def test_mistakes_in_the_data_are_told_with_their_place_and_a_way_to_mend_them(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/runs/run-4") as page:
        mistake = page.locator(".wb-problem.error")
        await expect(mistake).to_contain_text("The mark of a detail is not closed.")
        await expect(mistake).to_contain_text("data/nlu/en/orders.yml:31")
        await expect(mistake.locator(".excerpt")).to_contain_text("where is [SO-100777(order_number)")
        await expect(page.locator(".wb-problem.warning a")).to_have_count(0)
        await mistake.get_by_role("link", name="Mend it").click()
        await expect(page.get_by_placeholder("Search all examples")).to_be_visible()


async def test_the_failed_lines_come_first_and_only_a_supervisor_may_override(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/runs/run-5") as page:
        await expect(page.get_by_role("heading", name="3 checks failed")).to_be_visible()
        lines = page.locator(".verdict li")
        await expect(lines.first).to_contain_text("Return something changed by -6.2 points")
        await lines.first.get_by_text("What does this mean?").click()
        await expect(lines.first).to_contain_text("No single intent may become much worse")
        await expect(lines.filter(has_text="chance explains it")).to_contain_text(
            "off by 0.021 (limit 0.020)"
        )
        await expect(page.get_by_text("ask a supervisor")).to_be_visible()
        await expect(page.get_by_role("button", name="Make it live anyway")).to_have_count(0)
        await page.get_by_text("A late parcel is traced when the customer agrees").last.click()
        await expect(page.locator(".failure-script pre")).to_contain_text("We open at 9.")
    fake.me = dict(data.NIKOS)
    async with at_the_workbench(browser, fake, "#/runs/run-5") as page:
        await page.get_by_role("button", name="Make it live anyway").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Each intent, Tests that worked before, Conversation tests")
        await dialog.get_by_role("button", name="Make it live anyway").click()
        await expect(dialog).to_be_visible()  # a reason is wanted
        await dialog.get_by_label("Why it should go live").fill("Returns are closed this week anyway.")
        await seen(page, "override")
        await dialog.get_by_role("button", name="Make it live anyway").click()
        await expect(page.get_by_text("This model is live.")).to_be_visible()
    assert fake.called("/models/setu-bad/promote") == [{"override": "Returns are closed this week anyway."}]


async def test_a_model_compared_with_one_that_is_no_longer_live_is_not_offered(
    browser: Browser, fake: FakeTraining
) -> None:
    fake.live = data.BEFORE
    async with at_the_workbench(browser, fake, "#/runs/run-7") as page:
        await expect(page.get_by_text("compared with a model that is no longer live")).to_be_visible()
        await expect(page.get_by_role("button", name="Make it live", exact=True)).to_have_count(0)


async def test_the_report_says_each_figure_in_words(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/runs/run-7") as page:
        understood = page.get_by_role("row", name="Understood Share of the messages")
        await expect(understood).to_contain_text("91.2%")
        await expect(understood).to_contain_text("92.5%")
        await expect(understood.locator(".delta")).to_have_text("+1.3 points")
        interval = understood.locator(".interval")
        await expect(interval).to_have_attribute(
            "aria-label", "Most likely between +0.4 points and +2.2 points"
        )
        await expect(page.get_by_text("Chance hardly explains this (p < 0.001).")).to_be_visible()
        await expect(page.locator("#report-messages")).to_contain_text("it has not turned up")
        few = page.get_by_text("2 intents with fewer than 20 messages each")
        await few.click()
        await expect(page.locator("#report-intents tr.few")).to_have_count(2)
        chart = page.locator("#report-curve svg")
        await expect(chart).to_have_attribute("aria-label", "Answered against answered wrongly. It answers "
                                              "94.0% of the messages, and 5.5% of all wrongly.")  # fmt: skip
        await expect(chart.locator("polyline")).to_have_count(2)
        await expect(chart.locator(".dot-at")).to_have_count(2)
        await expect(page.locator("#report-calibration svg .bin")).to_have_count(20)
        await expect(page.locator("#report-confusions")).to_contain_text(
            "“A late parcel” is taken for “Where is my order”"
        )
        await expect(page.locator("#report-sets")).to_contain_text("12 messages were left out")
        await page.get_by_role("button", name="Time and size").click()
        await expect(page.locator("#report-cost")).to_be_in_viewport()


async def test_a_first_model_is_reported_without_one_to_compare_with(
    browser: Browser, fake: FakeTraining
) -> None:
    report = data.report()
    report["overall"] |= {"champion": None, "difference": None}
    report |= {"mcnemar": None, "fixed": [], "broken": []}
    for name in ("curve", "calibration", "confusions"):
        report[name]["champion"] = None
    report["curve"]["present"]["champion"] = None
    for group in (*report["intents"], *report["languages"], *report["scripts"]):
        group |= {"champion": None, "difference": None}
    report["replay"]["hand_offs"]["champion"] = None
    report["cost"] |= {"latency": {"champion": None, "challenger": {"p50": 6, "p95": 9}},
                       "size": {"champion": None, "challenger": 1_000_000}}  # fmt: skip
    fake.run("run-7").update(report=report, champion=None)
    async with at_the_workbench(browser, fake, "#/runs/run-7") as page:
        await expect(page.get_by_text("There is no live model to compare with.")).to_be_visible()
        await expect(page.locator("#report-messages")).to_have_count(0)
        await expect(page.locator("#report-curve polyline")).to_have_count(1)
        await seen(page, "first")


async def test_a_model_reads_along_and_is_compared(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/runs/run-7") as page:
        await page.get_by_role("button", name="Let it read along for 24 hours").click()
        await page.get_by_role("dialog").get_by_role("button", name="Let it read along").click()
        await page.get_by_role("link", name="See how it reads along").click()
        shadow = page.locator("section", has=page.get_by_role("heading", name="Reads along"))
        await expect(shadow).to_contain_text("96.4% the same")
        await expect(shadow).to_contain_text("8.1 → 7.3")
        await expect(shadow).to_contain_text("Live: asks back")
        await shadow.get_by_role("button", name="End it").click()
        await page.get_by_role("dialog").get_by_role("button", name="End it").click()
        await expect(page.get_by_role("heading", name="Reads along")).to_have_count(0)
    assert fake.called(f"/models/{data.NEW}/shadow") == [{"hours": 24}]


async def test_one_click_and_a_word_of_care_lead_back(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/models") as page:
        await expect(page.locator(".servers li")).to_have_count(3)
        await expect(page.locator(".servers")).to_contain_text("no answer within 2 s")
        await expect(page.locator(".timeline")).to_contain_text("The greetings were mended by hand")
        await page.get_by_role("button", name="Back to the one before").click()
        await expect(page.get_by_role("dialog")).to_contain_text(data.BEFORE)
        await page.get_by_role("button", name="Go back").click()
        await expect(page.locator(".live-model h2")).to_contain_text(data.BEFORE)
        await expect(page.locator(".timeline li").first).to_contain_text(
            f"Tara Bose went back from {data.LIVE} to {data.BEFORE}."
        )


async def test_a_trainer_may_promote_only_what_has_passed(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/models") as page:
        await expect(page.get_by_role("button", name=f"Make live {data.NEW}")).to_be_visible()
        await expect(page.get_by_role("button", name="Make live setu-bad")).to_have_count(0)
        fake.refuse = (409, "server_refused")
        await page.get_by_role("button", name=f"Make live {data.NEW}").click()
        await page.get_by_role("dialog").get_by_role("button", name="Make it live").click()
        await expect(page.locator(".toast")).to_contain_text("Refused: server_refused.")
        await expect(page.locator(".live-model h2")).to_contain_text(data.LIVE)


async def test_the_history_is_told_in_sentences_and_narrowed(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/history") as page:
        rows = page.locator(".entries li")
        await expect(rows.first).to_contain_text("Tara Bose labelled 50 messages.")
        await expect(rows.nth(2)).to_contain_text("Nikos Pappas applied a change: +3 −2 lines.")
        await page.get_by_role("button", name="Show older ones").click()
        await expect(rows).to_have_count(7)
        await expect(rows.nth(5)).to_contain_text("The greetings were mended by hand.")
        await expect(rows.last).to_contain_text("Nikos Pappas: something new")
        await page.get_by_label("Everybody").select_option(label="Nikos Pappas")
        await expect(rows).to_have_count(3)
        await page.get_by_label("All work").select_option("models")
        await expect(rows).to_have_count(1)
        await page.get_by_label("Everybody").select_option(label="Setu itself")
        await expect(rows).to_contain_text("was trained")

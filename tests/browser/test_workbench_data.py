"""Training data, changes and talks in the workbench, in a browser: edited, reviewed, applied, played."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import training_data as data
from tests.browser.fake import serving, until
from tests.browser.fake_training import FakeTraining
from tests.browser.training_visit import at_the_workbench
from tests.browser.visit import LOOKS
from tests.support.browser import seen

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = [
    "#/data",
    "#/data/examples",
    "#/data/problems",
    "#/changes/c-draft",
    "#/talks/t-late",
    "#/talks/new",
]


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeTraining]:
    async with serving(FakeTraining()) as started:
        yield started


async def select(page: Page, words: str) -> None:
    """Selects words in the editor's field, as dragging over them does."""
    await page.locator(".editor textarea").evaluate(
        "(field, words) => { const at = field.value.indexOf(words); field.focus();"
        " field.setSelectionRange(at, at + words.length); field.dispatchEvent(new Event('select')); }",
        words,
    )


@pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
async def test_all_pages_are_accessible(
    browser: Browser, fake: FakeTraining, options: dict[str, Any]
) -> None:
    for place in PLACES:
        async with at_the_workbench(browser, fake, place, **options) as page:
            await expect(page.locator("h1").first).to_be_visible()
            await expect(page.locator(".wb-ghosts")).to_have_count(0)
            await seen(page, f"data-{'-'.join(map(str, options))}{place.replace('/', '-')}")


@pytest.mark.parametrize("language", ["fa", "hi", "bn", "el"])
async def test_they_speak_the_languages_of_the_house(browser: Browser, language: str) -> None:
    async with serving(FakeTraining(language)) as fake:
        for place in PLACES:
            async with at_the_workbench(browser, fake, place) as page:
                await expect(page.locator(".wb-ghosts")).to_have_count(0)
                await expect(page.locator("html")).to_have_attribute(
                    "dir", "rtl" if language == "fa" else "ltr"
                )
                assert "data." not in await page.locator("h1").first.inner_text()
                await seen(page, f"data-{language}{place.replace('/', '-')}")


async def test_gaps_and_imbalance_are_seen_and_lead_to_the_examples(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/data") as page:
        row = page.get_by_role("row", name="Gift wrap")
        await expect(row.locator(".count.none")).to_have_text("0 No examples at all")
        await expect(page.locator(".count.few")).to_have_count(2)
        await expect(page.get_by_role("row", name="Opening hours").locator(".count.many")).to_contain_text(
            "210"
        )
        await page.get_by_label("Order").select_option("fewest")
        await expect(page.locator("tbody tr").first).to_contain_text("Gift wrap")
        await page.get_by_label("Find an intent").fill("parcel")
        await expect(page.locator("tbody tr")).to_have_count(1)
        await page.get_by_role("link", name="12").click()
        await expect(page.get_by_label("All intents")).to_have_value("late_parcel")
        await expect(page.get_by_label("All languages")).to_have_value("bn")


async def test_examples_are_searched_narrowed_and_paged(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/data/examples") as page:
        rows = page.locator(".example")
        await expect(rows).to_have_count(20)
        await page.get_by_role("button", name="Show more").click()
        await expect(rows).to_have_count(40)
        await page.get_by_label("All details").select_option("order_number")
        await expect(rows).to_have_count(4)
        await page.get_by_placeholder("Search all examples").fill("SO-100124")
        await expect(rows).to_have_count(1)
        await expect(rows.locator("mark")).to_have_text("SO-100124Order number")  # behind a rarer letter
        await page.get_by_role("link", name="Clear the filters").click()
        await expect(rows).to_have_count(20)
        await page.get_by_label("With or without problems").select_option("same_text")
        await expect(rows).to_have_count(1)


async def test_several_edits_become_one_change(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/data/examples") as page:
        await page.get_by_role("button", name="Edit: is my parcel on its way").click()
        field = page.locator(".editor textarea")
        await expect(field).to_be_focused()
        await field.fill("is parcel SO-100200 on its way today")
        await select(page, "SO-100200")
        await page.get_by_role("button", name="Order number").click()
        await select(page, " today")
        await page.get_by_role("button", name="Date").click()
        await expect(page.locator(".editor .marked mark")).to_have_count(2)
        await seen(page, "editor")
        await field.press("Enter")
        await expect(page.locator(".wb-tray")).to_contain_text("1 edit gathered")
        edit_it = page.get_by_role("button", name="Edit: is my parcel on its way", exact=True)
        await expect(edit_it).to_be_focused()

        await page.get_by_role("button", name="Edit: where is SO-100123").click()
        await field.fill("now where is SO-100123")  # the mark moves with its words
        await page.locator(".editor").get_by_label("Intent").select_option("late_parcel")
        await page.get_by_role("button", name="Keep the edit").click()

        await page.get_by_role("checkbox", name="Choose: could you wrap it as a gift").check()
        await page.get_by_role("checkbox", name="Choose: when do you open").check()
        await page.locator(".several").get_by_role("button", name="Remove").click()

        await page.get_by_role("link", name="Add an example").click()
        await page.locator(".editor").get_by_label("Intent").select_option("gift_wrap")
        await page.locator(".editor").get_by_label("Language").select_option("el")
        await page.get_by_role("button", name="Keep the edit").click()
        await expect(page.get_by_role("alert")).to_have_text("Write what a customer would say.")
        await field.fill("τύλιξέ το για δώρο")
        await page.get_by_role("button", name="Keep the edit").click()
        await expect(page.locator(".wb-tray")).to_contain_text("5 edits gathered")

        await page.reload()  # nothing is lost
        await page.get_by_role("button", name="Look and go on").click()
        await expect(page.locator(".edits li")).to_have_count(5)
        await seen(page, "review")
        await page.locator(".edits li", has_text="when do you open").get_by_role("button").click()
        await expect(page.locator(".edits li")).to_have_count(4)
        await page.get_by_label("What the change is for").fill("Parcels, said better")
        await page.get_by_role("button", name="Make the change").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-new")
        await expect(page.locator(".wb-tray")).to_have_count(0)

    (made,) = fake.called("/changes")
    assert made["title"] == "Parcels, said better"
    edit, rewrite, move, removal, addition = made["operations"]
    assert (edit["op"], edit["text"], edit["new_text"]) == (
        "edit_example", "is my parcel on its way", "is parcel SO-100200 on its way today",
    )  # fmt: skip
    assert edit["new_entities"] == [
        {"start": 10, "end": 19, "entity": "order_number"},
        {"start": 31, "end": 36, "entity": "date"},
    ]
    assert rewrite["new_entities"] == [{"start": 13, "end": 22, "entity": "order_number"}]
    assert (move["op"], move["text"], move["to"]) == ("move_example", "now where is SO-100123", "late_parcel")
    assert (removal["op"], removal["text"]) == ("remove_example", "could you wrap it as a gift")
    assert (addition["op"], addition["intent"], addition["language"]) == ("add_example", "gift_wrap", "el")


async def test_what_is_almost_there_already_is_told_while_one_writes(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/data/examples?new=1") as page:
        await page.locator(".editor textarea").fill("who wants to know")
        await expect(page.locator(".near")).to_have_count(0)
        await page.locator(".editor textarea").fill("when do you open today")
        await expect(page.locator(".near")).to_contain_text("when do you open")
        await expect(page.locator(".near .badge")).to_have_text("Opening hours")


async def test_places_are_counted_in_letters_whatever_the_letters(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/data/examples?q=100124") as page:
        await page.get_by_role("button", name="Edit: my order is late").click()
        await page.locator(".editor textarea").fill("my order is late 😠 SO-100124")
        await page.get_by_role("button", name="Keep the edit").click()
        await page.get_by_role("button", name="Look and go on").click()
        await page.get_by_role("button", name="Make the change").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-new")
    (operation,) = fake.called("/changes")[0]["operations"]
    (mark,) = operation["new_entities"]
    assert operation["new_text"][mark["start"] : mark["end"]] == "SO-100124"


async def test_edits_can_go_into_a_draft_that_is_there(browser: Browser, fake: FakeTraining) -> None:
    fake.change("c-draft")["operations"] = [{"op": "add_foreign", "language": "en", "text": "sing a song"}]
    async with at_the_workbench(browser, fake, "#/data/problems") as page:
        await page.get_by_role("button", name="Mend it").first.click()
        await expect(page.get_by_text("Among your edits")).to_be_visible()
        await page.get_by_role("button", name="Look and go on").click()
        await page.get_by_label("Put the edits into").select_option("c-draft")
        await page.get_by_role("button", name="Make the change").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-draft")
    (edit,) = fake.called("/changes/c-draft")
    assert edit["version"] == 1
    assert [one["op"] for one in edit["operations"]] == ["add_foreign", "remove_example"]


async def test_a_refused_change_keeps_what_was_gathered(browser: Browser, fake: FakeTraining) -> None:
    fake.refuse = (422, "example_unknown")
    async with at_the_workbench(browser, fake, "#/data/problems") as page:
        await page.get_by_role("button", name="Mend it").first.click()
        await page.get_by_role("button", name="Look and go on").click()
        await page.get_by_role("button", name="Make the change").click()
        await expect(page.locator(".toast")).to_contain_text("Refused: example_unknown.")
        await page.keyboard.press("Escape")
        await expect(page.locator(".wb-tray")).to_contain_text("1 edit gathered")
        await page.get_by_role("button", name="Discard").click()
        await page.get_by_role("dialog").get_by_role("button", name="Discard").click()
        await expect(page.locator(".wb-tray")).to_have_count(0)


async def test_a_change_is_read_and_applied_with_a_commit(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/changes/c-draft") as page:
        await expect(page.locator(".diff tr.added")).to_have_count(3)
        await expect(page.locator(".diff tr.removed")).to_have_count(2)
        persian = page.locator(".diff tr.added bdi", has_text="کجاست")
        assert await persian.evaluate("(line) => getComputedStyle(line).direction") == "rtl"
        await expect(page.locator(".diff tr.added em").first).to_have_text("my order ")
        await expect(page.locator(".diff mark", has_text="navy").locator(".entity-name")).to_have_text(
            "colour"
        )
        await page.get_by_role("button", name="Apply").click()
        await page.get_by_role("switch").check()
        await page.get_by_label("Message of the commit").fill("Clearer parcels")
        await seen(page, "apply")
        await page.get_by_role("button", name="Write it").click()
        await expect(page.locator("header .badge")).to_have_text("Applied")
        await expect(page.get_by_role("link", name="Train now")).to_be_visible()
        await expect(page.locator(".facts-list")).to_contain_text("0123456789")
    assert fake.called("/changes/c-draft/apply") == [
        {"version": 1, "commit": True, "message": "Clearer parcels"}
    ]


async def test_who_comes_too_late_is_told_and_sees_what_is_there_now(
    browser: Browser, fake: FakeTraining
) -> None:
    async with at_the_workbench(browser, fake, "#/changes/c-draft") as page:
        await expect(page.locator(".diff").first).to_be_visible()
        fake.change("c-draft").update(version=2, title="Changed by Nikos")
        await page.get_by_role("button", name="Apply").click()
        await page.get_by_role("button", name="Write it").click()
        await expect(page.get_by_role("status").filter(has_text="Somebody was faster")).to_be_visible()
        await expect(page.get_by_label("What the change is for")).to_have_value("Changed by Nikos")
        await page.get_by_role("button", name="Apply").click()
        await page.get_by_role("button", name="Write it").click()
        await expect(page.locator("header .badge")).to_have_text("Applied")


async def test_an_outdated_draft_is_told_and_made_anew(browser: Browser, fake: FakeTraining) -> None:
    fake.change("c-draft")["stale"] = True
    async with at_the_workbench(browser, fake, "#/changes/c-draft") as page:
        await expect(page.get_by_text("The files have changed since this was made")).to_be_visible()
        await page.get_by_role("button", name="Make it anew now").click()
        await expect(page.get_by_text("The files have changed since this was made")).to_have_count(0)
    assert fake.called("/changes/c-draft") == [{"version": 1}]


async def test_who_applies_a_change_with_errors_is_warned(browser: Browser, fake: FakeTraining) -> None:
    problem = {"file": "data/nlu/en/orders.yml", "line": 13, "severity": "error", "text": "It is not closed."}
    fake.change("c-draft")["problems"] = [problem]
    async with at_the_workbench(browser, fake, "#/changes/c-draft") as page:
        await expect(page.get_by_text("data/nlu/en/orders.yml:13")).to_be_visible()
        await page.get_by_role("button", name="Apply").click()
        await expect(page.get_by_role("dialog")).to_contain_text("There are errors in it")


async def test_a_change_is_renamed_withdrawn_and_taken_back(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/changes/c-draft") as page:
        await page.get_by_label("What the change is for").fill("Parcels")
        await page.keyboard.press("Enter")
        await until(lambda: fake.change("c-draft")["title"] == "Parcels")
        await page.get_by_role("button", name="Withdraw").click()
        await page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
        await expect(page.locator("header .badge")).to_have_text("Withdrawn")
        await page.get_by_role("link", name="Late parcels").click()
        await page.get_by_role("button", name="Take back").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take back").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-revert")
        await expect(page.get_by_role("link", name="This takes an earlier change back")).to_be_visible()


async def test_a_talk_is_played_and_what_came_stands_beside_what_was_expected(
    browser: Browser, fake: FakeTraining
) -> None:
    fake.replays["t-late"] = {
        "passed": False,
        "script": "  customer: my parcel still hasn't arrived",
        "steps": [
            {"who": "customer", "text": "my parcel still hasn't arrived", "got": "late_parcel"},
            {"who": "bot", "text": "We are open from 9 to 18."},
        ],
        "problems": [{
            "step": 1, "code": "replies", "expected": ["utter_late_sure_late"],
            "got": ["utter_opening_hours"],
            "about": None, "text": "replies: …",
        }],
    }  # fmt: skip
    async with at_the_workbench(browser, fake, "#/talks") as page:
        await page.get_by_role("link", name="A late parcel is traced").click()
        await expect(page.locator(".bubble")).to_have_count(4)
        await page.get_by_role("button", name="Play it").click()
        await expect(page.get_by_text("It went differently")).to_be_visible()
        first = page.locator(".turn").first
        await expect(first.locator(".side.expected")).to_contain_text("Shall I have it traced?")
        await expect(first.locator(".side.got")).to_contain_text("We are open from 9 to 18.")
        await expect(first.locator(".mismatch")).to_have_text(
            "It should answer utter_late_sure_late, and answered utter_opening_hours."
        )
        await expect(page.locator(".turn").nth(1)).to_contain_text("The talk had ended before.")
        await expect(page.locator(".wb-row .verdict-mark.bad")).to_have_count(1)
        await seen(page, "played")
        await page.get_by_role("link", name="پیگیری سفارش").click()
        await page.get_by_role("button", name="Play it").click()
        await expect(page.get_by_text("It went exactly as expected")).to_be_visible()
        await page.get_by_text("Rules").click()
        await page.get_by_role("link", name="answer opening hours").click()
        await expect(page.get_by_text("A short exchange that always goes like this.")).to_be_visible()
        await expect(page.get_by_role("button", name="Play it")).to_have_count(0)


async def test_a_test_is_made_of_a_real_talk(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/talks/new?conversation=c0ffee&from=3&to=9") as page:
        await page.get_by_role("button", name="Make the test").click()
        await expect(page.get_by_role("alert")).to_have_text("Say in a few words what it shows.")
        await page.get_by_label("What it shows").fill("A parcel is looked for")
        await page.get_by_label("Area").select_option("delivery")
        await page.get_by_role("button", name="Make the test").click()
        await expect(page).to_have_url(f"{fake.url}/workbench/#/changes/c-test")
    assert fake.called("/data/tests/from-talk") == [
        {
            "conversation_id": "c0ffee",
            "from": 3,
            "to": 9,
            "title": "A parcel is looked for",
            "folder": "delivery",
        }
    ]


async def test_marks_follow_their_words_when_the_text_changes(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/data") as page:
        moved = await page.evaluate(
            "import('/workbench/marks.js').then(({ rebased }) => ["
            " ['ab XY cd', 'ab ab XY cd'], ['ab XY cd', 'ab XY'], ['ab XY cd', 'ab XZY cd'],"
            " ['ab XY cd', 'Y cd'],"
            "].map(([before, after]) => rebased([{ start: 3, end: 5, entity: 'e' }], before, after)"
            " .map(({ start, end }) => after.slice(start, end))))"
        )
    assert moved == [["XY"], ["XY"], ["XZY"], []]


async def test_a_diff_is_cut_where_lines_differ(browser: Browser, fake: FakeTraining) -> None:
    async with at_the_workbench(browser, fake, "#/data") as page:
        lines = await page.evaluate(
            "(diff) => import('/workbench/diff.js').then(({ lines }) => lines(diff))", data.DIFF_EN
        )
    kinds = [line["kind"] for line in lines]
    assert kinds == ["gap", "same", "removed", "added", "same", "added", "same", "same"]
    assert [line.get("after") for line in lines] == [None, 12, None, 13, 14, 15, 16, 17]
    assert lines[3]["text"][slice(*lines[3]["changed"])] == "my order "

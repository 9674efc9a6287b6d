"""The workbench for everybody: its door, light and dark, on a phone, right to left, by any means."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, expect

from tests.browser import workbench_data as data
from tests.browser.desk_data import ago
from tests.browser.fake import WEB, serving
from tests.browser.fake_workbench import FakeWorkbench
from tests.browser.visit import PHONE
from tests.browser.workbench_visit import BenchVisit, at_the_bench

pytestmark = pytest.mark.asyncio(loop_scope="session")

Scheme = Literal["light", "dark"]
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
# What the shell's elements and those of the desk ask for stands under `shell` and is found without its name.
OWN = ("labelling/*.js", "pages/queue.js", "pages/agreement.js", "pages/topics.js", "*.js")


@both_schemes
async def test_the_door_opens_for_trainers(browser: Browser, bench: FakeWorkbench, scheme: Scheme) -> None:
    async with at_the_bench(browser, bench, signed_in=False, color_scheme=scheme) as visit:
        await visit.go()
        await visit.quiet()
        await visit.page.get_by_label("E-mail").fill("tara@shop.test")
        await visit.page.get_by_label("Password").fill("guess")
        await visit.press("Enter")
        await expect(visit.page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
        await visit.page.get_by_label("Password").fill("open sesame")
        await visit.press("Enter")
        await visit.opens("brown boots")
        await visit.quiet("401")
        await visit.button("Your menu, Tara Menon").click()
        await visit.quiet("401")
        await visit.button("Sign out").click()
        await expect(visit.page.get_by_label("E-mail")).to_be_visible()


async def test_whose_work_is_elsewhere_is_told_so(browser: Browser, bench: FakeWorkbench) -> None:
    bench.me["role"] = "agent"
    async with at_the_bench(browser, bench) as visit:
        await visit.go()
        await expect(visit.page.get_by_role("heading")).to_have_text("This page is for trainers")
        await expect(visit.page.get_by_role("link", name="Go to the desk")).to_have_attribute(
            "href", "/desk/"
        )
        await visit.quiet()


async def everywhere(visit: BenchVisit) -> None:
    """All that labelling, agreement and topics show."""
    await visit.label()
    await visit.quiet()
    await visit.press("e", "Enter")
    await expect(visit.page.locator(".wl-pick")).to_be_visible()
    await visit.quiet()
    await visit.press("a", "w")
    await visit.quiet()
    await visit.press("Escape", "l")
    await visit.quiet()
    await visit.press("Escape", "1", "k", "x")
    await expect(visit.page.locator(".wl-notice.good")).to_be_visible()
    await visit.quiet()
    for key, name in (("?", "Keyboard"), ("n", "Propose a new meaning")):
        await visit.press("Escape", key)
        await expect(visit.dialog.get_by_role("heading", name=name)).to_be_visible()
        await visit.quiet()
        await visit.press("Escape")
        await expect(visit.dialog).to_have_count(0)
    await visit.press("g", "a")
    await expect(visit.page.locator(".wa-card").first).to_be_visible()
    await visit.quiet()
    await visit.press("g", "t")
    await expect(visit.page.locator(".wt-topic").first).to_be_visible()
    await visit.quiet()
    await visit.button("It is one the bot knows").first.click()
    await visit.quiet()


@both_schemes
async def test_all_of_it_is_accessible(browser: Browser, bench: FakeWorkbench, scheme: Scheme) -> None:
    quarrel(bench)
    async with at_the_bench(browser, bench, color_scheme=scheme) as visit:
        await everywhere(visit)


@both_schemes
async def test_on_a_phone_one_message_at_a_time_with_a_way_back(
    browser: Browser, bench: FakeWorkbench, scheme: Scheme
) -> None:
    async with at_the_bench(browser, bench, color_scheme=scheme, **PHONE) as visit:
        await visit.go()
        await expect(visit.row("u-parcel")).to_be_visible()
        await visit.quiet()
        await visit.row("u-boots").click()
        await expect(visit.message).to_be_visible()
        await expect(visit.row("u-parcel")).to_be_hidden()
        await visit.quiet()
        assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        await visit.page.locator(".wl-choice", has_text="Exchange an item").click()
        await visit.opens("SO-100777")  # on to the next
        await visit.page.get_by_role("link", name="Back to the list").click()
        await expect(visit.said_of("u-boots")).to_have_text("Exchange an item")


async def test_persian_stands_right_to_left_and_the_keys_follow_the_script(browser: Browser) -> None:
    async with serving(FakeWorkbench("fa")) as bench, at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-persian")
        assert await visit.page.evaluate("document.documentElement.dir") == "rtl"
        assert await visit.message.evaluate("e => getComputedStyle(e).direction") == "rtl"
        # Left is on, in a text that runs to the left.
        await visit.press("e", "ArrowLeft", "Enter")
        await expect(visit.page.locator(".wl-pick q")).to_have_text("آبی")
        await visit.press("b", "1")
        await bench.until(lambda: len(bench.labels) == 1)
        text = bench.utterances["u-persian"]["text"]
        mark = bench.labels[0]["entities"][0]
        assert (text[mark["start"] : mark["end"]], mark["entity"]) == ("آبی", "colour")
        await expect(visit.page.locator(".wl-today")).to_have_text("امروز ۱")
        await visit.quiet()


async def test_a_trainer_chooses_the_language_of_the_page(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.button("Your menu, Tara Menon").click()
        await visit.page.locator("#own-language").select_option("el")
        await expect(visit.page.locator(".wl-title")).to_have_text("Σήμανση")
        await visit.page.reload()
        await expect(visit.page.locator(".wl-title")).to_have_text("Σήμανση")


async def test_single_keys_can_be_turned_off(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.button("Your menu, Tara Menon").click()
        await visit.page.get_by_role("switch", name="Single-key shortcuts").uncheck()
        await visit.press("Escape")
        await visit.message.click()
        await visit.press("o", "Enter")
        await bench.until(lambda: len(bench.labels) == 1)
        assert bench.labels[0]["kind"] == "intent"  # by Enter: the letter said nothing


async def test_a_first_visit_is_explained_once(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.button("Got it").click()
        await expect(visit.page.locator(".wl-hint")).to_have_count(0)
        await visit.page.reload()
        await expect(visit.message).to_be_visible()
        await expect(visit.page.locator(".wl-hint")).to_have_count(0)


async def test_an_address_of_a_message_that_is_gone_leads_to_the_list(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-gone")
        await visit.opens("brown boots")
        await expect(visit.page.locator(".toast")).to_contain_text("no longer there")


def quarrel(bench: FakeWorkbench) -> None:
    """Two people differ on one message, the trainer is part of another quarrel."""
    people = [{"id": "a-nils", "name": "Nils Berg"}, {"id": "a-sam", "name": "Sam Otieno"}]
    blank: dict[str, Any] = {"wishes": [], "entities": [], "language": None, "settles": False}

    def label(person: dict[str, str], kind: str, intent: str | None) -> dict[str, Any]:
        return {"id": "l", "agent": person, "kind": kind, "intent": intent, "at": ago(), **blank}

    me = {"id": bench.me["id"], "name": bench.me["name"]}
    bench.agreement = {
        "doubly": 64, "agreed": 51, "kappa": 0.74, "kappa_low": 0.62, "kappa_high": 0.85, "reason": None,
        "by_intent": [{"intent": "get_refund", "n": 14, "agreed": 9},
                      {"intent": "track_order", "n": 22, "agreed": 22},
                      {"intent": "two_wishes:get_refund+return_item", "n": 3, "agreed": 1}],
        "coders": [{"agent": me, "n": 40, "agreed": 33}],
        "pairs": [{"intents": ["get_refund", "refund_status"], "count": 5}],
        "disagreements": [
            {"utterance": bench.utterances["u-money"], "why": "disagree", "mine": False,
             "labels": [label(people[0], "intent", "get_refund"),
                        label(people[1], "intent", "refund_status")]},
            {"utterance": bench.utterances["u-persian"], "why": "disagree", "mine": True,
             "labels": [label(me, "intent", "return_item"), label(people[1], "out_of_scope", None)]},
        ],
    }  # fmt: skip


async def test_agreement_is_said_in_a_sentence_and_quarrels_are_settled(
    browser: Browser, bench: FakeWorkbench
) -> None:
    quarrel(bench)
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/agreement")
        await expect(visit.page.locator(".wa-kappa")).to_contain_text(
            "People mostly say the same: 51 of 64 messages."
        )
        await expect(visit.page.locator("tbody tr").first).to_contain_text("Get a refund + Return an item")
        first, own = visit.page.locator(".wa-quarrel").first, visit.page.locator(".wa-quarrel").last
        await expect(own).to_contain_text("somebody else decides")
        await expect(own.get_by_role("button")).to_have_count(0)
        await first.get_by_role("button", name="It is this: Where is my refund").click()
        await expect(visit.page.locator(".wa-quarrel")).to_have_count(1)
        assert bench.called("/u-money/settle") == [
            {"kind": "intent", "intent": "refund_status", "similar": True}
        ]


async def test_a_quarrel_can_be_settled_as_something_else(browser: Browser, bench: FakeWorkbench) -> None:
    quarrel(bench)
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/agreement")
        await visit.button("Something else").click()
        await visit.page.keyboard.type("person")
        await visit.press("Enter")
        await expect(visit.page.locator(".wa-quarrel")).to_have_count(1)
        assert bench.called("/u-money/settle")[0]["intent"] == "contact_human"


async def test_without_double_labels_the_page_says_where_to_begin(
    browser: Browser, bench: FakeWorkbench
) -> None:
    bench.agreement["disagreements"] = []
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/agreement")
        await visit.page.get_by_role("link", name="To the second opinions").click()
        await visit.opens("heyy anybody")


async def test_a_topic_is_given_a_meaning_that_is_there_and_taken_back(
    browser: Browser, bench: FakeWorkbench
) -> None:
    read = data.reading(("return_item", 0.3))
    for i in range(40):
        bench.utterances[f"r-{i}"] = data.utterance(
            f"r-{i}", f"my zip broke {i}", read, ["new_topic"], topic_id="topic-repair"
        )
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/topics")
        topic = visit.page.locator(".wt-topic[data-id=topic-repair]")
        await topic.get_by_role("button", name="It is one the bot knows").click()
        await visit.page.keyboard.type("ret")
        await visit.press("Enter")
        await expect(visit.page.locator(".wl-notice")).to_contain_text("40 messages labelled")
        assert {one["intent"] for one in bench.labels} == {"return_item"}
        await visit.button("Undo").click()
        await bench.until(lambda: bench.label_of("r-39") is None)


async def test_a_topic_becomes_a_new_meaning(browser: Browser, bench: FakeWorkbench) -> None:
    bench.me["role"] = "supervisor"
    async with at_the_bench(browser, bench) as visit:
        await visit.go("#/topics")
        await (
            visit.page.locator(".wt-topic").first.get_by_role("button", name="Make it a new meaning").click()
        )
        await expect(visit.dialog.get_by_label("Short name")).to_have_value("stamps_cafe")
        await visit.dialog.get_by_label("What does a customer want").fill("To know where stamps count.")
        await visit.button("Propose it and label").click()
        await expect(visit.page.locator(".wl-notice")).to_contain_text("1 message labelled")
        assert bench.called("/proposals")[0]["topic_id"] == "topic-stamps"
        await visit.page.locator(".wt-proposal").get_by_role("button", name="Accept").click()
        await visit.page.wait_for_url("**/#/changes/c-2")


async def test_every_text_the_code_asks_for_is_in_the_catalogue() -> None:
    files = [path for glob in OWN for path in (WEB / "workbench").glob(glob)]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    asked = set(re.findall(r"\bt\('([a-z_]+(?:\.[a-z_-]+)+)'", source))
    texts = FakeWorkbench.words("en")
    words = texts["shell"] | texts
    missing = []
    for key in asked:
        found: Any = words
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            missing.append(key)
    assert asked
    assert sorted(missing) == []


def needed(module: Path, known: set[Path]) -> set[Path]:
    """A module and all it imports; what is imported when it is opened is not among it."""
    if module not in known:
        known.add(module)
        for other in re.findall(r"^(?:import|export)\b[^'\n]*'(\.[^']+)';", module.read_text("utf-8"), re.M):
            needed((module.parent / other).resolve(), known)
    return known


async def test_what_the_first_page_needs_is_announced_at_once_and_no_more() -> None:
    folder = WEB / "workbench"
    announced = re.findall(r'rel="modulepreload" href="([^"]+)"', (folder / "index.html").read_text("utf-8"))
    first = needed(folder / "pages" / "queue.js", needed(folder / "app.js", set())) - {folder / "app.js"}
    assert sorted(announced) == sorted(f"/{path.relative_to(WEB)}" for path in first)


async def test_a_page_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.page.route("**/pages/agreement.js", lambda route: route.abort())
        await visit.go("#/agreement")
        again = visit.page.get_by_role("button", name="Try again")
        await again.wait_for()
        await visit.page.unroute("**/pages/agreement.js")
        await again.click()
        await visit.page.locator("setu-page-agreement h1").wait_for()
        await visit.quiet("ERR_FAILED")

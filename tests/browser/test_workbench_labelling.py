"""Labelling as a trainer does it: by keyboard alone, many at once, taken back, without a connection."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.fake_workbench import FakeWorkbench
from tests.browser.workbench_visit import at_the_bench

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_day_of_labelling_by_keyboard_alone(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.opens("brown boots")
        await expect(visit.pointed).to_contain_text("Return an item")
        await expect(visit.page.locator(".wl-about")).to_contain_text("I would like to send these boots back")

        await visit.press("Enter")  # what the bot thought first
        await visit.opens("SO-100777")
        await visit.press("2")  # its second guess
        await visit.opens("bonus stamps")
        await visit.press("o")  # nothing for the shop
        await visit.opens("see my money")
        await visit.press("w", "1")  # two wishes at once
        await expect(visit.page.locator(".wl-two")).to_contain_text("Get a refund, and what else?")
        await visit.press("/")
        await visit.page.keyboard.type("rs")  # the two letters of an intent
        await expect(visit.pointed).to_contain_text("Where is my refund")
        await visit.press("Enter")
        await visit.opens("کفش")
        await visit.press("s")  # for somebody else
        await visit.opens("mera parcel")
        await visit.press("i")
        await visit.page.keyboard.type("late")  # part of a title
        await visit.press("Enter")
        await visit.opens("will it rain")

        await bench.until(lambda: len(bench.labels) == 6)
        said = [
            (one["utterance"], one["kind"], one.get("intent") or one.get("wishes")) for one in bench.labels
        ]
        assert said == [
            ("u-boots", "intent", "return_item"),
            ("u-parcel", "intent", "track_order"),
            ("u-points", "out_of_scope", None),
            ("u-money", "two_wishes", ["get_refund", "refund_status"]),
            ("u-persian", "skip", None),
            ("u-hindi", "intent", "late_parcel"),
        ]
        await expect(visit.said_of("u-money")).to_have_text("Get a refund + Where is my refund")
        await expect(visit.page.locator(".wl-today")).to_have_text("6 today")
        assert visit.console.errors == []


async def test_the_last_label_is_taken_back_and_the_one_before_it(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("1", "1")
        await expect(visit.said_of("u-parcel")).to_have_text("Parcel is late")
        await bench.until(
            lambda: len(bench.labels) == 2
        )  # what was not yet sent needs no call to take it back
        await visit.press("u")
        await visit.opens("SO-100777")
        await expect(visit.said_of("u-parcel")).to_have_count(0)
        await visit.press("u")
        await visit.opens("brown boots")
        await bench.until(lambda: len(bench.called("/labels/undo")) == 2)
        await bench.until(lambda: bench.label_of("u-boots") is None and bench.label_of("u-parcel") is None)
        await visit.press("u")  # nothing is left
        await expect(visit.page.locator(".toast.bad")).to_contain_text("nothing to take back")


async def test_a_lost_connection_loses_no_label(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        bench.down = True
        await visit.press("1", "o", "1")
        await visit.opens("see my money")
        await expect(visit.page.locator(".wl-unsent")).to_contain_text("3 labels kept, not sent yet")
        await expect(visit.page.locator(".banner")).to_contain_text("what you say is kept")
        await visit.press("u")  # taken back before it was ever sent
        await visit.opens("bonus stamps")
        await expect(visit.page.locator(".wl-unsent")).to_contain_text("2 labels")
        assert bench.labels == []
        bench.down = False
        await bench.until(lambda: len(bench.labels) == 2)
        assert [one["utterance"] for one in bench.labels] == ["u-boots", "u-parcel"]
        await expect(visit.page.locator(".wl-unsent")).to_be_empty()
        await expect(visit.page.locator(".banner.back")).to_be_visible()
        assert bench.called("/labels/undo") == []


async def test_labels_not_yet_sent_outlive_the_page(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        bench.down = True
        await visit.press("2")
        await expect(visit.page.locator(".wl-unsent")).to_contain_text("1 label kept")
        await visit.page.goto("about:blank")
        bench.down = False
        assert bench.labels == []
        await visit.go()
        await bench.until(lambda: len(bench.labels) == 1)
        assert bench.labels[0]["intent"] == "exchange_item"


async def test_many_are_labelled_together_and_taken_back_together(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("Shift+ArrowDown", "Shift+ArrowDown", "j", "x")
        await expect(visit.page.locator(".wl-many")).to_contain_text("4 messages chosen")
        await visit.press("/")
        await visit.page.keyboard.type("cancel")
        await expect(visit.page.locator(".wl-accept")).to_contain_text("4 messages: Cancel an order")
        await visit.press("Enter")
        await bench.until(lambda: len(bench.labels) == 4)
        assert {one["intent"] for one in bench.labels} == {"cancel_order"}
        assert len(bench.called("/labels")) == 1
        await visit.opens("کفش")
        await visit.press("u")
        await bench.until(lambda: not any(one["mine"] for one in bench.utterances.values()))
        await visit.press("Shift+ArrowDown")
        await expect(visit.page.locator(".wl-many")).to_contain_text("2 messages chosen")
        await visit.press("Escape")
        await expect(visit.page.locator(".wl-many")).to_have_count(0)


async def test_a_supervisor_gives_messages_to_somebody(browser: Browser, bench: FakeWorkbench) -> None:
    bench.me["role"] = "supervisor"
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("Shift+ArrowDown")
        await visit.page.get_by_label("Give them to…").select_option("Nils Berg")
        await expect(visit.page.locator(".toast")).to_contain_text("2 messages given to Nils Berg")
        assert bench.called("/queue/assign") == [{"to": "a-nils", "ids": ["u-boots", "u-parcel"]}]


async def test_a_label_goes_to_all_similar_messages_when_told_so(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await expect(visit.page.locator(".wl-alike")).to_contain_text("send my boots back")
        await visit.press("a")
        await expect(visit.page.get_by_label("Also for the 3 similar messages")).to_be_checked()
        await visit.press("1")
        await bench.until(lambda: len(bench.called("/labels")) == 1)
        assert bench.called("/labels")[0]["similar"] is True


async def test_details_are_marked_word_by_word_with_the_keys(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("e", *["ArrowRight"] * 4, "Shift+ArrowRight", "Enter")
        await expect(visit.page.locator(".wl-pick")).to_contain_text("brown boots")
        await visit.press("a")  # the first kind of detail: a product
        await expect(visit.page.locator(".piece.marked")).to_have_text("brown boots")
        # After a sign of two UTF-16 units the places still count characters, as the server does.
        await visit.press("e", *["ArrowRight"] * 13, "Enter", "c")
        await expect(visit.page.locator(".piece.marked").last).to_have_text("42")
        await visit.press("1")
        await bench.until(lambda: len(bench.labels) == 1)
        text = bench.utterances["u-boots"]["text"]
        marks = [(text[one["start"] : one["end"]], one["entity"]) for one in bench.labels[0]["entities"]]
        assert marks == [("brown boots", "product"), ("42", "size")]


async def test_details_are_marked_with_the_mouse_and_removed(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.button("The bot found Product: boots. Keep it").click()
        await expect(visit.page.locator(".piece.marked")).to_have_text("boots")
        await visit.button("Remove the mark Product: boots").click()
        await expect(visit.page.locator(".piece.marked")).to_have_count(0)
        x, y = await visit.place_of("42")
        await visit.page.mouse.dblclick(x, y)
        await expect(visit.page.locator(".wl-pick q")).to_have_text("42")
        await visit.page.locator(".wl-pick .pick", has_text="Size").click()
        await expect(visit.page.locator(".piece.marked")).to_have_text("42")


async def test_what_stands_for_something_personal_is_marked_as_such(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-parcel")
        masks = visit.page.locator(".piece.mask")
        await expect(masks).to_have_text(["SO-100777", "asha@example.com"])
        await expect(masks.last).to_have_attribute("title", "Made up in place of something personal (e-mail)")


async def test_the_language_is_put_right(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-hindi")
        await visit.press("l", "1")
        await expect(visit.page.locator(".wl-language")).to_contain_text("English")
        await visit.press("1")
        await bench.until(lambda: len(bench.labels) == 1)
        assert bench.labels[0]["language"] == "en"


async def test_a_new_meaning_is_proposed_and_given_at_once(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-points")
        await visit.press("n")
        await expect(visit.dialog.get_by_label("Short name")).to_be_focused()
        await visit.page.keyboard.type("Bonus stamps!")
        await expect(visit.dialog.locator("code")).to_have_text("bonus_stamps")
        await visit.press("Enter")
        await expect(visit.dialog.get_by_role("alert")).to_have_text(
            "Please say in a sentence what it means."
        )
        await visit.page.keyboard.type("The customer asks about collected stamps.")
        await visit.button("Propose it and label").click()
        await bench.until(lambda: len(bench.labels) == 1)
        assert bench.called("/proposals")[0]["name"] == "bonus_stamps"
        assert (bench.labels[0]["kind"], bench.labels[0]["intent"]) == ("proposed", "bonus_stamps")
        await visit.press("/")
        await visit.page.keyboard.type("stamps")
        await expect(visit.pointed).to_contain_text("Bonus stamps")


async def test_who_came_second_is_told_and_may_insist(browser: Browser, bench: FakeWorkbench) -> None:
    bench.refusals["u-boots"] = "labelled_meanwhile"
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("1")
        await expect(visit.page.locator(".toast.bad")).to_contain_text("otherwise meanwhile")
        await visit.page.locator(".toast a").click()
        await expect(visit.page.locator(".wl-notice.bad")).to_contain_text("Not taken.")
        await visit.button("Say it anyway").click()
        await bench.until(lambda: bench.label_of("u-boots") is not None)
        assert bench.labels[-1]["anyway"] is True


async def test_others_labels_stay_hidden_until_one_has_given_ones_own(
    browser: Browser, bench: FakeWorkbench
) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-hello?view=second")
        await expect(visit.page.locator(".wl-notice")).to_contain_text("only afterwards")
        await visit.press("1")
        await bench.until(lambda: bench.label_of("u-hello") is not None)
        other = {"agent": {"id": "a-nils", "name": "Nils Berg"}, "kind": "intent", "intent": "contact_human"}
        bench.utterances["u-hello"]["others"] = [other]
        await visit.go("#/queue/u-hello?view=labelled")
        await expect(visit.page.locator(".wl-notice.good")).to_contain_text("You said: Greeting")
        await expect(visit.page.locator(".wl-other")).to_have_text("Nils Berg: Speak with a person")


async def test_what_people_contradict_each_other_on_is_shown(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue/u-money")
        await expect(visit.page.locator(".wl-notice.warn .badge")).to_have_text(
            ["Get a refund · 2", "Where is my refund · 3"]
        )


async def test_views_and_filters_are_addresses(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.page.locator(".wl-view", has_text="Random").click()
        await visit.opens("wide feet")
        await expect(visit.page.locator(".wl-rows > li")).to_have_count(1)
        await visit.page.locator(".wl-view", has_text="Most useful").click()
        await visit.page.get_by_label("Language", exact=True).select_option("fa")
        await visit.opens("کفش")
        await expect(visit.page.locator(".wl-rows > li")).to_have_count(1)
        assert "language=fa" in visit.page.url
        await visit.page.reload()
        await visit.opens("کفش")
        await visit.press("f")
        await visit.page.keyboard.type("no such words")
        await visit.press("Enter")
        await visit.button("Show all").click()
        await expect(visit.page.locator(".wl-rows > li")).to_have_count(10)


async def test_a_long_queue_comes_page_by_page(browser: Browser, bench: FakeWorkbench) -> None:
    bench.many(95)
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        rows = visit.page.locator(".wl-rows > li")
        await expect(rows).to_have_count(30)
        await visit.button("Show more").click()
        await expect(rows).to_have_count(60)
        for _ in range(27):
            await visit.press("1")
        await bench.until(lambda: len(bench.labels) == 27)
        await visit.opens("message number 27")


async def test_ready_labels_become_a_change(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.press("1", "1")
        await visit.button("2 labels are ready: make a change").click()
        await visit.page.wait_for_url("**/#/changes/c-1")
        assert bench.called("/changes/from-labels") == [{}]


async def test_messages_are_imported_from_pasted_lines(browser: Browser, bench: FakeWorkbench) -> None:
    bench.utterances.clear()
    async with at_the_bench(browser, bench) as visit:
        await visit.go()
        await expect(visit.page.locator(".empty")).to_contain_text("No messages yet")
        await visit.page.locator(".empty").get_by_role("button", name="Import").click()
        await visit.dialog.get_by_role("textbox").fill("do you wrap gifts\nis the café open")
        await visit.dialog.get_by_role("button", name="Import", exact=True).click()
        await expect(visit.dialog.get_by_role("status")).to_contain_text("2 new messages")
        await visit.dialog.get_by_role("button", name="Done").click()
        await visit.opens("do you wrap gifts")
        assert bench.imports == [("Pasted lines.txt", "do you wrap gifts\nis the café open")]


async def test_messages_are_imported_from_a_file(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label()
        await visit.button("Import").click()
        file = FilePayload(name="κείμενα.csv", mimeType="text/csv", buffer=b"text\nhello")
        await visit.dialog.locator("input[type=file]").set_input_files(file)
        await expect(visit.dialog).to_contain_text("κείμενα.csv")
        await visit.dialog.get_by_role("button", name="Import", exact=True).click()
        await bench.until(lambda: len(bench.imports) == 1)
        assert bench.imports[0] == ("κείμενα.csv", "text\nhello")


async def test_a_finished_list_says_what_to_do_next(browser: Browser, bench: FakeWorkbench) -> None:
    async with at_the_bench(browser, bench) as visit:
        await visit.label("#/queue?view=random")
        await visit.press("1")
        await expect(visit.page.locator(".wl-open")).to_contain_text("All messages of this list have a label")
        await visit.press("u")
        await visit.opens("wide feet")

"""An agent's work on a conversation: take it, read it, answer it, give it back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from tests.browser.desk_data import TOMAS
from tests.browser.desk_visit import DeskVisit, at_the_desk
from tests.browser.fake_desk import FakeDesk

pytestmark = pytest.mark.asyncio(loop_scope="session")

ATTACK = (
    '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> javascript:alert(1) {{7*7}} ${7*7}'
)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, desk: FakeDesk) -> AsyncIterator[DeskVisit]:
    async with at_the_desk(browser, desk) as started:
        yield started
        assert started.console.without("409", "net::ERR") == []


async def test_a_waiting_conversation_is_claimed_from_its_row(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.go()
    await visit.button("Claim the conversation with Aarav Sharma").click()
    await expect(visit.page).to_have_url(re.compile("#/mine/t-aarav$"))
    await expect(visit.page.locator(".talk-head .status")).to_have_text("With you")
    await expect(visit.field).to_be_visible()
    assert desk.talks["t-aarav"].row["agent"]["id"] == desk.me["id"]
    assert len(desk.called("/claim")) == 1


async def test_the_longest_waiting_comes_first_and_a_new_one_appears_at_once(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.go()
    names = visit.page.locator(".list .name")
    await expect(names).to_have_text(["Nadia Rahman", "Aarav Sharma", "Ελένη Παπαδοπούλου", "Visitor"])
    await desk.change("t-bot1", status="queued", queued_at=desk.now(), reason="asked")
    await expect(names).to_have_count(5)
    await expect(names.last).to_have_text("Oliver Hansen")
    await expect(visit.page.locator(".view[href='#/queue'] .count")).to_contain_text("5")


async def test_a_claim_that_came_too_late_says_so_and_the_row_goes(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.go()
    desk.refuse = (409, "taken", "A colleague was faster.")
    desk.talks["t-nadia"].row |= {"status": "assigned", "agent": {"id": TOMAS["id"], "name": TOMAS["name"]}}
    await visit.button("Claim the conversation with Nadia Rahman").click()
    await expect(visit.page.locator(".toast")).to_contain_text("A colleague was faster.")
    await expect(visit.row("t-nadia")).to_have_count(0)


async def test_a_conversation_that_a_colleague_took_leaves_the_screen(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-nadia", "queue")
    hidden = {"id": "t-nadia", "status": "hidden", "hidden": True, "epoch": 2, "agent": None, "unread": 0}
    await desk.emit("conversation", hidden)
    await expect(visit.row("t-nadia")).to_have_count(0)
    await expect(visit.page).to_have_url(re.compile("#/queue$"))
    await expect(visit.page.locator(".toast")).to_contain_text(
        "A colleague has the conversation with Nadia Rahman"
    )


async def test_a_given_conversation_is_announced(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.go()
    await expect(visit.row("t-eleni")).to_be_visible()
    await visit.open("t-priya")
    await desk.change("t-eleni", status="assigned", agent={"id": desk.me["id"], "name": desk.me["name"]})
    await expect(visit.page.locator(".toast")).to_contain_text("New conversation for you")
    await expect(visit.row("t-eleni")).to_be_visible()
    await expect(visit.page).to_have_title("(1) Setu desk")


async def test_senders_are_told_apart(visit: DeskVisit, desk: FakeDesk) -> None:
    talk = desk.talks["t-aarav"]
    talk.row |= {"status": "assigned", "agent": {"id": desk.me["id"], "name": desk.me["name"]}}
    talk.add("agent", "I looked into it before", author={"id": TOMAS["id"], "name": TOMAS["name"]})
    talk.add("agent", "Only for us", author={"id": TOMAS["id"], "name": TOMAS["name"]}, private=True)
    talk.add("agent", "I am on it", author={"id": desk.me["id"], "name": desk.me["name"]})
    await visit.open("t-aarav")
    labels = [
        await visit.group(who).last.get_attribute("aria-label") for who in ("customer", "bot", "colleague")
    ]
    assert labels == ["Aarav Sharma", "Bot", "Tomas Lind"]
    await expect(visit.group("note")).to_have_attribute("aria-label", "Private note by Tomas Lind")
    await expect(visit.group("you")).to_contain_text("I am on it")
    kinds = ("customer", "bot", "colleague", "you", "note")
    bubbles = [visit.group(who).last.locator(".bubble") for who in kinds]
    colours = [await bubble.evaluate("e => getComputedStyle(e).backgroundColor") for bubble in bubbles]
    assert len(set(colours)) == len(kinds)
    await expect(visit.page.locator(".line.dropped summary")).to_contain_text(
        "dropped because a person took over"
    )
    await expect(visit.page.locator(".line", has_text="asked for a person")).to_be_visible()
    # An hour after midnight the talk began on the day before.
    await expect(visit.page.locator(".day").first).to_have_text(re.compile("Today|Yesterday"))


async def test_a_note_looks_private_while_written_and_after(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await visit.page.get_by_role("tab", name="Private note").click()
    await expect(visit.page.locator("setu-composer .composer")).to_have_class(re.compile("note"))
    await expect(visit.field).to_have_attribute("placeholder", "Only colleagues see this")
    await visit.write("Second complaint this month")
    await expect(visit.group("note")).to_contain_text("Second complaint this month")
    await expect(visit.group("note")).to_have_attribute("aria-label", "Private note by Meera Nair")
    assert [m["private"] for m in desk.talks["t-priya"].messages[-1:]] == [True]
    assert desk.typing == [] or all(not sign["on"] for sign in desk.typing)


async def test_a_reply_appears_once_and_is_marked_as_delivered_then_read(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    await visit.write("I am sorry about the zip")
    await visit.shows("The zip broke on the second day", "I am sorry about the zip")
    await expect(visit.group("you").get_by_role("img", name="Delivered")).to_be_visible()
    await desk.emit("read", {"conversation_id": "t-priya", "who": "customer", "number": 3})
    await expect(visit.group("you").get_by_role("img", name="Read")).to_be_visible()


@pytest.mark.parametrize(
    "silent", [True, False], ids=["no news of it either", "the live connection brings it"]
)
async def test_a_reply_whose_answer_was_lost_is_there_once(
    visit: DeskVisit, desk: FakeDesk, silent: bool
) -> None:
    await visit.open("t-priya")
    desk.silent = silent
    lost: list[str] = []

    async def lose_the_first(route: Route) -> None:
        if lost:
            await route.continue_()
            return
        lost.append(route.request.url)
        await route.fetch()
        await route.abort()

    await visit.page.route("**/reply", lose_the_first)
    await visit.write("A new one is on its way")
    await expect(visit.group("you").get_by_role("img", name="Delivered")).to_be_visible(timeout=15_000)
    await visit.shows("The zip broke on the second day", "A new one is on its way")
    sent = desk.called("/reply")
    assert len(sent) == (2 if silent else 1)
    assert len({body["client_id"] for body in sent}) == 1
    assert [m["text"] for m in desk.talks["t-priya"].messages].count("A new one is on its way") == 1


async def test_replies_written_in_one_breath_keep_their_order(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    words = ["one", "two", "three", "four"]
    for word in words:
        await visit.write(word)
    await desk.until(lambda: len(desk.talks["t-priya"].messages) == 6)
    assert [m["text"] for m in desk.talks["t-priya"].messages[2:]] == words
    await visit.shows(*words)


async def test_a_refused_reply_stays_and_can_be_sent_again(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    desk.refuse = (409, "not_yours", "This conversation is not yours any more.")
    await visit.write("Please send me a photo")
    await expect(visit.group("you")).to_contain_text("Not sent")
    await expect(visit.page.locator(".toast")).to_contain_text("not yours any more")
    desk.refuse = None
    await visit.page.reload()
    await expect(visit.group("you")).to_contain_text("Not sent")
    await visit.button("Try again").click()
    await expect(visit.group("you").get_by_role("img", name="Delivered")).to_be_visible()
    assert len({body["client_id"] for body in desk.called("/reply")}) == 1


async def test_canned_replies_are_found_by_a_slash_and_filled(visit: DeskVisit, desk: FakeDesk) -> None:
    desk.talks["t-aarav"].row |= {
        "status": "assigned",
        "agent": {"id": desk.me["id"], "name": desk.me["name"]},
    }
    await visit.open("t-aarav")
    await visit.field.press_sequentially("/")
    options = visit.page.get_by_role("option")
    await expect(options).to_have_count(5)
    await visit.field.press_sequentially("chec")
    await expect(options).to_have_count(1)
    await visit.field.press("Enter")
    await expect(visit.field).to_have_value("I have order SO-100123 open in front of me and am checking now.")
    assert desk.called("/reply") == []
    await visit.field.fill("/vouch")
    await visit.field.press("Tab")
    await expect(visit.field).to_have_value("Your voucher is {voucher_code}.")


async def test_drafts_are_kept_for_each_conversation_and_over_a_reload(visit: DeskVisit) -> None:
    await visit.open("t-priya")
    await visit.field.fill("About the zip")
    await visit.row("t-james").click()
    await expect(visit.field).to_have_value("")
    await visit.field.fill("About the thanks")
    await visit.page.reload()
    await expect(visit.field).to_have_value("About the thanks")
    await visit.row("t-priya").click()
    await expect(visit.field).to_have_value("About the zip")


async def test_handing_back_asks_what_the_bot_shall_do_next(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await visit.button("Hand back").click()
    await expect(visit.dialog.get_by_role("group", name="What should the bot do next?")).to_be_visible()
    await visit.dialog.get_by_role("radio", name="Begin a return").check()
    await visit.dialog.get_by_role("textbox").fill("Zip broke, wants a new bag")
    await visit.dialog.get_by_role("button", name="Hand back").click()
    await expect(visit.dialog).to_have_count(0)
    assert desk.called("/hand-back") == [{"next": "return_item", "note": "Zip broke, wants a new bag"}]
    await expect(visit.page.locator(".talk-head .status")).to_have_text("With the bot")
    await expect(visit.page.locator(".closed")).to_contain_text("Take over to reply")


async def test_snooze_transfer_and_resolve_do_what_they_say(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await visit.button("Snooze").click()
    await visit.dialog.get_by_role("radio", name="Tomorrow morning").check()
    await visit.dialog.get_by_role("button", name="Snooze").click()
    await expect(visit.page.locator(".talk-head .status")).to_have_text("Snoozed")
    assert desk.called("/snooze")[0]["until"] > desk.now()
    await visit.open("t-james")
    await visit.button("Transfer").click()
    await visit.dialog.get_by_role("button", name="Transfer").click()
    await expect(visit.dialog.get_by_role("alert")).to_have_text("Please choose a colleague.")
    await visit.dialog.get_by_role("radio", name="Tomas Lind").check()
    await visit.dialog.get_by_role("button", name="Transfer").click()
    await desk.until(lambda: desk.called("/transfer") == [{"agent_id": TOMAS["id"], "note": ""}])
    await visit.open("t-nadia", "queue")
    await visit.button("Resolve").click()
    await visit.dialog.get_by_role("button", name="Resolve").click()
    await expect(visit.page.locator(".talk-head .status")).to_have_text("Resolved")
    assert desk.talks["t-nadia"].row["status"] == "resolved"


async def test_the_card_says_why_with_the_numbers(visit: DeskVisit) -> None:
    await visit.open("t-aarav", "queue")
    card = visit.page.get_by_role("complementary", name="Hand-off card")
    await expect(card.locator(".reason")).to_have_text("Asked for a person")
    await expect(card.locator(".evidence li").nth(1)).to_have_text(
        re.compile(r"Mood.*-0\.52.*limit -0\.45", re.S)
    )
    await expect(card.get_by_role("img", name="Mood: Unhappy")).to_be_visible()
    await card.get_by_text("How sure the bot was as a table").click()
    await expect(card.get_by_role("row").nth(3)).to_contain_text("Parcel is late 58%")
    for words in (
        "SO-100123",
        "On its way, 2 days late",
        "Gold",
        "2,480 points",
        "Northfell",
        "Tomas Lind · resolved",
    ):
        await expect(card.get_by_text(words).first).to_be_attached()


async def test_the_customer_typing_is_seen_and_the_agent_typing_is_told(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-priya")
    await desk.emit("typing", {"conversation_id": "t-priya", "who": "customer", "name": None, "on": True})
    await expect(visit.page.locator(".typing")).to_contain_text("Priya Iyer is typing…")
    await desk.customer_says("t-priya", "And the lining too")
    await expect(visit.page.locator(".typing")).to_have_count(0)
    await visit.field.press_sequentially("Oh")
    await desk.until(lambda: {"conversation": "t-priya", "on": True} in desk.typing)


async def test_earlier_messages_come_in_above_without_moving_what_is_read(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    talk = desk.talks["t-priya"]
    for number in range(3, 351):
        talk.add("customer" if number % 2 else "bot", f"word {number}")
    await visit.open("t-priya")
    assert (await visit.shown())[0] == "word 251"
    scroll = visit.page.locator("setu-talk .scroll")
    place = "e => Math.round(document.querySelector('[data-number=\"255\"]').getBoundingClientRect().top)"
    await scroll.evaluate("e => { e.scrollTop = 250; }")
    before = await scroll.evaluate(place)
    await expect(visit.page.locator('[data-number="151"]')).to_be_attached()
    assert abs(await scroll.evaluate(place) - before) <= 2
    for number in (51, 1):
        await scroll.evaluate("e => { e.scrollTop = 0; }")
        await expect(visit.page.locator(f'[data-number="{number}"]')).to_be_attached()
    numbers = await visit.page.locator(".message").evaluate_all(
        "all => all.map((e) => Number(e.dataset.number))"
    )
    assert numbers == list(range(1, 351))
    await expect(visit.page.get_by_text("The conversation begins here")).to_be_attached()


async def test_nothing_a_customer_writes_is_ever_run(visit: DeskVisit, desk: FakeDesk) -> None:
    talk = desk.talks["t-priya"]
    talk.row["contact"]["name"] = ATTACK
    talk.card = talk.card | {
        "reason": {"code": "x", "text": ATTACK},
        "note": ATTACK,
        "slots": {ATTACK: ATTACK},
        "summary": [{"number": 1, "sender": "customer", "text": ATTACK}],
        "understood": {"intent": "x", "title": ATTACK, "entities": [{"entity": ATTACK, "value": ATTACK}]},
    }
    evil = {"title": ATTACK, "payload": "/x"}
    rich = {
        "buttons": [evil],
        "image": "javascript:alert(1)",
        "cards": [{"title": ATTACK, "image": "//evil.test/x"}],
    }
    talk.add("bot", ATTACK, rich=rich)
    await visit.open("t-priya")
    await desk.customer_says("t-priya", ATTACK)
    await visit.shows(ATTACK)
    await desk.emit("typing", {"conversation_id": "t-priya", "who": "customer", "name": ATTACK, "on": True})
    await expect(visit.page.locator(".typing")).to_contain_text("<script>")
    await visit.page.keyboard.press("Control+k")
    await visit.dialog.get_by_role("combobox").fill("<img")
    await expect(visit.dialog.get_by_role("option").first).to_contain_text("onerror")
    assert await visit.page.evaluate("window.pwned") is None
    inside = "setu-desk :is(script, iframe, object, embed, [onerror], img, a[href^='javascript'])"
    assert await visit.page.locator(inside).count() == 0


async def test_links_of_customers_open_apart_and_tell_nothing(visit: DeskVisit, desk: FakeDesk) -> None:
    await visit.open("t-priya")
    await desk.customer_says("t-priya", "See https://example.test/a?b=1 or javascript:alert(1)")
    link = visit.page.locator(".text a")
    await expect(link).to_have_attribute("href", "https://example.test/a?b=1")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


async def test_reading_an_own_conversation_marks_it_and_a_look_into_the_queue_does_not(
    visit: DeskVisit, desk: FakeDesk
) -> None:
    await visit.open("t-nadia", "queue")
    await visit.open("t-priya")
    await desk.until(lambda: bool(desk.called("/read")))
    await expect(visit.row("t-priya").locator(".unread-count")).to_have_count(0)
    assert [path for path, _ in desk.calls if path.endswith("/read")] == [
        "/api/desk/conversations/t-priya/read"
    ]
    await expect(visit.page).to_have_title("Setu desk")


async def test_search_finds_what_was_said_and_opens_it(visit: DeskVisit) -> None:
    await visit.go()
    await visit.button("Search Ctrl K").click()
    await visit.dialog.get_by_role("combobox").fill("zip")
    found = visit.dialog.get_by_role("option")
    await expect(found).to_have_count(1)
    await expect(found.locator("mark")).to_have_text("zip")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator(".talk-head h1")).to_have_text("Priya Iyer")


@pytest.mark.parametrize("wanted", [True, False])
async def test_desktop_notifications_come_only_when_asked_for(
    browser: Browser, desk: FakeDesk, wanted: bool
) -> None:
    async with at_the_desk(browser, desk, permissions=["notifications"]) as visit:
        await visit.page.add_init_script(
            "window.called = []; class Told { constructor(title) { window.called.push(title); } }"
            "Told.permission = 'granted'; Told.requestPermission = async () => 'granted';"
            "window.Notification = Told;"
            "Object.defineProperty(document, 'hidden', {get: () => window.away === true});"
        )
        await visit.open("t-priya")
        await visit.button("Your menu, Meera Nair").click()
        if wanted:
            await visit.page.get_by_role("switch", name="Notifications").check()
        await visit.page.evaluate("window.away = true")
        await desk.change("t-eleni", status="assigned", agent={"id": desk.me["id"], "name": desk.me["name"]})
        await expect(visit.page.locator(".toast")).to_contain_text("New conversation for you")
        called = await visit.page.evaluate("window.called")
        assert called == (["New conversation for you: Ελένη Παπαδοπούλου"] if wanted else [])

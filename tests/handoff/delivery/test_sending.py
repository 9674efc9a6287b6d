"""Messages reach the platform in order and within its limits, and what fails is tried again or told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from handoff.channels.base import Rate, SendFailed
from handoff.delivery.backoff import ATTEMPTS
from tests.support.deliveries import PLAIN, WINDOWS, Post
from tests.support.waiting import until

LONG = "The first sentence is here, and it is long. " * 4  # two parts
OUT = SendFailed("ConnectError", code="unreachable")


async def test_a_message_goes_out_and_its_id_is_kept(post: Post) -> None:
    conversation = await post.customer()
    post.platform.answers = ["mid.1"]
    await post.say(conversation, "Good morning")
    await post.drain()
    assert post.platform.took == [("ann", "Good morning")]
    (row,) = await post.rows()
    assert (row.state, row.mark, row.parts, row.lease_owner) == ("sent", "sent", 1, None)
    assert row.sent_at == post.house.clock()
    assert [(part.place, part.external_id) for part in await post.parts()] == [(0, "mid.1")]


async def test_a_long_message_goes_out_in_parts_each_called_with_its_place(post: Post) -> None:
    await post.say(await post.customer(), LONG)
    await post.drain()
    assert len(post.platform.took) == 2
    assert [call.place for call in post.platform.calls] == [0, 1]
    assert len({call.ref for call in post.platform.calls}) == 2
    assert [part.place for part in await post.parts()] == [0, 1]


async def test_a_part_that_failed_is_tried_again_without_those_before_it(post: Post) -> None:
    await post.say(await post.customer(), LONG)
    post.platform.answers = ["mid.0", OUT]
    await post.drain()
    assert [(row.state, row.parts) for row in await post.rows()] == [("due", 1)]
    await post.later(2)
    assert [call.place for call in post.platform.calls] == [0, 1, 1]
    assert len(post.platform.took) == 2
    assert await post.states() == ["sent"]


async def test_later_messages_wait_for_one_that_is_tried_again_but_not_for_a_dead_one(post: Post) -> None:
    conversation, other = await post.customer(), await post.customer("ben")
    await post.say(conversation, "one", "two")
    post.platform.answers = [OUT]
    await post.drain()
    await post.say(other, "three")
    await post.drain()
    assert post.platform.texts() == ["three"]
    post.platform.answers = [SendFailed("no such thing", final=True, code="blocked")]
    await post.later(2)
    assert post.platform.texts() == ["three", "two"]
    (note,) = await post.notes(conversation)
    assert (note["key"], note["values"]["code"]) == ("undelivered", "blocked")


async def test_the_desk_is_told_of_each_step(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.answers = [OUT]
    await post.drain()
    await post.later(2)
    told = [change.delivery for change in post.house.hub.deliveries]
    assert [(one["state"], one["mark"]) for one in told] == [("due", None), ("sent", "sent")]
    assert (told[0]["code"], told[0]["error"]) == ("unreachable", "ConnectError")
    assert told[1]["code"] is None


async def test_a_reply_of_the_bot_stays_unsent_once_a_person_has_the_talk(post: Post) -> None:
    conversation = await post.customer()
    await post.say(conversation, "I am the bot", sender="bot")
    maria = await post.house.agent()
    await post.house.conversations.claim(conversation, maria)
    await post.house.conversations.reply(conversation, maria, "Maria here")
    await post.drain()
    assert "I am the bot" not in post.platform.texts()
    assert post.platform.texts()[-1] == "Maria here"
    assert (await post.notes(conversation))[-1]["key"] == "undelivered_reply"


async def test_an_attempt_that_fails_for_an_unknown_cause_is_unsure(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.answers = [ValueError("the answer was no JSON")]
    await post.drain()
    assert await post.states() == ["unsure"]


@pytest.mark.parametrize(
    ("broken", "state"),
    [
        (httpx.ConnectError("refused"), "due"),
        (httpx.ConnectTimeout("no answer"), "due"),
        (httpx.PoolTimeout("busy"), "due"),
        (httpx.ReadTimeout("no answer"), "unsure"),
        (httpx.RemoteProtocolError("cut off"), "unsure"),
        (TimeoutError(), "unsure"),
    ],
)
async def test_only_a_call_that_surely_did_not_get_there_is_tried_again_at_once(
    post: Post, broken: Exception, state: str
) -> None:
    await post.say(await post.customer(), "one")
    post.platform.answers = [broken]
    await post.drain()
    assert await post.states() == [state]


async def test_a_limit_of_the_platform_holds_up_the_whole_inbox_and_costs_no_attempt(post: Post) -> None:
    for contact in ("ann", "ben", "cem"):
        await post.say(await post.customer(contact), f"to {contact}")
    post.platform.capabilities = replace(PLAIN, rate=Rate(1, 1))
    post.platform.answers = [SendFailed("429", retry_after=60, code="rate_limited")]
    await post.drain()
    assert len(post.platform.calls) == 1
    await post.later(59)
    assert len(post.platform.calls) == 1
    for _ in range(3):
        await post.later(1)
    assert sorted(post.platform.texts()) == ["to ann", "to ben", "to cem"]
    assert [row.attempts for row in await post.rows()] == [0, 0, 0]


async def test_a_limit_towards_one_contact_holds_up_nobody_else(post: Post) -> None:
    await post.say(await post.customer("ann"), "one", "two")
    post.platform.answers = [SendFailed("131056", retry_after=6, code="contact_limited")]
    await post.drain()
    await post.say(await post.customer("ben"), "three")
    await post.drain()
    assert post.platform.texts() == ["three"]
    await post.later(6)
    assert post.platform.texts() == ["three", "one", "two"]


async def test_no_more_calls_go_out_than_the_platform_takes(post: Post) -> None:
    post.platform.capabilities = replace(PLAIN, rate=Rate(2, 3))
    for number in range(9):
        await post.say(await post.customer(f"c{number}"), "hello")
    seen = []
    for _ in range(4):
        await post.drain()
        seen.append(len(post.platform.calls))
        post.house.clock.pass_(1)
    assert seen == [3, 5, 7, 9]


async def test_the_parts_of_a_message_keep_to_the_rate_of_its_contact(post: Post) -> None:
    post.platform.capabilities = replace(PLAIN, contact_rate=Rate(1, 1))
    await post.say(await post.customer(), LONG)
    await post.drain()
    assert [(row.state, row.parts) for row in await post.rows()] == [("due", 1)]
    await post.later(1)
    assert len(post.platform.took) == 2
    assert await post.states() == ["sent"]


async def test_an_outage_costs_the_messages_that_wait_through_it_no_attempts(post: Post) -> None:
    for number in range(20):
        await post.say(await post.customer(f"c{number}"), f"{number}")
    post.platform.answers = [OUT] * 1000
    for _ in range(120):
        await post.later(5)
    assert max(row.attempts for row in await post.rows()) <= 2
    assert len(post.platform.calls) < 70
    post.platform.answers = []
    for _ in range(60):
        await post.later(5)
    assert sorted(map(int, post.platform.texts())) == list(range(20))


async def test_a_message_that_the_platform_alone_fails_on_dies_after_its_attempts(post: Post) -> None:
    conversation = await post.customer()
    await post.say(conversation, "poison")
    post.platform.answers = [OUT] * ATTEMPTS
    for _ in range(20):
        await post.later(2 * 3600)
    assert [(row.state, row.attempts, row.code) for row in await post.rows()] == [
        ("dead", ATTEMPTS, "unreachable")
    ]
    assert (await post.notes(conversation))[-1]["values"]["number"]


async def test_a_message_that_has_waited_for_days_is_given_up(post: Post) -> None:
    await post.say(await post.customer(), "one")
    post.platform.answers = [SendFailed("429", retry_after=3 * 86400, code="rate_limited")] * 2
    await post.drain()
    await post.later(3 * 86400)
    assert [(row.state, row.code) for row in await post.rows()] == [("dead", "rate_limited")]


async def test_a_disabled_inbox_keeps_its_messages_waiting(post: Post) -> None:
    await post.say(await post.customer(), "one")
    await post.inboxes.update(post.house.inbox.id, disabled=True)
    await post.drain()
    assert (post.platform.calls, await post.states()) == ([], ["due"])
    await post.inboxes.update(post.house.inbox.id, disabled=False)
    await post.drain()
    assert await post.states() == ["sent"]


@pytest.mark.parametrize(
    ("sender", "hours", "state", "late"),
    [
        ("agent", 23.99, "sent", False),
        ("agent", 24, "sent", True),
        ("agent", 167.9, "sent", True),
        ("agent", 168, "dead", None),
        ("bot", 23.99, "sent", False),
        ("bot", 24, "dead", None),
        ("system", 24, "dead", None),
    ],
)
async def test_a_closed_window_is_met_without_a_call_and_only_people_are_late(
    post: Post, sender: str, hours: float, state: str, late: bool | None
) -> None:
    post.platform.capabilities = WINDOWS
    conversation = await post.customer()
    post.house.clock.pass_(hours * 3600)
    await post.say(conversation, "Still there?", sender=sender)
    await post.drain()
    (row,) = await post.rows()
    assert (row.state, row.code) == (state, "window_closed" if state == "dead" else None)
    assert [call.late for call in post.platform.calls] == ([] if late is None else [late])


async def test_a_template_goes_out_when_nothing_else_may(post: Post) -> None:
    post.platform.capabilities = replace(WINDOWS, human_window=None, templates=True)
    conversation = await post.customer()
    post.house.clock.pass_(timedelta(days=30).total_seconds())
    await post.say(conversation, "words")
    await post.say(conversation, "hello", template={"name": "hello", "language": "en", "variables": []})
    await post.drain()
    assert await post.states() == ["dead", "sent"]
    (call,) = post.platform.calls
    assert call.part.template is not None


async def test_an_answer_names_the_message_it_answers_by_the_platforms_id(post: Post) -> None:
    outcome = await post.house.write("Where is it?", external_id="wamid.77")
    await post.say(outcome.conversation.id, "On its way", reply_to=1)
    await post.drain()
    assert post.platform.calls[-1].reply_to == "wamid.77"


async def test_several_gateways_send_each_message_once_and_in_order(post: Post) -> None:
    conversations = {contact: await post.customer(contact) for contact in ("ann", "ben", "cem")}
    for number in range(6):
        for contact, conversation in conversations.items():
            await post.say(conversation, f"{contact} {number}")
    posts = [post, post.another("two:1"), post.another("three:1")]

    async def work(one: Post) -> None:
        for _ in range(12):
            await one.dispatcher.once()

    await asyncio.gather(*(work(one) for one in posts))
    await post.drain()
    for contact in conversations:
        assert post.platform.texts(contact) == [f"{contact} {n}" for n in range(6)]


async def test_a_platform_that_hangs_leaves_room_for_others_and_few_calls_run_at_once(post: Post) -> None:
    for number in range(30):
        await post.say(await post.customer(f"c{number}"), "hello")
    running = asyncio.create_task(post.dispatcher.run())
    post.platform.gate.clear()

    async def busy() -> bool:
        return post.platform.running == 12

    async def done() -> bool:
        return await post.states() == ["sent"] * 30

    await until(busy)
    post.platform.gate.set()
    await until(done)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert post.platform.most_at_once == 12


async def test_stopping_lets_calls_end_and_gives_back_the_rest(post: Post) -> None:
    await post.say(await post.customer(), LONG)
    post.platform.gate.clear()
    running = asyncio.create_task(post.dispatcher.run())
    await post.platform.entered.wait()
    running.cancel()

    async def stopping() -> bool:
        return post.dispatcher.stopping

    await until(stopping)
    post.platform.gate.set()
    await asyncio.gather(running, return_exceptions=True)
    assert [(row.state, row.parts) for row in await post.rows()] == [("due", 1)]
    await post.another().drain()
    assert len(post.platform.took) == 2

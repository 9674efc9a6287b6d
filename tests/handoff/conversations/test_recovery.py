"""What a gateway leaves behind when it dies is taken up: once, in order, and as the same turn."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.contract import TurnReply, TurnRequest
from handoff.conversations import answering
from handoff.conversations.models import JournalEntry
from handoff.conversations.thread import LEASE_MARGIN
from tests.support.conversations import House, said


async def die(house: House) -> None:
    """The gateway stops in the middle of its turns, without a word to the database."""
    await house.conversations.turns.stop()
    house.bot.open()


async def customers_and_bots(house: House, conversation_id: str) -> list[tuple[str, str]]:
    return [(m.sender, m.text) for m in await house.thread(conversation_id)]


async def test_a_restarted_gateway_takes_its_own_turns_up_at_once(house: House) -> None:
    house.bot.close()
    receipt = await house.receive("one")
    await house.bot.entered.wait()
    await house.receive("two")
    await die(house)
    restarted = house.another_gateway("one:1")
    await restarted.conversations.tend()
    await restarted.conversations.turns.settle()
    assert await customers_and_bots(house, receipt.conversation.id) == [
        ("customer", "one"),
        ("customer", "two"),
        ("bot", "re: one"),
        ("bot", "re: two"),
    ]
    first, again, second = (request.message_id for request in house.bot.asked)
    assert first == again != second


async def test_another_gateway_waits_for_the_lease_to_end(house: House) -> None:
    house.bot.close()
    receipt = await house.receive("one")
    await house.bot.entered.wait()
    await die(house)
    other = house.another_gateway()
    await other.conversations.tend()
    assert len(house.bot.asked) == 1
    house.clock.pass_(other.conversations.context.turn_timeout + LEASE_MARGIN + 1)
    await other.conversations.tend()
    await other.conversations.turns.settle()
    assert await customers_and_bots(house, receipt.conversation.id) == [
        ("customer", "one"),
        ("bot", "re: one"),
    ]


async def test_a_gateway_that_only_seemed_dead_does_not_answer_twice(house: House) -> None:
    house.bot.close()
    receipt = await house.receive("one")
    await house.bot.entered.wait()
    house.clock.pass_(60)
    other = house.another_gateway()
    await other.conversations.tend()
    house.bot.open()
    await asyncio.gather(house.conversations.turns.settle(), other.conversations.turns.settle())
    assert await customers_and_bots(house, receipt.conversation.id) == [
        ("customer", "one"),
        ("bot", "re: one"),
    ]


async def test_a_message_to_another_gateway_is_answered_by_the_one_that_runs_the_turn(house: House) -> None:
    house.bot.close()
    first = await house.receive("one")
    await house.bot.entered.wait()
    other = house.another_gateway()
    second = await other.receive("two")
    waiting = asyncio.create_task(second.done())
    house.bot.open()
    outcome = await waiting
    assert [m.text for m in outcome.messages] == ["re: one", "re: two"]
    assert len(house.bot.asked) == 2
    assert not house.bot.overlapped
    assert first.conversation.id == second.conversation.id


async def test_what_died_while_handing_back_is_handed_back(house: House) -> None:
    maria = await house.agent()
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.claim(conversation, maria)
    await house.conversations.reply(conversation, maria, "Here you are")
    house.bot.close()
    await house.conversations.hand_back(conversation, maria)
    await house.bot.entered.wait()
    await die(house)
    restarted = house.another_gateway("one:1")
    await restarted.conversations.tend()
    await restarted.conversations.turns.settle()
    assert (await house.thread(conversation, private=False))[-1].text == 're: /handed_back{"next": ""}'
    assert [said.text for said in house.bot.asked[-1].meanwhile] == ["Here you are"]


async def test_a_dead_turn_that_a_person_has_taken_over_is_not_run(house: House) -> None:
    maria = await house.agent()
    house.bot.close()
    receipt = await house.receive("one")
    await house.bot.entered.wait()
    await die(house)
    await house.conversations.claim(receipt.conversation.id, maria)
    restarted = house.another_gateway("one:1")
    await restarted.conversations.tend()
    await restarted.conversations.turns.settle()
    assert len(house.bot.asked) == 1
    back = await restarted.conversations.hand_back(receipt.conversation.id, maria)
    assert back.owner == "bot"
    await restarted.conversations.turns.settle()
    assert len(house.bot.asked) == 2


async def test_taking_up_is_written_into_the_journal(house: House) -> None:
    house.bot.close()
    await house.receive("one")
    await house.bot.entered.wait()
    await die(house)
    restarted = house.another_gateway("one:1")
    await restarted.conversations.tend()
    await restarted.conversations.turns.settle()
    async with house.database.read() as session:
        assert (await session.scalars(select(JournalEntry.event))).all() == ["TurnResumed"]


async def test_a_turn_that_could_not_be_settled_is_taken_up_by_the_same_gateway(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> None:
        raise OSError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(answering, "finish", broken)
        receipt = await house.receive("one")
        await house.conversations.turns.settle()
    await house.conversations.tend()
    await house.conversations.turns.settle()
    assert len(await house.thread(receipt.conversation.id)) == 1, "the lease has not run out yet"
    house.clock.pass_(house.conversations.context.turn_timeout + LEASE_MARGIN + 1)
    await house.conversations.tend()
    await house.conversations.turns.settle()
    assert (await house.thread(receipt.conversation.id))[-1].text == "re: one"


async def test_a_reply_that_cannot_be_stored_goes_to_a_person(house: House) -> None:
    house.bot.answer = lambda request: said("x", slots={"broken": object()})
    outcome = await house.write("Hello")
    assert outcome.conversation.reason == "bot_failure"


async def test_a_bot_that_breaks_in_an_unknown_way_is_a_failure_too(house: House) -> None:
    def broken(_request: TurnRequest) -> TurnReply:
        raise ZeroDivisionError

    house.bot.answer = broken
    assert (await house.write("Hello")).conversation.reason == "bot_failure"

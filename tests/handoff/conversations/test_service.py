"""Conversations on both databases: stored, answered once, handed over and back."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from actions.customers.models import Customer
from bot.contract import Said
from handoff.conversations.models import Contact, Handoff, JournalEntry, Message
from handoff.conversations.ports import BotFailure
from handoff.conversations.rates import Rates
from handoff.conversations.service import Conversations
from handoff.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from tests.support.conversations import House, said, wish


async def test_a_first_message_is_stored_numbered_and_answered(house: House) -> None:
    outcome = await house.write("Hello")
    thread = await house.thread(outcome.conversation.id)
    assert [(m.number, m.sender, m.text) for m in thread] == [
        (1, "customer", "Hello"),
        (2, "bot", "re: Hello"),
    ]
    assert outcome.conversation.owner == "bot"
    assert [m.text for m in outcome.messages] == ["re: Hello"]


async def test_parallel_first_messages_make_one_contact_and_one_conversation(house: House) -> None:
    outcomes = await asyncio.gather(*(house.write(f"m{n}") for n in range(8)))
    assert len({outcome.conversation.id for outcome in outcomes}) == 1
    async with house.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Contact)) == 1


async def test_the_same_id_again_gives_the_same_receipt_and_is_asked_once(house: House) -> None:
    receipts = await asyncio.gather(*(house.receive("Hello", external_id="m-1") for _ in range(5)))
    assert {receipt.message.id for receipt in receipts} == {receipts[0].message.id}
    assert sorted(receipt.duplicate for receipt in receipts) == [False, True, True, True, True]
    outcomes = await asyncio.gather(*(receipt.done() for receipt in receipts))
    assert {tuple(m.text for m in outcome.messages) for outcome in outcomes} == {("re: Hello",)}
    assert len(house.bot.asked) == 1


async def test_an_id_used_by_another_contact_is_refused_and_tells_nothing(house: House) -> None:
    await house.write("secret", contact="ann", external_id="m-1")
    with pytest.raises(Conflict, match="id_taken"):
        await house.receive("hi", contact="eve", external_id="m-1")


async def test_a_burst_is_stored_once_in_order_and_answered_in_few_turns_one_at_a_time(house: House) -> None:
    house.bot.close()
    receipts = [await house.receive(f"m{n}") for n in range(50)]
    house.bot.open()
    await asyncio.gather(*(receipt.done() for receipt in receipts))
    thread = await house.thread(receipts[0].conversation.id)
    assert [m.text for m in thread if m.sender == "customer"] == [f"m{n}" for n in range(50)]
    assert [m.number for m in thread] == list(range(1, len(thread) + 1))
    assert [request.text for request in house.bot.asked] == ["m0", "\n".join(f"m{n}" for n in range(1, 50))]
    assert not house.bot.overlapped


async def test_too_fast_for_too_long_is_refused_with_a_time(house: House) -> None:
    context = house.conversations.context
    house.conversations = Conversations(context, house.bot, Rates(per_second=1, burst=2))
    await house.receive("a")
    await house.receive("b")
    with pytest.raises(TooMany) as refused:
        await house.receive("c")
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 1
    await house.receive("other contact", contact="ben")


async def test_a_wish_for_a_person_queues_with_the_reason_and_the_place(house: House) -> None:
    await house.agent()
    house.bot.answer = lambda request: wish("asked", "Of course.")
    outcome = await house.write("a human please")
    assert outcome.conversation.status == "queued"
    assert outcome.conversation.queue_position == 1
    assert outcome.conversation.reason == "asked"
    assert [(m.sender, m.rich.get("key")) for m in outcome.messages] == [("bot", None), ("system", "queued")]
    assert outcome.messages[-1].text.startswith("You are number 1"), "the bot has said the rest itself"
    house.clock.pass_(1)
    second = await house.write("me too", contact="ben")
    assert second.conversation.queue_position == 2
    assert house.conversations.context.queue._event.is_set()


async def test_with_nobody_on_duty_an_honest_word_is_said_and_it_stays_queued(house: House) -> None:
    await house.agent(present=False)
    house.bot.answer = lambda request: wish()
    outcome = await house.write("a human please")
    assert [m.rich.get("key") for m in outcome.messages] == ["nobody_on_duty"]
    assert outcome.messages[0].text.startswith("Of course"), "somebody has to say it"
    later = await house.write("my number is 5")
    assert (later.conversation.status, later.messages) == ("queued", [])
    assert len(house.bot.asked) == 1


@pytest.mark.parametrize("kind", ["timeout", "unreachable", "status", "invalid"])
async def test_a_failing_bot_means_a_sentence_at_once_and_a_person(house: House, kind: str) -> None:
    house.bot.answer = lambda request: BotFailure(kind)
    outcome = await house.write("Hello")
    assert (outcome.conversation.status, outcome.conversation.reason) == ("queued", "bot_failure")
    assert "Something went wrong" in outcome.messages[0].text
    async with house.database.read() as session:
        handoff = (await session.scalars(select(Handoff))).one()
        assert handoff.evidence == [{"reason": "bot_failure", "value": kind, "threshold": 5.0}]


async def test_an_empty_answer_is_a_failure(house: House) -> None:
    house.bot.answer = lambda request: said("")
    assert (await house.write("Hello")).conversation.reason == "bot_failure"


async def test_a_slow_bot_is_not_waited_for(quick_house: House) -> None:
    quick_house.bot.close()
    outcome = await quick_house.write("Hello")
    assert outcome.conversation.reason == "bot_failure"


async def test_a_reply_that_comes_after_a_claim_is_dropped_and_shown_to_the_desk(house: House) -> None:
    maria = await house.agent()
    house.bot.close()
    receipt = await house.receive("Hello")
    await house.bot.entered.wait()
    claimed = await house.conversations.claim(receipt.conversation.id, maria)
    assert claimed.status == "assigned"
    house.bot.open()
    await house.conversations.turns.settle()
    thread = await house.thread(receipt.conversation.id)
    assert [(m.sender, m.private) for m in thread] == [
        ("customer", False),
        ("system", False),
        ("bot", True),
    ]
    assert thread[-1].for_desk()["dropped"] is True
    async with house.database.read() as session:
        events = (await session.scalars(select(JournalEntry.event).order_by(JournalEntry.id))).all()
    assert events == ["Claimed", "ReplyDropped"]


async def test_while_people_have_it_the_bot_is_not_asked(house: House) -> None:
    maria = await house.agent()
    first = await house.write("Hello")
    await house.conversations.claim(first.conversation.id, maria)
    await house.write("to a person")
    assert len(house.bot.asked) == 1
    assert (await house.view(first.conversation.id)).unread == 2


async def test_two_agents_claim_one_wins(house: House) -> None:
    agents = [await house.agent(f"A{n}") for n in range(4)]
    conversation = (await house.write("Hello")).conversation.id
    results = await asyncio.gather(
        *(house.conversations.claim(conversation, agent) for agent in agents), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Conflict)} == {"taken"}
    assert sorted([await house.load(agent) for agent in agents]) == [0, 0, 0, 1]


async def test_nobody_gets_more_than_there_is_room_for(house: House) -> None:
    maria = await house.agent(capacity=1)
    one = (await house.write("1", contact="ann")).conversation.id
    two = (await house.write("2", contact="ben")).conversation.id
    await house.conversations.claim(one, maria)
    with pytest.raises(Conflict, match="agent_full"):
        await house.conversations.claim(two, maria)
    assert (await house.view(two)).status == "bot"
    await house.conversations.resolve(one, maria)
    await house.conversations.claim(two, maria)
    assert await house.load(maria) == 1


async def test_an_assignment_from_an_older_epoch_does_not_count(house: House) -> None:
    maria = await house.agent()
    house.bot.answer = lambda request: wish()
    queued = (await house.write("human")).conversation
    with pytest.raises(Conflict, match="moved_on"):
        await house.conversations.assign(queued.id, maria, queued.epoch - 1)
    assigned = await house.conversations.assign(queued.id, maria, queued.epoch)
    assert assigned.agent is not None
    assert assigned.agent.name == "Maria"
    thread = await house.thread(queued.id)
    assert thread[-1].rich == {"key": "joined", "values": {"name": "Maria"}}


async def test_only_the_owner_replies_and_the_same_client_id_is_the_same_message(house: House) -> None:
    maria, ben = await house.agent(), await house.agent("Ben")
    conversation = (await house.write("Hello")).conversation.id
    with pytest.raises(Conflict, match="wrong_status"):
        await house.conversations.reply(conversation, maria, "hi")
    await house.conversations.claim(conversation, maria)
    with pytest.raises(Conflict, match="not_yours"):
        await house.conversations.reply(conversation, ben, "hi")
    first = await house.conversations.reply(conversation, maria, "hi", client_id="c1")
    again = await house.conversations.reply(conversation, maria, "hi", client_id="c1")
    assert first == again
    assert first.author is not None
    assert first.author.name == "Maria"
    note = await house.conversations.note(conversation, ben, "a word among us")
    assert note.private
    assert note.number not in [m.number for m in await house.thread(conversation, private=False)]


async def test_handed_back_the_bot_hears_what_was_said_and_goes_on(house: House) -> None:
    maria = await house.agent()
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.claim(conversation, maria)
    await house.write("It is order SO-1")
    await house.conversations.reply(conversation, maria, "Thanks, found it")
    await house.conversations.note(conversation, maria, "hidden")
    back = await house.conversations.hand_back(
        conversation, maria, next="refund_status", note="refund please"
    )
    assert back.owner == "bot"
    await house.conversations.turns.settle()
    request = house.bot.asked[-1]
    assert request.payload == '/handed_back{"next": "refund_status"}'
    assert request.meanwhile == (Said("customer", "It is order SO-1"), Said("agent", "Thanks, found it"))
    public = await house.thread(conversation, private=False)
    assert [(m.sender, m.rich.get("key")) for m in public[-2:]] == [("system", "bot_back"), ("bot", None)]
    assert await house.load(maria) == 0
    async with house.database.read() as session:
        assert (await session.scalars(select(Handoff.outcome))).one() == "handed_back"
    await house.write("and now?")
    assert house.bot.asked[-1].meanwhile == ()


async def test_claimed_and_handed_back_during_a_turn_the_old_reply_is_dropped_and_turns_do_not_overlap(
    house: House,
) -> None:
    maria = await house.agent()
    house.bot.close()
    receipt = await house.receive("Hello")
    await house.bot.entered.wait()
    conversation = receipt.conversation.id
    await house.conversations.claim(conversation, maria)
    await house.conversations.hand_back(conversation, maria)
    house.bot.open()
    await house.conversations.turns.settle()
    thread = await house.thread(conversation)
    assert [m.text for m in thread if m.sender == "bot" and m.private] == ["re: Hello"]
    assert [m.text for m in thread if m.sender == "bot" and not m.private] == ['re: /handed_back{"next": ""}']
    assert not house.bot.overlapped


async def test_a_bad_next_step_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match="bad_next"):
        await house.conversations.hand_back("x", "y", next='"}; /restart')


async def test_snoozed_it_wakes_by_the_customer_or_by_time_with_its_agent(house: House) -> None:
    maria = await house.agent()
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.claim(conversation, maria)
    until = house.clock.at.replace(hour=11)
    await house.conversations.snooze(conversation, maria, until)
    assert await house.load(maria) == 0
    await house.write("are you there?")
    woken = await house.view(conversation)
    assert (woken.status, woken.agent and woken.agent.id, woken.snoozed_until) == ("assigned", maria, None)
    await house.conversations.snooze(conversation, maria, until)
    house.clock.pass_(3601)
    await house.conversations.tend()
    assert (await house.view(conversation)).status == "queued"  # Maria is away by then
    assert await house.load(maria) == 0


async def test_resolved_it_reopens_with_the_bot_who_hears_what_was_said(house: House) -> None:
    maria = await house.agent()
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.claim(conversation, maria)
    await house.conversations.reply(conversation, maria, "Done")
    await house.conversations.resolve(conversation, maria)
    assert (await house.view(conversation)).owner == "nobody"
    outcome = await house.write("thanks")
    assert outcome.conversation.owner == "bot"
    assert house.bot.asked[-1].meanwhile == (Said("agent", "Done"),)


async def test_a_transfer_goes_to_a_colleague_who_is_there(house: House) -> None:
    maria, ben, cem = await house.agent(), await house.agent("Ben"), await house.agent("Cem", present=False)
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.claim(conversation, maria)
    with pytest.raises(Conflict, match="agent_full"):
        await house.conversations.transfer(conversation, maria, cem)
    moved = await house.conversations.transfer(conversation, maria, ben, note="knows refunds")
    assert moved.agent is not None
    assert moved.agent.id == ben
    assert [await house.load(agent) for agent in (maria, ben, cem)] == [0, 1, 0]


async def test_requeued_it_keeps_its_place(house: House) -> None:
    maria = await house.agent()
    house.bot.answer = lambda request: wish()
    first = (await house.write("human", contact="ann")).conversation
    await house.conversations.assign(first.id, maria, first.epoch)
    house.clock.pass_(10)
    second = (await house.write("human", contact="ben")).conversation
    back = await house.conversations.requeue(first.id, "agent_lost")
    assert back.queue_position == 1
    assert (await house.view(second.id)).queue_position == 2


async def test_only_what_was_offered_here_can_be_tapped(house: House) -> None:
    house.bot.answer = lambda request: said(
        "Which?", intent="ask", buttons=[{"title": "Cancel it", "payload": "/cancel_order"}]
    )
    with pytest.raises(Invalid, match="unknown_payload"):
        await house.write(payload="/cancel_order")
    outcome = await house.write("Hello")
    tapped = await house.receive(payload="/cancel_order")
    assert tapped.message.text == "Cancel it"
    await tapped.done()
    assert (house.bot.asked[-1].payload, house.bot.asked[-1].text) == ("/cancel_order", None)
    with pytest.raises(Invalid, match="unknown_payload"):
        await house.write(payload="/cancel_order", contact="eve")
    with pytest.raises(Invalid, match="unknown_payload"):
        await house.write(payload="/restart")
    thread = await house.thread(outcome.conversation.id)
    assert [m.text for m in thread if m.sender == "customer"] == ["Hello", "Cancel it"]


async def test_a_typed_slash_is_text(house: House) -> None:
    await house.write("/restart")
    assert (house.bot.asked[-1].text, house.bot.asked[-1].payload) == ("/restart", None)


async def test_a_contact_known_as_a_customer_never_becomes_another(house: House) -> None:
    outcome = await house.write("Hello", customer_id="c1")
    assert outcome.conversation.customer_id == "c1"
    await house.write("still me")
    assert house.bot.asked[-1].customer_id == "c1"
    with pytest.raises(Forbidden, match="identity_other"):
        await house.receive("Hello", customer_id="c2")


async def test_who_is_proven_a_customer_is_called_and_counted_to_as_the_shop_knows(house: House) -> None:
    async with house.database.write() as session:
        session.add(
            Customer(
                id="c7",
                name="Nusrat Jahan",
                email="n@example.org",
                locale="bn-BD",
                country="BD",
                time_zone="Asia/Dhaka",
            )
        )
    await house.write("Hello")
    assert house.bot.asked[-1].locale is None
    outcome = await house.write("It is me", customer_id="c7")
    assert house.bot.asked[-1].locale == "bn-BD"
    assert outcome.conversation.contact.name == "Nusrat Jahan"
    await house.write("In English please", locale="en-GB")
    assert house.bot.asked[-1].locale == "en-GB"


async def test_read_marks_only_move_forward(house: House) -> None:
    conversation = (await house.write("Hello")).conversation.id
    await house.conversations.read_by(conversation, "customer", 2)
    await house.conversations.read_by(conversation, "customer", 1)
    await house.conversations.read_by(conversation, "customer", 99)
    assert (await house.view(conversation)).read_by_customer == 2
    assert house.hub.reads == [("customer", 2)]


async def test_an_unknown_conversation_is_not_found(house: House) -> None:
    with pytest.raises(NotFound, match="conversation_unknown"):
        await house.conversations.claim("nope", "nobody")


async def test_the_understanding_is_kept_with_the_message(house: House) -> None:
    outcome = await house.write("Hello")
    (first, _) = await house.thread(outcome.conversation.id)
    assert first.understanding is not None
    assert first.understanding["intent"] == "greet"
    assert outcome.conversation.language == "en"
    async with house.database.read() as session:
        unhandled = await session.scalar(select(func.count()).where(Message.handled_at.is_(None)))
    assert unhandled == 0

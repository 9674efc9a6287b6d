"""One person on two channels: one thread, with proof only, and parted again when it was wrong."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from actions.db import Database
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.conversations import codes, joining, reading
from handoff.conversations.inbound import Inbound
from handoff.conversations.models import Contact, Conversation, Link, Message
from handoff.conversations.views import ConversationView, InboxView
from handoff.errors import Conflict
from tests.support.conversations import House, build


class Person:
    """Writes on the house's inbox and on another."""

    def __init__(self, house: House, other: InboxView) -> None:
        self.house, self.other = house, other

    async def say(self, text: str, *, there: bool = False, contact: str = "ann", **more: str) -> str:
        """Say it and have it answered; returns the thread."""
        inbox = self.other if there else self.house.inbox
        receipt = await self.house.conversations.receive(inbox, Inbound(contact=contact, text=text, **more))
        await self.house.conversations.turns.settle()
        return receipt.message.conversation_id

    async def view(self, conversation_id: str) -> ConversationView:
        async with self.house.database.read() as session:
            return await reading.view(session, conversation_id)

    async def texts(self, conversation_id: str, *, private: bool = False) -> list[str]:
        async with self.house.database.read() as session:
            found = await reading.messages(session, conversation_id, after=0, private=private)
        return [message.text for message in found]

    async def contact(self, *, there: bool = False, external_id: str = "ann") -> Contact:
        inbox = self.other if there else self.house.inbox
        async with self.house.database.read() as session:
            return (
                await session.scalars(
                    select(Contact).where(Contact.inbox_id == inbox.id, Contact.external_id == external_id)
                )
            ).one()

    async def code(self, conversation_id: str) -> str:
        """The newest code that was shown in a thread."""
        for text in reversed(await self.texts(conversation_id)):
            if found := re.search(r"\d{6}", text):
                return found[0]
        raise AssertionError("no code was sent")


@pytest.fixture
async def person(database: Database) -> Person:
    house = await build(database)
    made = await Inboxes(database, Vault("k" * 40)).create("rest", "Elsewhere")
    return Person(house, made.inbox)


async def test_joined_they_talk_in_one_thread_and_the_answer_goes_where_they_wrote_last(
    person: Person,
) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    context = person.house.conversations.context
    assert await joining.join(context, here, there, proof="agent", agent_id="maria") == here
    assert await person.say("And now?", there=True) == here
    seen = await person.view(here)
    assert (seen.inbox_name, seen.channel) == ("Elsewhere", "rest")
    assert await person.say("Back again") == here
    assert (await person.view(here)).inbox_id == person.house.inbox.id
    given_up = await person.view(there)
    assert (given_up.status, given_up.merged_into) == ("resolved", here)


async def test_people_keep_the_talk_they_have(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    maria = await person.house.agent("Maria")
    await person.house.conversations.claim(there, maria)
    context = person.house.conversations.context
    assert await joining.join(context, here, there, proof="code") == there
    assert await person.say("Hello?") == there
    assert (await person.view(there)).agent is not None


async def test_two_talks_with_people_are_not_joined_over_their_heads(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    await person.house.conversations.claim(here, await person.house.agent("Maria"))
    await person.house.conversations.claim(there, await person.house.agent("Nikos"))
    with pytest.raises(Conflict, match="both_with_people"):
        await joining.join(person.house.conversations.context, here, there, proof="agent")


async def test_two_known_customers_are_never_one(person: Person) -> None:
    here = await person.say("Hello", customer_id="c1")
    there = await person.say("Hi", there=True, customer_id="c2")
    with pytest.raises(Conflict, match="other_customer"):
        await joining.join(person.house.conversations.context, here, there, proof="agent")


async def test_a_signed_identity_joins_by_itself(person: Person) -> None:
    there = await person.say("Hi", there=True, customer_id="c1")
    await person.say("Hello", customer_id="c1")
    here = await person.say("Hello again", customer_id="c1")
    assert (await person.view(there)).merged_into == here
    async with person.house.database.read() as session:
        assert (await session.scalars(select(Link.proof))).all() == ["identity"]


async def test_a_code_from_the_other_channel_proves_it(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    context = person.house.conversations.context
    await codes.send(context, here, (await person.contact(there=True)).id, "maria")
    asked = len(person.house.bot.asked)
    await person.say(await person.code(there))
    assert (await person.contact(there=True)).conversation_id == here
    assert len(person.house.bot.asked) == asked
    texts = await person.texts(here)
    assert codes.MASK in texts
    assert texts[-1].startswith("Thank you.")


async def test_digits_of_the_own_script_are_the_same_code(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    context = person.house.conversations.context
    await codes.send(context, here, (await person.contact(there=True)).id, "maria")
    code = (await person.code(there)).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    await person.say(f"{code[:3]} {code[3:]}")
    assert (await person.contact(there=True)).conversation_id == here


async def test_a_wrong_code_is_told_and_after_five_the_right_one_is_too_late(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    context = person.house.conversations.context
    await codes.send(context, here, (await person.contact(there=True)).id, "maria")
    code = await person.code(there)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(codes.TRIES):
        await person.say(wrong)
    assert (await person.texts(here))[-1].startswith("That is not the code")
    await person.say(code)
    assert (await person.contact(there=True)).conversation_id == there


async def test_a_code_is_no_use_to_anybody_else(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    await person.say("Hey", contact="eve")
    context = person.house.conversations.context
    await codes.send(context, here, (await person.contact(there=True)).id, "maria")
    await person.say(await person.code(there), contact="eve")
    assert (await person.contact(there=True)).conversation_id == there


async def test_an_old_code_is_forgotten(person: Person) -> None:
    here, there = await person.say("Hello"), await person.say("Hi", there=True)
    context = person.house.conversations.context
    await codes.send(context, here, (await person.contact(there=True)).id, "maria")
    person.house.clock.pass_(codes.GOOD_FOR.total_seconds() + 1)
    await person.say(await person.code(there))
    assert (await person.contact(there=True)).conversation_id == there


async def test_a_code_taken_along_to_another_channel_joins_whoever_brings_it(person: Person) -> None:
    here = await person.say("Hello")
    code = await codes.offer(person.house.conversations.context, (await person.contact()).id)
    there = await person.say(f"Hi, I come from your page. {code}", there=True)
    assert there != here
    kept = (await person.contact()).conversation_id
    assert kept == (await person.contact(there=True)).conversation_id
    assert await person.say(code, there=True) == kept  # a second time it is only a text


async def test_six_digits_nobody_asked_for_are_for_the_bot(person: Person) -> None:
    await person.say("100123")
    assert [request.text for request in person.house.bot.asked] == ["100123"]


async def test_parted_again_each_has_what_was_theirs(person: Person) -> None:
    here, there = await person.say("I am Ann"), await person.say("I am Eve", there=True, contact="eve")
    context = person.house.conversations.context
    await joining.join(context, here, there, proof="agent", agent_id="maria")
    await person.say("Eve's secret", there=True, contact="eve", external_id="e-1")
    await person.say("Ann's word")
    async with person.house.database.read() as session:
        link = (await session.scalars(select(Link))).one()
    await joining.part(context, link.id, "maria")
    ann, eve = await person.texts(here), await person.texts(there)
    assert "Eve's secret" not in ann
    assert "Ann's word" in ann
    assert eve[-2:] == ["Eve's secret", "re: Eve's secret"]
    assert "Ann's word" not in eve
    assert await person.say("Still me", there=True, contact="eve") == there
    assert await person.say("And me") == here
    async with person.house.database.read() as session:
        numbers = list(
            await session.scalars(
                select(Message.number).where(Message.conversation_id == there).order_by(Message.number)
            )
        )
        row = await session.get_one(Conversation, here)
    assert numbers == list(range(1, len(numbers) + 1))
    assert row.also == []
    with pytest.raises(Conflict, match="undone"):
        await joining.part(context, link.id, "maria")
    again = await person.say("Eve's secret", there=True, contact="eve", external_id="e-1")
    assert again == there
    assert (await person.texts(there)).count("Eve's secret") == 1

"""A model reads along, answers nobody, and only what differs is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handoff.channels.models import Inbox
from handoff.conversations.models import Contact, Conversation, Message
from handoff.errors import Conflict
from handoff.workbench.models import ShadowReading
from handoff.workbench.promotion import shadowing
from tests.handoff.workbench.promotion.conftest import House
from tests.support.fake_models import reading

SURE: dict[str, Any] = {"intent": "greet", "confidence": 0.9}


@pytest.fixture
async def talk(house: House) -> str:
    async with house.context.database.write() as session:
        session.add(Inbox(id="shop", name="Shop", channel="rest"))
        await session.flush()
        contact = Contact(inbox_id="shop", external_id="c")
        session.add(contact)
        await session.flush()
        conversation = Conversation(
            id=contact.conversation_id, contact_id=contact.id, inbox_id="shop", language="en"
        )
        session.add(conversation)
    return contact.conversation_id


class Customers:
    """Write messages that the bot has answered."""

    def __init__(self, house: House, talk: str) -> None:
        self.house, self.talk, self.number = house, talk, 0

    async def write(self, *texts: str, **given: Any) -> None:
        async with self.house.context.database.write() as session:
            for text in texts:
                self.number += 1
                row = {"sender": "customer", "understanding": SURE, "handled_at": self.house.clock()} | given
                session.add(Message(conversation_id=self.talk, number=self.number, text=text, **row))
        self.house.clock.forward(seconds=10)


@pytest.fixture
def customers(house: House, talk: str) -> Customers:
    return Customers(house, talk)


async def begin(house: House, hours: float = 24) -> None:
    await house.trained("new")
    await house.models.shadows.start(house.people["asha"], "new", hours)
    await house.look()


async def read_all(house: House) -> Any:
    while await house.models.shadows.read_some():
        pass
    return await house.models.shadows.told()


async def test_one_server_reads_along_and_all_go_on_answering_with_the_live_model(house: House) -> None:
    await begin(house)
    assert [bot.roles["shadow"] and bot.roles["shadow"].name for bot in house.bots] == ["new", None, None]
    assert house.lives() == ["setu-first"] * 3
    assert ("shadow_started", "new") in await house.audited()


async def test_every_message_is_read_by_both_and_only_differences_are_kept(
    house: House, customers: Customers
) -> None:
    await customers.write("before it began")
    await begin(house)
    house.bots[0].reads = {("new", "where is it"): reading("track_order")}
    await customers.write("hello", "where is it", "thanks")
    await customers.write("a tap", payload="/greet")
    await customers.write("said by a person", sender="agent")
    await customers.write("to a person, not to the bot", understanding=None)
    told = await read_all(house)
    assert (told["read"], told["same"], told["differ"]) == (3, 2, 1)
    assert told["by_intent"] == [{"live": "greet", "shadow": "track_order", "count": 1}]
    (one,) = told["differs"]
    assert (one["text"], one["live"]["intent"], one["shadow"]["intent"]) == (
        "where is it",
        "greet",
        "track_order",
    )
    assert {model for model, _ in house.bots[0].asked} == {"setu-first", "new"}
    assert 5 <= told["latency"]["shadow"]["p95"] <= 5.6


async def test_what_is_kept_holds_no_personal_data(house: House, customers: Customers) -> None:
    await begin(house)
    text = "write to maria.k@example.org about it"
    house.bots[0].reads = {("new", text): reading("complaint")}
    await customers.write(text)
    (one,) = (await read_all(house))["differs"]
    assert "maria" not in one["text"]
    assert "about it" in one["text"]


async def test_messages_are_read_once_however_often_it_is_looked(house: House, customers: Customers) -> None:
    await begin(house)
    await customers.write(*(f"message {number}" for number in range(45)))
    other = house.beside("two")
    await asyncio.gather(read_all(house), read_all(other), return_exceptions=True)
    await read_all(house)
    await customers.write("one more")
    assert (await read_all(house))["read"] == 46
    live = [text for model, text in house.bots[0].asked if model == "new"]
    assert len(live) == len(set(live)) == 46


async def test_it_goes_on_after_a_restart_and_while_its_server_is_away(
    house: House, customers: Customers
) -> None:
    await begin(house)
    await customers.write("one")
    await read_all(house)
    house.bots[0].away = True
    await customers.write("two")
    assert (await read_all(house))["read"] == 1
    again = house.beside("after the restart")
    await again.look()
    assert (await read_all(again))["read"] == 2
    assert [text for _, text in house.bots[1].asked] == ["two", "two"]
    house.bots[0].away = False
    await again.look()
    assert house.bots[0].roles["shadow"] is None or house.bots[1].roles["shadow"] is None


async def test_it_ends_by_itself_after_its_time(house: House, customers: Customers) -> None:
    await begin(house, hours=1)
    await customers.write("one")
    await read_all(house)
    house.clock.forward(hours=1)
    await house.models.shadows.read_some()
    told = await house.models.shadows.told()
    assert told["ended_at"] is not None
    assert told["read"] == 1  # to be looked at still
    await house.look()
    assert [bot.roles["shadow"] for bot in house.bots] == [None] * 3
    assert (await house.audited()).count(("shadow_ended", "new")) == 1


async def test_it_ends_when_somebody_says_so_or_another_model_goes_live(house: House) -> None:
    await begin(house)
    with pytest.raises(Conflict, match="shadow_going"):
        await house.models.shadows.start(house.people["asha"], "new")
    await house.models.shadows.end(house.people["asha"])
    await house.models.shadows.end(house.people["asha"])
    assert (await house.audited()).count(("shadow_ended", "new")) == 1
    await house.models.shadows.start(house.people["asha"], "new")
    await house.look()
    await house.promote("new")
    assert (await house.models.shadows.told())["ended_at"] is not None
    with pytest.raises(Conflict, match="model_live"):
        await house.models.shadows.start(house.people["asha"], "new")


async def test_differences_do_not_fill_the_database(
    house: House, customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadowing, "MOST", 10)
    await begin(house)
    texts = [f"message {number}" for number in range(25)]
    house.bots[0].reads = {("new", text): reading("complaint") for text in texts}
    for text in texts:
        await customers.write(text)
    told = await read_all(house)
    assert (told["differ"], len(told["differs"])) == (25, 10)
    async with house.context.database.read() as session:
        kept = list(await session.scalars(select(ShadowReading.text)))
    assert sorted(kept) == sorted(texts[-10:])


async def test_a_message_whose_transaction_may_still_be_under_way_waits(
    house: House, customers: Customers
) -> None:
    await begin(house)
    await customers.write("just now", handled_at=house.clock() + timedelta(seconds=8))
    assert (await read_all(house))["read"] == 0
    house.clock.forward(seconds=10)
    assert (await read_all(house))["read"] == 1

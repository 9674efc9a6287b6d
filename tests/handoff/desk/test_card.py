"""The hand-off card, made from what is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.customers.models import Customer, Preference
from actions.db import Database
from actions.shop.models import Order
from actions.shop.reference import Reference
from actions.texts import Texts
from bot.contract import HandoffWish, Reply, TurnReply, Understanding
from handoff.conversations.models import Conversation
from handoff.desk.card import Cards
from tests.support.conversations import House, build

TURNS = {
    "My parcel SO-100123 is late": ("late_parcel", 0.93, -0.2),
    "So what?": ("inform", 0.41, -0.5),
    "Get me a person": ("contact_human", 0.99, -0.6),
}


def answer(text: str) -> TurnReply:
    intent, confidence, score = TURNS[text]
    entities = (
        [{"entity": "order_number", "value": "SO-100123", "start": 10, "end": 19}] if "SO-" in text else []
    )
    understanding = Understanding(
        intent, confidence, 0.9, entities=entities, language="en", sentiment={"label": "low", "score": score}
    )
    wish = HandoffWish("asked", "wants it today") if intent == "contact_human" else None
    slots = {
        "order_number": "SO-100123",
        "language": "en",
        "proposed": "x",
        "email": None,
        "customer_id": "c1",
    }
    return TurnReply([Reply(text=f"re: {text}")], understanding, slots, handoff=wish)


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    made = await build(database)
    made.bot.answer = lambda request: answer(request.text or "")
    yield made
    await made.conversations.turns.settle()


async def card(house: House, conversation_id: str) -> dict[str, Any]:
    cards = Cards(Texts.load(), "en", Reference.load(), house.clock)
    async with house.database.read() as session:
        return await cards.card(session, await session.get_one(Conversation, conversation_id))


async def talk(house: House, **more: Any) -> str:
    for text in TURNS:
        outcome = await house.write(text, **more)
    return outcome.conversation.id


async def test_it_tells_why_with_the_numbers(house: House) -> None:
    made = await card(house, await talk(house))
    assert made["reason"] == {"code": "asked", "text": "The customer asked for a person"}
    assert made["evidence"][0]["reason"] == "asked"
    assert made["evidence"][0]["text"] == "Asked for a person"
    assert made["note"] == "wants it today"


async def test_it_shows_mood_and_confidence_over_the_turns(house: House) -> None:
    made = await card(house, await talk(house))
    assert [point["score"] for point in made["mood"]] == [-0.2, -0.5, -0.6]
    assert [(point["intent"], point["confidence"]) for point in made["confidence"]] == [
        ("late_parcel", 0.93),
        ("inform", 0.41),
        ("contact_human", 0.99),
    ]
    assert made["confidence"][0]["title"] == "Late parcel"


async def test_it_tells_the_task_rather_than_the_wish_for_a_person(house: House) -> None:
    made = await card(house, await talk(house))
    assert made["understood"] == {
        "intent": "late_parcel",
        "title": "Late parcel",
        "entities": [{"entity": "order_number", "value": "SO-100123"}],
    }
    assert made["slots"] == {"order_number": "SO-100123"}
    assert made["summary"][0]["text"] == "My parcel SO-100123 is late"


async def test_it_knows_the_customer(house: House) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    async with house.database.write() as session:
        session.add(
            Customer(
                id="c1",
                name="Meera",
                email="m@example.org",
                locale="en-IN",
                country="IN",
                time_zone="UTC",
                since=at,
            )
        )
        await session.flush()
        session.add(Preference(customer_id="c1", name="language", value="hi", source="said"))
        for number, total in (("SO-100001", 129900), ("SO-100002", 50000)):
            session.add(
                Order(
                    number=number,
                    customer_id="c1",
                    email="m@example.org",
                    status="shipped",
                    currency="INR",
                    goods=total,
                    total=total,
                    base_total=total,
                    delivery="standard",
                    placed_at=at,
                    promised_at=at,
                )
            )
    made = await card(house, await talk(house, customer_id="c1"))
    assert (made["customer"]["name"], made["customer"]["email"]) == ("Meera", "m@example.org")
    assert made["customer"]["preferences"] == [{"name": "language", "title": "Language", "value": "Hindi"}]
    assert [order["number"] for order in made["orders"]] == ["SO-100002", "SO-100001"]
    assert made["orders"][1]["total"] == "₹1,299.00"
    assert made["orders"][1]["status_text"] == "on its way"


async def test_an_anonymous_or_erased_customer_has_no_profile(house: House) -> None:
    assert (await card(house, await talk(house)))["customer"] is None
    unknown = await card(house, await talk(house, contact="ben", customer_id="erased"))
    assert (unknown["customer"], unknown["orders"]) == (None, [])


async def test_it_tells_of_talks_before(house: House) -> None:
    maria = await house.agent("Maria")
    conversation_id = await talk(house)
    assert (await card(house, conversation_id))["previous"] == []
    await house.conversations.claim(conversation_id, maria)
    await house.conversations.resolve(conversation_id, maria)
    made = await card(house, conversation_id)
    assert made["reason"] is None
    [before] = made["previous"]
    assert (before["reason"], before["agent"], before["outcome"]) == ("asked", "Maria", "resolved")


async def test_another_customers_talks_are_not_on_it(house: House) -> None:
    maria = await house.agent("Maria")
    other = await talk(house, contact="ben", customer_id="c2")
    await house.conversations.claim(other, maria)
    await house.conversations.resolve(other, maria)
    assert (await card(house, await talk(house, customer_id="c1")))["previous"] == []

"""Pushes to a callback: surely, in order, signed, and never over a person's head."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from actions.db import now
from handoff.delivery.backoff import ATTEMPTS, pause
from handoff.delivery.dispatcher import Dispatcher
from handoff.delivery.models import Delivery
from tests.support.gateways import Running, running


@pytest.fixture
async def pushing(database_url: str) -> AsyncIterator[Running]:
    """A gateway whose inbox has a callback; its dispatcher runs when the test says so."""
    async with running(database_url, options={"callback_url": "http://shop/hook"}, at_work=False) as gateway:
        yield gateway


async def rows(gateway: Running) -> list[Delivery]:
    async with gateway.gateway.database.read() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.number)))


async def make_due(gateway: Running) -> None:
    """The time of every retry has come."""
    async with gateway.gateway.database.write() as session:
        for row in await session.scalars(select(Delivery).where(Delivery.state == "due")):
            row.next_at = now() - timedelta(seconds=1)


async def drain(gateway: Running) -> None:
    while await gateway.gateway.dispatcher.once():
        pass


async def test_replies_are_pushed_signed_with_the_inboxs_secret(pushing: Running) -> None:
    await pushing.post("Hello")
    await drain(pushing)
    (call,) = pushing.receiver.got
    assert str(call.url) == "http://shop/hook"
    body = orjson.loads(call.content)
    assert (body["contact"], body["message"]["text"]) == ("ann", "re: Hello")
    assert call.headers["X-Setu-Delivery"] == body["delivery"]
    at, signature = (part.split("=")[1] for part in call.headers["X-Setu-Signature"].split(","))
    expected = hmac.new(pushing.inbox.secret.encode(), f"{at}.".encode() + call.content, hashlib.sha256)
    assert signature == expected.hexdigest()
    assert [row.state for row in await rows(pushing)] == ["sent"]


async def test_a_failed_push_is_tried_again_and_the_next_waits_for_it(pushing: Running) -> None:
    pushing.receiver.statuses = [503, 200, 200]
    await pushing.post("one")
    await pushing.post("two")
    await drain(pushing)
    assert pushing.receiver.texts() == ["re: one"]
    await make_due(pushing)
    await drain(pushing)
    assert pushing.receiver.texts() == ["re: one", "re: one", "re: two"]
    deliveries = [call.headers["X-Setu-Delivery"] for call in pushing.receiver.got]
    assert deliveries[0] == deliveries[1] != deliveries[2]
    assert [(row.state, row.attempts) for row in await rows(pushing)] == [("sent", 1), ("sent", 0)]


async def test_retry_after_is_kept_to(pushing: Running) -> None:
    pushing.receiver.statuses, pushing.receiver.headers = [429], {"Retry-After": "3600"}
    await pushing.post("Hello")
    await drain(pushing)
    (row,) = await rows(pushing)
    assert row.next_at > now() + timedelta(minutes=59)


async def test_what_cannot_be_delivered_is_shown_to_the_desk_and_holds_up_nothing(pushing: Running) -> None:
    pushing.receiver.statuses = [410]
    answer = (await pushing.post("one")).json()
    await drain(pushing)
    await pushing.post("two")
    await drain(pushing)
    assert [row.state for row in await rows(pushing)] == ["dead", "sent"]
    assert pushing.receiver.texts() == ["re: one", "re: two"]
    thread = await pushing.thread(answer["conversation"]["id"])
    (note,) = [m for m in thread if m.private]
    assert note.rich["key"] == "undelivered"
    assert "HTTP 410" in note.text


async def test_after_the_last_attempt_it_is_dead(pushing: Running) -> None:
    pushing.receiver.statuses = [500] * ATTEMPTS
    await pushing.post("one")
    for _ in range(ATTEMPTS + 1):
        await drain(pushing)
        await make_due(pushing)
    assert [(row.state, row.attempts) for row in await rows(pushing)] == [("dead", ATTEMPTS)]
    assert len(pushing.receiver.got) == ATTEMPTS


async def test_a_reply_of_the_bot_is_not_pushed_once_a_person_has_the_talk(pushing: Running) -> None:
    pushing.receiver.statuses = [503]
    conversation = (await pushing.post("Hello")).json()["conversation"]["id"]
    await drain(pushing)
    maria = await pushing.agent()
    await pushing.gateway.conversations.claim(conversation, maria)
    await pushing.gateway.conversations.reply(conversation, maria, "Hi, Maria here")
    await make_due(pushing)
    await drain(pushing)
    assert pushing.receiver.texts() == ["re: Hello", "Maria has joined the conversation.", "Hi, Maria here"]
    assert [row.state for row in await rows(pushing)] == ["dropped", "sent", "sent"]
    notes = [m.rich["key"] for m in await pushing.thread(conversation) if m.private]
    assert notes == ["undelivered_reply"]


async def test_the_words_with_which_the_bot_gave_the_talk_away_are_pushed(pushing: Running) -> None:
    pushing.bot.gives_up_at = "a person, please"
    conversation = (await pushing.post("a person, please")).json()["conversation"]["id"]
    await pushing.gateway.conversations.claim(conversation, await pushing.agent())
    for _ in range(3):
        await drain(pushing)
    said, *_, joined = pushing.receiver.texts()
    assert (said, joined) == ("re: a person, please", "Maria has joined the conversation.")


async def test_several_dispatchers_send_each_message_once_and_in_order(pushing: Running) -> None:
    for contact in ("ann", "ben", "cem"):
        for number in range(4):
            await pushing.post(f"{contact} {number}", contact=contact)
    gateway = pushing.gateway
    others = [Dispatcher(gateway.conversations.context, gateway.channels, gateway.inboxes) for _ in range(3)]

    async def work(dispatcher: Dispatcher) -> None:
        for _ in range(12):
            await dispatcher.once()

    await asyncio.gather(*(work(dispatcher) for dispatcher in others))
    sent = pushing.receiver.texts()
    assert len(sent) == 12
    for contact in ("ann", "ben", "cem"):
        assert [t for t in sent if contact in t] == [f"re: {contact} {n}" for n in range(4)]


async def test_a_push_whose_gateway_died_is_sent_by_another(pushing: Running) -> None:
    await pushing.post("Hello")
    async with pushing.gateway.database.write() as session:
        (row,) = await session.scalars(select(Delivery))
        row.state, row.lease_owner = "sending", "a gateway that died"
        row.next_at = now() - timedelta(seconds=1)
    await drain(pushing)
    assert pushing.receiver.texts() == ["re: Hello"]


def test_pauses_grow_spread_and_have_an_end() -> None:
    assert [pause(n, 1.0) for n in (1, 2, 3)] == [2.0, 8.0, 32.0]
    assert pause(3, 0.5) == 16.0
    assert pause(1, 0.0) > 0
    assert pause(50, 1.0) == 6 * 3600
    assert pause(1, 0.0, retry_after=99) == 99

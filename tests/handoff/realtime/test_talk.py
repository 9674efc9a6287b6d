"""A talk over real sockets: customer, bot, agent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.conversations import wish
from tests.support.gateway import Gateway, gateway


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Gateway]:
    async with gateway(database_url) as made:
        yield made


async def test_a_customer_writes_and_the_bot_answers(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    stored = await visitor.say("Hello")
    assert (stored["number"], stored["sender"], stored["text"]) == (1, "customer", "Hello")
    answer = await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    assert (answer["message"]["number"], answer["message"]["text"]) == (2, "re: Hello")


async def test_a_waiting_conversation_goes_to_the_agent_who_answers(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    await visitor.say("A person, please")
    given = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    assert given["agent"]["id"] == maria.agent.id
    joined = await visitor.socket.until("conversation", lambda row: row["owner"] == "agent")
    assert joined["agent"] == {"name": "Maria"}
    await maria.act(visitor.conversation_id, "reply", text="Here I am", client_id="r1")
    heard = await visitor.socket.until("message", lambda data: data["message"]["sender"] == "agent")
    assert heard["message"]["text"] == "Here I am"
    assert heard["message"]["author"]["name"] == "Maria"
    await visitor.say("Wonderful")
    told = await maria.live.until("message", lambda data: data["message"]["text"] == "Wonderful")
    assert told["conversation_id"] == visitor.conversation_id

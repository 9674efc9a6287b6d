"""Lost agents, and several gateways that share customers and agents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import update

from actions.db import now
from handoff.agents.models import Agent
from handoff.agents.presence import LOST_AFTER
from tests.support.conversations import wish
from tests.support.databases import PostgresDatabases
from tests.support.gateway import Gateway, gateway
from tests.support.redis import redis_server


async def vanish(running: Gateway, agent: Agent) -> None:
    """As if the agent's machine had died a while ago."""
    long_ago = now() - LOST_AFTER - timedelta(seconds=1)
    async with running.database.write() as session:
        await session.execute(update(Agent).where(Agent.id == agent.id).values(seen_at=long_ago))


async def test_a_lost_agents_customer_is_told_and_goes_to_the_next(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    await visitor.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    await maria.live.close()
    omar = await running.desk("Omar")
    await vanish(running, maria.agent)
    await running.front.heart.rescue()
    told = await visitor.socket.until("message", lambda data: data["message"]["rich"].get("key") == "queued")
    assert told["message"]["sender"] == "system"
    given = await omar.live.until("conversation", lambda row: row["status"] == "assigned")
    assert given["agent"]["id"] == omar.agent.id
    assert await running.loads() == {maria.agent.id: (0, 0), omar.agent.id: (1, 1)}
    await visitor.say("Are you there?")
    await omar.live.until("message", lambda data: data["message"]["text"] == "Are you there?")


async def test_an_agent_who_reloads_the_page_keeps_everything(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    await visitor.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    await maria.live.close()
    await running.front.heart.signs_of_life()
    await running.front.heart.rescue()
    back = await running.socket("/desk", cookie=maria.cookie)
    await visitor.say("Hello?")
    await back.until("message", lambda data: data["message"]["text"] == "Hello?")


async def test_who_closed_the_desk_is_given_nothing_new(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    omar = await running.desk("Omar", availability="away")
    second = await running.socket("/desk", cookie=maria.cookie)
    await maria.live.close()
    await second.close()
    await omar.live.until("agents", lambda data: not any(one["present"] for one in data["agents"]))
    await visitor.say("A person")
    await visitor.socket.until("message", lambda data: data["message"]["rich"].get("key") == "nobody_on_duty")
    assert (await running.view(visitor.conversation_id)).status == "queued"


async def test_a_second_tab_keeps_the_agent_present(running: Gateway) -> None:
    running.bot.answer = lambda _request: wish()
    visitor = await running.visit(await running.inbox())
    maria = await running.desk("Maria")
    second = await running.socket("/desk", cookie=maria.cookie)
    await maria.live.close()
    await visitor.say("A person")
    await second.until("conversation", lambda row: row["status"] == "assigned")


async def test_the_team_is_told_when_somebody_comes_or_changes(running: Gateway) -> None:
    maria = await running.desk("Maria")
    await running.desk("Omar")
    await maria.live.until(
        "agents", lambda data: {"Maria", "Omar"} == {one["name"] for one in data["agents"]}
    )
    await maria.live.call("availability", {"value": "away"})
    told = await maria.live.until("agents", lambda data: data["agents"][0]["availability"] == "away")
    assert told["agents"][0] == {
        "id": maria.agent.id,
        "name": "Maria",
        "role": "agent",
        "languages": ["en"],
        "availability": "away",
        "present": False,
        "load": 0,
        "capacity": 4,
    }


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> str:
    return postgres_databases.fresh()


@pytest.fixture
async def pair(postgres_url: str, redis_url: str) -> AsyncIterator[tuple[Gateway, Gateway]]:
    """Two gateways on one PostgreSQL and one Redis."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(gateway(postgres_url, redis_url))
        other = await stack.enter_async_context(gateway(postgres_url, redis_url, bot=one.bot))
        yield one, other


async def test_customer_and_agent_meet_across_gateways(pair: tuple[Gateway, Gateway]) -> None:
    here, there = pair
    here.bot.answer = lambda _request: wish()
    visitor = await here.visit(await here.inbox())
    maria = await there.desk("Maria")
    await visitor.say("A person")
    given = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    assert given["id"] == visitor.conversation_id
    await maria.act(visitor.conversation_id, "reply", text="Here I am", client_id="r1")
    await visitor.socket.until("message", lambda data: data["message"]["text"] == "Here I am")
    await visitor.say("Wonderful")
    await maria.live.until("message", lambda data: data["message"]["text"] == "Wonderful")
    await visitor.socket.call("typing", {"on": True})
    await maria.live.until("typing", lambda data: data["who"] == "customer")


async def test_each_event_comes_once_however_many_gateways_there_are(pair: tuple[Gateway, Gateway]) -> None:
    here, there = pair
    here.bot.answer = lambda _request: wish()
    visitor = await here.visit(await here.inbox())
    same = await there.socket("/widget", {"token": visitor.token})
    maria = await there.desk("Maria")
    await visitor.say("A person")
    await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    for n in range(10):
        await visitor.say(f"line {n}")
    await same.until("message", lambda data: data["message"]["text"] == "line 9")
    await maria.live.until("message", lambda data: data["message"]["text"] == "line 9")
    for socket in (same, maria.live):
        lines = [data["message"]["text"] for data in socket.of("message")]
        assert [line for line in lines if line.startswith("line")] == [f"line {n}" for n in range(10)]


async def test_both_gateways_drain_one_queue_within_capacity(pair: tuple[Gateway, Gateway]) -> None:
    here, there = pair
    here.bot.answer = lambda _request: wish()
    inbox = await here.inbox()
    await here.desk("Maria", capacity=2)
    await there.desk("Omar", capacity=2)
    visitors = [await (here, there)[n % 2].visit(inbox) for n in range(6)]
    for visitor in visitors:
        await visitor.say("A person")
    for visitor in visitors[:4]:
        await visitor.socket.until("conversation", lambda row: row["owner"] == "agent")
    assert sorted((await here.loads()).values()) == [(2, 2), (2, 2)]
    waiting = [await here.view(visitor.conversation_id) for visitor in visitors[4:]]
    assert {view.status for view in waiting} == {"queued"}


async def test_a_client_that_does_not_read_holds_up_nobody(running: Gateway) -> None:
    visitor = await running.visit(await running.inbox())
    stuck = await running.socket("/widget", {"token": visitor.token})
    stuck.stop_reading()
    for n in range(40):
        await visitor.say("😀" * 5_000, client_id=f"c{n}")
    await visitor.socket.until("message", lambda data: data["message"]["client_id"] == "c39")
    stuck.go_on_reading()
    await stuck.until("message", lambda data: data["message"]["client_id"] == "c39")

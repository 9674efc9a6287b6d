"""Draining the queue on both databases: never two agents, never over capacity, also with several gateways."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import select, update

from actions.db import Database
from handoff.agents.models import Agent
from handoff.agents.presence import PRESENT_FOR
from handoff.assignment.choice import Rules
from handoff.assignment.service import Assignment
from handoff.conversations.models import Conversation, Handoff
from handoff.errors import Conflict, SetuError
from tests.support.conversations import House, build, wish


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    made = await build(database)
    made.bot.answer = lambda _request: wish()
    yield made
    await made.conversations.turns.settle()


def assignment(house: House) -> Assignment:
    return Assignment(house.database, house.conversations, house.clock)


async def queue(house: House, *contacts: str) -> list[str]:
    """Customers who want a person, each a second after the other."""
    ids = []
    for contact in contacts:
        ids.append((await house.write("A person", contact)).conversation.id)
        house.clock.pass_(1)
    return ids


async def owners(house: House) -> dict[str, str]:
    async with house.database.read() as session:
        rows = await session.execute(select(Conversation.id, Conversation.agent_id))
        return {id_: agent for id_, agent in rows if agent}


async def check_loads(house: House) -> None:
    """The load that is kept is the number of conversations really assigned, and within capacity."""
    async with house.database.read() as session:
        statement = select(Conversation.agent_id).where(Conversation.status == "assigned")
        assigned = Counter(await session.scalars(statement))
        for agent in await session.scalars(select(Agent)):
            assert agent.load == assigned[agent.id] <= agent.capacity


async def test_what_waits_longest_is_given_first(house: House) -> None:
    ids = await queue(house, "ann", "ben", "cleo")
    maria = await house.agent("Maria", capacity=2)
    assert await assignment(house).drain() == 2
    assert await owners(house) == {ids[0]: maria, ids[1]: maria}
    await check_loads(house)


async def test_nobody_absent_away_or_disabled_is_given_anything(house: House) -> None:
    await queue(house, "ann")
    await house.agent("Away", present=False)
    disabled = await house.agent("Disabled")
    trainer = await house.agent("Trainer")
    async with house.database.write() as session:
        await session.execute(update(Agent).where(Agent.id == disabled).values(disabled=True))
        await session.execute(update(Agent).where(Agent.id == trainer).values(role="trainer"))
    assert await assignment(house).drain() == 0
    await house.agent("Gone")
    house.clock.pass_(PRESENT_FOR.total_seconds() + 1)
    assert await assignment(house).drain() == 0


async def test_freed_room_is_filled_from_the_queue(house: House) -> None:
    first, second = await queue(house, "ann", "ben")
    maria = await house.agent("Maria", capacity=1)
    await assignment(house).drain()
    await house.conversations.resolve(first, maria)
    assert await assignment(house).drain() == 1
    assert await owners(house) == {second: maria}
    await check_loads(house)


async def test_a_customer_gets_the_agent_of_last_time(house: House) -> None:
    maria, _omar = await house.agent("Maria"), await house.agent("Omar")
    [talk] = await queue(house, "ann")
    await house.conversations.claim(talk, maria)
    await house.conversations.resolve(talk, maria)
    await queue(house, "ann")
    await assignment(house).drain()
    assert await owners(house) == {talk: maria}


async def test_a_language_is_waited_for_and_then_no_longer(house: House) -> None:
    [talk] = await queue(house, "ann")
    english, greek = await house.agent("English"), await house.agent("Greek", capacity=1)
    async with house.database.write() as session:
        await session.execute(update(Conversation).values(language="el"))
        await session.execute(update(Agent).where(Agent.id == english).values(languages=["en"]))
        await session.execute(update(Agent).where(Agent.id == greek).values(languages=["el"]))
    [other] = await queue(house, "ben")
    await house.conversations.claim(other, greek)
    assert await assignment(house).drain() == 0
    house.clock.pass_(Rules().same_language.total_seconds())
    async with house.database.write() as session:
        await session.execute(update(Agent).values(seen_at=house.clock()))
    assert await assignment(house).drain() == 1
    assert (await owners(house))[talk] == english


async def test_several_gateways_drain_at_once_without_giving_anything_twice(house: House) -> None:
    ids = await queue(house, *(f"contact {n}" for n in range(12)))
    for n in range(3):
        await house.agent(f"Agent {n}", capacity=3)
    gateways = [assignment(house.another_gateway(f"gateway:{n}")) for n in range(4)]
    given = await asyncio.gather(*(one.drain() for one in gateways))
    assert sum(given) == 9
    assert list(Counter((await owners(house)).values()).values()) == [3, 3, 3]
    assert set(await owners(house)) == set(ids[:9])
    await check_loads(house)
    async with house.database.read() as session:
        handoffs = list(await session.scalars(select(Handoff)))
    assert len(handoffs) == 12
    for talk in ids[:9]:
        joined = [m for m in await house.thread(talk) if m.rich.get("key") == "joined"]
        assert len(joined) == 1


async def test_agents_who_claim_at_once_get_one_winner(house: House) -> None:
    [talk] = await queue(house, "ann")
    agents = [await house.agent(f"Agent {n}") for n in range(6)]
    claims = (house.conversations.claim(talk, agent) for agent in agents)
    results = await asyncio.gather(*claims, return_exceptions=True)
    losers = [one for one in results if isinstance(one, SetuError)]
    assert len(losers) == 5
    assert {one.code for one in losers} == {"taken"}
    await check_loads(house)


async def test_one_agent_who_claims_all_at_once_stays_within_capacity(house: House) -> None:
    ids = await queue(house, *(f"contact {n}" for n in range(6)))
    maria = await house.agent("Maria", capacity=2)
    claims = (house.conversations.claim(talk, maria) for talk in ids)
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert Counter(getattr(one, "code", "given") for one in results) == {"given": 2, "agent_full": 4}
    await check_loads(house)


@pytest.mark.parametrize("seed", range(4))
async def test_the_load_never_drifts_whatever_happens_at_once(house: House, seed: int) -> None:
    """Random moves, several at a time, from several gateways: load == assigned ≤ capacity all along."""
    chance = random.Random(seed)
    agents = [await house.agent(f"Agent {n}", capacity=chance.randint(1, 3)) for n in range(3)]
    ids = await queue(house, *(f"contact {n}" for n in range(8)))
    gateways = [house.another_gateway(f"gateway:{n}") for n in range(2)]

    async def move() -> None:
        gateway = chance.choice(gateways)
        talk, agent, other = chance.choice(ids), chance.choice(agents), chance.choice(agents)
        service = gateway.conversations
        moves = [
            lambda: service.claim(talk, agent),
            lambda: service.resolve(talk, agent),
            lambda: service.hand_back(talk, agent),
            lambda: service.snooze(talk, agent, house.clock().replace(year=2030)),
            lambda: service.transfer(talk, agent, other),
            lambda: service.requeue(talk, "agent_lost"),
            lambda: gateway.write("Hello again", f"contact {ids.index(talk)}"),
            assignment(gateway).drain,
        ]
        with suppress(Conflict):
            await chance.choice(moves)()

    for _ in range(12):
        await asyncio.gather(*(move() for _ in range(4)))
        await check_loads(house)
    for gateway in gateways:
        await gateway.conversations.turns.settle()


async def test_agents_who_give_each_other_conversations_at_once_do_not_block_each_other(house: House) -> None:
    agents = [await house.agent(name, capacity=20) for name in ("Maria", "Omar")]
    ids = await queue(house, *(f"contact {n}" for n in range(12)))
    for n, talk in enumerate(ids):
        await house.conversations.claim(talk, agents[n % 2])
    for start in (0, 1):
        transfers = (
            house.conversations.transfer(talk, agents[(n + start) % 2], agents[(n + start + 1) % 2])
            for n, talk in enumerate(ids)
        )
        await asyncio.gather(*transfers)
        await check_loads(house)

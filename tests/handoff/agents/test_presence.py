"""Who is there, and what becomes of the conversations of who is not."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from actions.db import Database
from handoff.agents.models import Agent
from handoff.agents.presence import LOST_AFTER, PRESENT_FOR, Duty, Presence
from handoff.errors import Invalid
from tests.support.conversations import House, build, wish


@pytest.fixture
async def house(database: Database) -> House:
    made = await build(database)
    made.bot.answer = lambda _request: wish()
    return made


async def on_duty(house: House, agent_id: str) -> tuple[bool, bool]:
    duty = Duty(house.clock)
    async with house.database.read() as session:
        return await duty.anyone(session), await duty.free(session, agent_id)


async def test_an_agent_is_on_duty_while_online_and_seen(house: House) -> None:
    presence = Presence(house.database, house.clock)
    maria = await house.agent("Maria", present=False, capacity=1)
    assert await on_duty(house, maria) == (False, False)
    await presence.choose(maria, "online")
    assert await on_duty(house, maria) == (True, True)
    house.clock.pass_(PRESENT_FOR.total_seconds())
    assert await on_duty(house, maria) == (False, False)
    await presence.seen([maria])
    assert await on_duty(house, maria) == (True, True)


async def test_a_full_agent_is_on_duty_but_not_free(house: House) -> None:
    maria = await house.agent("Maria", capacity=1)
    talk = (await house.write("A person")).conversation.id
    await house.conversations.claim(talk, maria)
    assert await on_duty(house, maria) == (True, False)


async def test_availability_is_one_of_two_words(house: House) -> None:
    maria = await house.agent("Maria")
    with pytest.raises(Invalid):
        await Presence(house.database, house.clock).choose(maria, "asleep")


async def test_the_team_is_shown_by_name_without_trainers_and_the_disabled(house: House) -> None:
    for name in ("Omar", "Maria", "Trainer", "Left"):
        await house.agent(name)
    async with house.database.write() as session:
        await session.execute(update(Agent).where(Agent.name == "Trainer").values(role="trainer"))
        await session.execute(update(Agent).where(Agent.name == "Left").values(disabled=True))
    team = await Presence(house.database, house.clock).team()
    assert [(one["name"], one["present"], one["load"]) for one in team] == [
        ("Maria", True, 0),
        ("Omar", True, 0),
    ]


async def test_a_lost_agents_conversations_are_found_after_the_grace_time_only(house: House) -> None:
    presence = Presence(house.database, house.clock)
    maria, omar = await house.agent("Maria"), await house.agent("Omar")
    talks = [(await house.write("A person", contact)).conversation.id for contact in ("ann", "ben")]
    await house.conversations.claim(talks[0], maria)
    await house.conversations.claim(talks[1], omar)
    house.clock.pass_(LOST_AFTER.total_seconds() - 1)
    await presence.seen([omar])
    assert await presence.stranded() == []
    house.clock.pass_(1)
    [stranded] = await presence.stranded()
    assert (stranded.conversation_id, stranded.agent_id) == (talks[0], maria)

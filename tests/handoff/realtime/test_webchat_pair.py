"""A widget made for Rasa at one gateway, an agent at another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.support.conversations import wish
from tests.support.databases import PostgresDatabases
from tests.support.gateway import Gateway, gateway
from tests.support.redis import redis_server
from tests.support.webchat import RasaWidget


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> str:
    return postgres_databases.fresh()


@pytest.fixture
async def pair(postgres_url: str) -> AsyncIterator[tuple[Gateway, Gateway]]:
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(redis_server())
        one = await stack.enter_async_context(gateway(postgres_url, redis))
        yield one, await stack.enter_async_context(gateway(postgres_url, redis, bot=one.bot))


async def test_an_agent_elsewhere_is_heard_and_so_is_what_was_missed_on_the_way(
    pair: tuple[Gateway, Gateway],
) -> None:
    here, there = pair
    here.bot.answer = lambda _request: wish(text="A person comes")
    await here.inboxes.create("webchat", "Old widget", {"origins": ["*"]})
    maria = await there.desk("Maria")
    ann = await RasaWidget(here.url, origin="https://shop.example").open()
    await ann.say("A person please")
    row = await maria.live.until("conversation", lambda row: row["status"] == "assigned")
    await maria.act(row["id"], "reply", text="How can I help?", client_id="r1")
    assert (await ann.until("How can I help?")).count("How can I help?") == 1
    await ann.close()
    await maria.act(row["id"], "reply", text="Are you there?", client_id="r2")
    moved = await RasaWidget(there.url, origin="https://shop.example", store=ann.store).open()
    assert (await moved.until("Are you there?")).count("Are you there?") == 1
    assert moved.confirmed == ann.confirmed
    await moved.close()

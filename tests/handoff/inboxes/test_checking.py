"""Platforms are asked regularly, by one gateway, and one that fails costs the others nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from actions.db import Database
from handoff.channels.base import Health
from handoff.channels.models import Arrival, Inbox
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import Vault
from handoff.channels.web import WebChannel
from handoff.inboxes.checking import Checks
from tests.support.conversations import Clock
from tests.support.fake_platform import FILLED, SECRETS, Pigeons

CREDENTIALS = {name: value for name, value in FILLED.items() if value in SECRETS}


class House:
    """Two gateways over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.pigeons = Pigeons()
        self.inboxes = Inboxes(database, Vault("k" * 40))
        self.one, self.two = (self.gateway() for _ in range(2))

    def gateway(self) -> Checks:
        channels = Channels({"pigeons": self.pigeons, "web": WebChannel()})
        return Checks(self.database, self.inboxes, channels, self.clock, luck=lambda: 0.5)

    async def inbox(self, name: str = "Pigeons", channel: str = "pigeons") -> str:
        return (await self.inboxes.create(channel, name, credentials=CREDENTIALS)).inbox.id

    async def row(self, inbox_id: str) -> Inbox:
        async with self.database.read() as session:
            return await session.get_one(Inbox, inbox_id)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_each_is_asked_about_once_in_half_an_hour_by_one_of_the_gateways(house: House) -> None:
    inboxes = {await house.inbox() for _ in range(3)}
    await house.inbox("Web", "web")
    asked = await asyncio.gather(house.one.once(), house.two.once(), house.one.once())
    assert sum(asked) == 3
    assert sorted(house.pigeons.checked) == sorted(inboxes)
    house.clock.pass_(29 * 60)
    assert await house.one.once() == 0
    house.clock.pass_(2 * 60)
    assert sum(await asyncio.gather(house.one.once(), house.two.once())) == 3


async def test_a_problem_is_looked_at_again_sooner_and_goes_away(house: House) -> None:
    inbox = await house.inbox()
    house.pigeons.health = Health(problem="Rate limit of the application reached")
    await house.one.once()
    assert (await house.row(inbox)).problem == "Rate limit of the application reached"
    house.pigeons.health = Health(token_expires_at=house.clock() + timedelta(days=40))
    house.clock.pass_(6 * 60)
    assert await house.one.once() == 1
    row = await house.row(inbox)
    assert (row.problem, row.token_expires_at) == (None, house.pigeons.health.token_expires_at)
    house.clock.pass_(6 * 60)
    assert await house.one.once() == 0


async def test_one_that_breaks_costs_the_others_nothing(house: House) -> None:
    first, second = await house.inbox(), await house.inbox()
    house.pigeons.broken = RuntimeError("bug")
    assert await house.one.once() == 2
    assert {(await house.row(one)).problem for one in (first, second)} == {"no answer: RuntimeError"}


async def test_a_failed_check_does_not_forget_when_the_token_ends(house: House) -> None:
    inbox = await house.inbox()
    ends = house.clock() + timedelta(days=3)
    house.pigeons.health = Health(token_expires_at=ends)
    await house.one.check(inbox)
    house.pigeons.health = Health(problem="no connection")
    await house.one.check(inbox)
    row = await house.row(inbox)
    assert (row.problem, row.token_expires_at) == ("no connection", ends)


async def test_those_out_of_service_are_left_alone(house: House) -> None:
    inbox = await house.inbox()
    await house.inboxes.update(inbox, disabled=True)
    assert await house.one.once() == 0


async def test_an_inbox_whose_secrets_cannot_be_opened_does_not_stop_the_others(house: House) -> None:
    lost = Inboxes(house.database, Vault("lost" * 10))
    await lost.create("pigeons", "Lost", credentials=CREDENTIALS)
    fine = await house.inbox()
    assert await house.one.once() == 1
    assert house.pigeons.checked == [fine]


async def test_prometheus_is_told_how_they_do(house: House) -> None:
    registry = CollectorRegistry()
    channels = Channels({"pigeons": house.pigeons})
    checks = Checks(house.database, house.inboxes, channels, house.clock, registry=registry)
    inbox, resting = await house.inbox(), await house.inbox()
    await house.inboxes.update(resting, disabled=True)
    house.pigeons.health = Health(problem="no", token_expires_at=house.clock())
    async with house.database.write() as session:
        session.add(Arrival(inbox_id=inbox, key="m:1", kind="message", data={}))
    await checks.once()
    await checks.once()  # what the first found, the second tells
    labels = {"inbox": inbox, "channel": "pigeons"}
    told = {
        name: registry.get_sample_value(f"setu_inbox_{name}", labels)
        for name in (
            "problem",
            "token_end_timestamp_seconds",
            "last_webhook_timestamp_seconds",
            "arrivals_waiting",
        )
    }
    assert list(told.values()) == [1, house.clock().timestamp(), 0, 1]
    assert registry.get_sample_value("setu_inbox_problem", labels | {"inbox": resting}) is None

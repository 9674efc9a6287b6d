"""Whole talks through the real adapters and the gateway, on all platforms at once, that behave badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.app import create_app
from handoff.simulators import Customer, Faults
from handoff.simulators import courier as couriers
from handoff.simulators.world import Platform
from tests.support.databases import SqliteFiles
from tests.support.serving import serving
from tests.support.simulated import Simulated, simulated

PLATFORMS: tuple[Platform, ...] = ("messenger", "instagram", "whatsapp", "telegram")


@pytest.fixture
async def there(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(sqlite_files.fresh(tmp_path)) as made:
        yield made


async def people(there: Simulated, *platforms: Platform) -> list[Customer]:
    return [await there.customer(platform) for platform in platforms or PLATFORMS]


async def answered(customers: list[Customer], text: str) -> None:
    """Everybody says it, and waits for the bot's answer."""
    for customer in customers:
        customer.say(text)
    await asyncio.gather(
        *(customer.until(lambda c=customer: f"re: {text}" in c.texts()) for customer in customers)
    )


async def test_everything_twice_is_answered_once(there: Simulated) -> None:
    there.simulator.faults = Faults(duplicates=1, duplicate_within=0.2)
    customers = await people(there)
    for number in range(3):
        await answered(customers, f"message {number}")
    await there.simulator.settled()
    for customer in customers:
        answers = [text for text in customer.texts() if text.startswith("re:")]
        assert answers == [f"re: message {number}" for number in range(3)]
    assert len(there.running.bot.acted) == 3 * len(customers)


async def test_an_answer_that_was_lost_after_it_was_done_is_not_shown_again(there: Simulated) -> None:
    customers = await people(there, "messenger", "whatsapp")  # which tell of every message they took
    there.simulator.faults = Faults(fail_after=1)
    await answered(customers, "one")
    there.simulator.faults = Faults()
    await answered(customers, "two")
    assert [customer.texts().count("re: one") for customer in customers] == [1, 1]


async def test_what_is_said_in_an_outage_is_answered_after_it(there: Simulated) -> None:
    customers = await people(there)
    await answered(customers, "before")
    there.simulator.go_dark(0.3)
    await answered(customers, "during")
    assert not there.simulator.dark


async def test_a_gateway_that_refuses_gets_it_again_until_it_takes_it(
    there: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "PAUSES", (0.01,))
    (ann,) = await people(there, "messenger")
    right, ann.account.app_secret = ann.account.app_secret, "another"
    ann.say("hello")
    await ann.until(lambda: ann.account.webhook and "401" in ann.account.webhook.last_error)
    assert there.running.bot.asked == []
    ann.account.app_secret = right
    await ann.until(lambda: "re: hello" in ann.texts())


async def test_while_a_person_answers_elsewhere_the_bot_is_silent(there: Simulated) -> None:
    customers = await people(there, "messenger", "instagram", "whatsapp")
    await answered(customers, "hello")
    for customer in customers:
        customer.answered_elsewhere("Joe here, I look into it")
    await there.simulator.settled()
    for customer in customers:
        customer.say("thank you")
    (witness,) = await people(there, "telegram")
    await there.simulator.settled()
    await answered([witness], "I came later")
    assert not [text for customer in customers for text in customer.texts() if "thank you" in text]


async def test_inboxes_are_connected_by_the_platforms_own_calls_and_hear_what_they_subscribed_to(
    there: Simulated,
) -> None:
    customers = await people(there)
    gateway = there.running.gateway
    async with serving(create_app(gateway)) as url:
        for customer in customers:
            inbox = await gateway.inboxes.get(there.inboxes[customer.account.platform].inbox.id)
            channel = gateway.channels.of(inbox)
            await channel.connect(inbox, f"{url}/webhooks/{inbox.id}")
            assert customer.account.webhook.url == f"{url}/webhooks/{inbox.id}"
            assert (await channel.check(inbox)).problem == ""
    await answered(customers, "hello")

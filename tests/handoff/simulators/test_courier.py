"""Webhooks on their way to the business: order, batches, retries, duplicates, reordering, outages."""

from __future__ import annotations

import asyncio

from handoff.simulators import Faults, Simulator
from handoff.simulators import courier as couriers


def texts(hook) -> list[str]:
    return [event["message"]["text"] for event in hook.messaging if "text" in event.get("message", {})]


async def test_each_customers_messages_come_in_order_and_several_in_one_request(
    simulator, hook, page
) -> None:
    people = [simulator.customer(page.account) for _ in range(20)]
    for number in range(10):
        for person in people:
            person.say(str(number))
    await simulator.settled()
    for person in people:
        mine = [e["message"]["text"] for e in hook.messaging if e["sender"]["id"] == person.id]
        assert mine == [str(number) for number in range(10)]
    assert len(hook.got) < 200
    assert max(len(body["entry"][0]["messaging"]) for body in hook.bodies) > 1


async def test_what_is_not_answered_2xx_comes_again_the_same_and_what_follows_waits_for_it(
    simulator, hook, page, monkeypatch
) -> None:
    monkeypatch.setattr(couriers, "PAUSES", (0.01,))
    hook.statuses = [500, 404, 302]
    ann = simulator.customer(page.account)
    mid = ann.say("first")
    ann.say("second")
    await simulator.settled()
    mids = [event["message"]["mid"] for event in hook.messaging]
    assert mids[:1] * 4 == [mid for mid in mids if mid == mids[0]]
    assert mids[0] == mid
    assert simulator.stats["retried"] == 3
    assert texts(hook)[-1] == "second"


async def test_a_telegram_update_that_is_sent_again_keeps_its_number_and_its_error_is_told(
    simulator, hook, bot, monkeypatch
) -> None:
    monkeypatch.setattr(couriers, "PAUSES", (0.01,))
    hook.statuses = [503]
    simulator.customer(bot.account).say("hi")
    await simulator.settled()
    assert hook.bodies[0] == hook.bodies[1]
    told = (await bot.bot("getWebhookInfo")).json()["result"]
    assert told["last_error_message"] == "Wrong response from the webhook: 503"
    assert told["pending_update_count"] == 0


async def test_duplicates_are_the_same_bytes_again(simulator, hook, page) -> None:
    simulator.faults = Faults(duplicates=1, duplicate_within=0.02)
    ann = simulator.customer(page.account)
    for number in range(5):
        ann.say(str(number))
        await simulator.settled()
    assert len(hook.got) == 10
    assert len({body for body, _ in hook.got}) == 5


async def test_reordered_ones_are_overtaken_and_none_is_lost(simulator, hook, page) -> None:
    ann = simulator.customer(page.account)
    simulator.faults = Faults(reorders=0.5, reorder_within=0.05)
    for number in range(40):
        ann.say(str(number))
    await simulator.settled()
    came = texts(hook)
    assert sorted(came, key=int) == [str(number) for number in range(40)]
    assert came != sorted(came, key=int)
    assert 8 < simulator.stats["reordered"] < 32


async def test_what_goes_wrong_follows_from_the_seed() -> None:
    async def run(seed: int) -> list[bytes]:
        got: list[bytes] = []

        async def post(url, body, headers) -> int:
            got.append(body)
            return 200

        simulator = Simulator(seed, post=post)
        simulator.faults = Faults(duplicates=0.5, duplicate_within=0)
        page = simulator.account("messenger")
        page.point("http://business.example/")
        ann = simulator.customer(page)
        counts = []
        for number in range(20):
            ann.say(str(number))
            await simulator.settled()
            counts.append(len(got))
        await simulator.close()
        return [ann.id, *counts]

    assert await run(1) == await run(1)
    assert await run(1) != await run(2)


async def test_in_an_outage_calls_are_refused_and_webhooks_wait_until_it_is_over(
    simulator, hook, page, bot
) -> None:
    ann, bob = simulator.customer(page.account), simulator.customer(bot.account)
    ann.say("before")
    bob.say("before")
    await simulator.settled()
    simulator.go_dark()
    ann.say("during")
    refused = await page.send(ann.id, "hello")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, 2)
    assert refused.json()["error"]["is_transient"] is True
    assert (await bot.bot("getMe")).status_code == 502
    await asyncio.sleep(0)
    assert len(hook.got) == 2
    simulator.light()
    await simulator.settled()
    assert texts(type(hook)(got=hook.got[2:])) == ["during"]
    assert (await page.send(ann.id, "hello")).status_code == 200


async def test_an_outage_ends_by_itself(simulator, hook, page) -> None:
    simulator.go_dark(0.02)
    simulator.customer(page.account).say("hi")
    await simulator.settled()
    assert texts(hook) == ["hi"]
    assert not simulator.dark


async def test_only_what_is_subscribed_to_is_told(simulator, hook, page) -> None:
    page.account.webhook.fields = ("messages",)
    ann = simulator.customer(page.account)
    ann.say("hi")
    await page.send(ann.id, "hello")
    ann.read()
    await simulator.settled()
    assert texts(hook) == ["hi"]
    assert len(hook.messaging) == 1

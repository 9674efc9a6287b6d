"""Faults of calls: refused before anything is done, done with the answer lost, slow."""

from __future__ import annotations

import httpx
import pytest

from handoff.simulators import Faults
from tests.handoff.simulators.conftest import business


async def test_refused_before_nothing_is_done(simulator, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    simulator.faults = Faults(fail_before=1)
    statuses = {(await page.send(ann.id, "hello")).status_code for _ in range(40)}
    assert statuses == {503, 400}  # 400: Messenger's "too many calls", code 613
    assert ann.seen == []


@pytest.mark.parametrize("platform", ["messenger", "whatsapp", "telegram"])
async def test_cut_after_it_is_done_and_no_byte_is_answered(simulator, client, platform) -> None:
    asked = business(simulator, client, platform)
    ann = simulator.customer(asked.account)
    ann.say("hi")
    simulator.faults = Faults(fail_after=1)
    sending = {
        "messenger": lambda: asked.send(ann.id, "hello"),
        "whatsapp": lambda: asked.whatsapp(ann.id, body="hello"),
        "telegram": lambda: asked.bot("sendMessage", chat_id=ann.id, text="hello"),
    }[platform]
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await sending()
    assert ann.texts() == ["hello"]
    assert simulator.stats["cut"] == 1


async def test_shares_are_kept(simulator, page) -> None:
    simulator.limited = False
    ann = simulator.customer(page.account)
    ann.say("hi")
    simulator.faults = Faults(fail_before=0.2, fail_after=0.1)
    for _ in range(200):
        try:
            await page.send(ann.id, "hello")
        except httpx.TransportError:
            continue
    stats = simulator.stats
    assert 20 < stats["refused"] + stats["throttled"] < 60
    assert 8 < stats["cut"] < 35
    assert len(ann.seen) == 200 - stats["refused"] - stats["throttled"]


async def test_slow_answers_come_all_the_same(simulator, page) -> None:
    ann = simulator.customer(page.account)
    ann.say("hi")
    simulator.faults = Faults(slow=1, slow_by=0.05)
    assert (await page.send(ann.id, "hello")).status_code == 200
    assert simulator.stats["slow"] == 1


async def test_throttled_calls_name_the_time_to_wait(simulator, number, bot) -> None:
    simulator.faults = Faults(fail_before=1)
    ann, bob = simulator.customer(number.account), simulator.customer(bot.account)
    ann.say("hi")
    bob.say("hi")
    answers = [await number.whatsapp(ann.id) for _ in range(40)]
    throttled = [answer for answer in answers if answer.status_code == 429]
    assert {answer.json()["error"]["code"] for answer in throttled} == {130429}
    told = [(await bot.bot("sendMessage", chat_id=bob.id, text="x")).json() for _ in range(40)]
    assert {"retry_after": 1} in [answer.get("parameters") for answer in told]

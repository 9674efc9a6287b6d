"""Turns of one conversation wait in line; others do not."""

from __future__ import annotations

import asyncio

import pytest

from bot.locks import LineLockStore


async def test_turns_of_a_conversation_run_one_at_a_time_in_the_order_they_came() -> None:
    locks, running, order = LineLockStore(), 0, []

    async def turn(number: int) -> None:
        nonlocal running
        async with locks.lock("c"):
            running += 1
            assert running == 1
            await asyncio.sleep(0)
            order.append(number)
            running -= 1

    await asyncio.gather(*map(turn, range(10)))
    assert order == list(range(10))


async def test_another_conversation_does_not_wait() -> None:
    locks = LineLockStore()
    async with locks.lock("one"):
        await asyncio.wait_for(_enter(locks, "two"), timeout=5)


async def test_a_failed_or_cancelled_turn_lets_the_next_one_in_and_nothing_is_remembered() -> None:
    locks = LineLockStore()
    with pytest.raises(RuntimeError):
        async with locks.lock("c"):
            raise RuntimeError
    async with locks.lock("c"):
        waiting = asyncio.create_task(_enter(locks, "c"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(_enter(locks, "c"), timeout=5)
    assert locks._lines == {}


async def _enter(locks: LineLockStore, conversation: str) -> None:
    async with locks.lock(conversation):
        pass

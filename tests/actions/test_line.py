"""The line before something that only one can have at a time."""

from __future__ import annotations

import asyncio
import random

import pytest

from actions.line import Line


class Visitors:
    """Tasks that pass the line; ``passed`` is the order in which they did."""

    def __init__(self) -> None:
        self.line = Line()
        self.passed: list[str] = []
        self.inside = 0

    async def visit(self, name: str, hurry: bool = False, wait: asyncio.Event | None = None) -> None:
        async with self.line.turn(hurry=hurry):
            self.inside += 1
            assert self.inside == 1, "two at once"
            try:
                await (wait.wait() if wait else asyncio.sleep(0))
                self.passed.append(name)
            finally:
                self.inside -= 1


async def queued(visitors: Visitors, *names: str) -> tuple[list[asyncio.Task[None]], asyncio.Event]:
    """Somebody is inside until the event; the named ones wait, those with an ``!`` in a hurry."""
    go = asyncio.Event()
    tasks = [asyncio.create_task(visitors.visit("inside", wait=go))]
    await asyncio.sleep(0)
    for name in names:
        tasks.append(asyncio.create_task(visitors.visit(name, name.endswith("!"))))
        await asyncio.sleep(0)
    return tasks, go


async def test_first_come_first_served_but_for_who_is_in_a_hurry() -> None:
    visitors = Visitors()
    tasks, go = await queued(visitors, "a", "b", "c!", "d", "e!")
    go.set()
    await asyncio.gather(*tasks)
    assert visitors.passed == ["inside", "c!", "e!", "a", "b", "d"]


@pytest.mark.parametrize("gone", ["a", "b!"])
async def test_who_gives_up_waiting_holds_up_nobody(gone: str) -> None:
    visitors = Visitors()
    tasks, go = await queued(visitors, "a", "b!", "c")
    names = ["inside", "a", "b!", "c"]
    tasks[names.index(gone)].cancel()
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(visitors.passed) == sorted(set(names) - {gone})


async def test_who_is_cancelled_in_the_moment_of_their_turn_passes_it_on() -> None:
    visitors = Visitors()
    tasks, go = await queued(visitors, "a", "b")
    go.set()
    await asyncio.sleep(0)  # "inside" leaves: the turn is a's, who does not run yet
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert visitors.passed == ["inside", "b"]


async def test_an_error_inside_lets_the_next_one_in() -> None:
    line = Line()
    with pytest.raises(ZeroDivisionError):
        async with line.turn():
            raise ZeroDivisionError
    async with asyncio.timeout(5), line.turn():
        pass


async def test_never_two_at_once_whoever_comes_and_goes() -> None:
    chance, visitors = random.Random(7), Visitors()
    tasks = []
    for number in range(300):
        tasks.append(asyncio.create_task(visitors.visit(str(number), chance.random() < 0.3)))
        if chance.random() < 0.5:
            await asyncio.sleep(0)
        if chance.random() < 0.2:
            chance.choice(tasks).cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(one) for one in done} <= {type(None), asyncio.CancelledError}
    async with asyncio.timeout(5), visitors.line.turn():
        pass

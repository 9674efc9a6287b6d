"""Several gateways, and what ./setu up does by itself."""

from __future__ import annotations

import asyncio

import pytest

from handoff.errors import SetuError
from handoff.ops import model as ops
from handoff.workbench.promotion.lease import Lease, Taken
from tests.handoff.workbench.promotion.conftest import House, make_house


async def test_only_one_holds_a_lease_and_one_that_died_lets_go(house: House) -> None:
    one, other = (Lease(context, "x") for context in (house.context, house.beside("two").context))
    async with one.held():
        with pytest.raises(Taken):
            async with other.held():
                raise AssertionError("two hold it")
        with pytest.raises(Taken):
            async with one.held():
                raise AssertionError("two tasks of one gateway hold it")
    async with other.held():
        house.clock.forward(minutes=1)  # "two" does not renew any more, as if it had died
        async with one.held():
            pass
    async with other.held():
        pass


async def test_two_that_begin_at_once_are_not_both_first(house: House) -> None:
    leases = [Lease(house.beside(f"g{number}").context, "new") for number in range(6)]
    inside, most = 0, 0

    async def hold(lease: Lease) -> bool:
        nonlocal inside, most
        try:
            async with lease.held():
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.05)
                inside -= 1
                return True
        except Taken:
            return False

    held = await asyncio.gather(*map(hold, leases))
    assert most == 1
    assert any(held)


async def test_promotions_asked_of_two_gateways_at_once_come_one_after_the_other(house: House) -> None:
    other = house.beside("two")
    for name in ("one", "two"):
        await house.trained(name)
    told = await asyncio.gather(
        house.promote("one", "sunil", "it is much better"),
        other.promote("two", "sunil", "it is much better"),
        return_exceptions=True,
    )
    assert not [
        wrong for wrong in told if isinstance(wrong, BaseException) and not isinstance(wrong, SetuError)
    ]
    assert set(house.lives()) == {await house.live()}
    history = (await house.models.promotions.listed())["history"]
    assert [one["before"] for one in history] == [one["model"] for one in history[1:]] + [None]


async def test_what_the_bots_run_at_first_is_recorded_once(database, tmp_path) -> None:  # type: ignore[no-untyped-def]
    house = await make_house(database, tmp_path)
    await asyncio.gather(*(house.beside(f"g{number}").look() for number in range(4)))
    await house.look()
    assert len((await house.models.promotions.listed())["history"]) == 1
    await house.models.calls.aclose()


async def test_a_model_that_is_not_in_the_folder_is_known_by_name_alone(database, tmp_path) -> None:  # type: ignore[no-untyped-def]
    house = await make_house(database, tmp_path)
    (house.context.models / "setu-first.tar.gz").unlink()
    await house.look()
    told = await house.models.promotions.listed()
    assert (told["live"], told["models"][0]["size"], house.pointer()) == ("setu-first", 0, None)
    await house.models.calls.aclose()


async def test_a_model_that_set_up_trained_for_a_new_recipe_becomes_the_live_one(house: House) -> None:
    await house.trained("better")
    await house.promote("better")
    anew = house.archive("setu-anew")
    ops.point_to(ops.Promoted("setu-anew", anew.sha256, "r2", "d2"), house.context.home)
    for bot in house.bots:
        bot.first = anew
        bot.start()
    await house.look()
    assert house.lives() == ["setu-anew"] * 3
    assert await house.live() == "setu-anew"
    pointer = house.pointer()
    assert (pointer.name, pointer.recipe, bool(pointer.promotion)) == ("setu-anew", "r2", True)
    await house.look()
    assert [one["kind"] for one in (await house.models.promotions.listed())["history"]] == [
        "first",
        "promote",
        "first",
    ]

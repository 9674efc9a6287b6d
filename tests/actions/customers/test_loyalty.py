from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.customers import loyalty
from actions.errors import Invalid, NotFound, Refused
from actions.shop.reference import Reference
from tests.actions.world import NOW, World


async def test_points_are_earned_used_and_taken_back_once_each(world: World) -> None:
    customer = (await world.customer()).id
    async with world.database.write() as session:
        assert [await loyalty.earn(session, customer, 100, key="a", now=NOW) for _ in range(2)] == [
            True,
            False,
        ]
        assert [await loyalty.redeem(session, customer, 30, key="b", now=NOW) for _ in range(2)] == [
            True,
            False,
        ]
        assert await loyalty.balance(session, customer) == 70
        assert [await loyalty.reverse(session, customer, "a", now=NOW) for _ in range(2)] == [True, False]
        assert await loyalty.balance(session, customer) == -30
        assert not await loyalty.reverse(session, customer, "never", now=NOW)


async def test_nobody_uses_points_they_do_not_have(world: World) -> None:
    customer = (await world.customer()).id
    async with world.database.write() as session:
        await loyalty.earn(session, customer, 10, key="a", now=NOW)
        with pytest.raises(Refused, match="not_enough_points") as refusal:
            await loyalty.redeem(session, customer, 11, key="b", now=NOW)
        for points in (0, -5):
            with pytest.raises(Invalid):
                await loyalty.redeem(session, customer, points, key="c", now=NOW)
            with pytest.raises(Invalid):
                await loyalty.earn(session, customer, points, key="c", now=NOW)
        with pytest.raises(NotFound):
            await loyalty.earn(session, "nobody", 5, key="a", now=NOW)
    assert refusal.value.values == {"points": 10}


async def test_points_used_at_the_same_moment_are_never_used_twice(world: World) -> None:
    customer = (await world.customer()).id
    async with world.database.write() as session:
        await loyalty.earn(session, customer, 100, key="a", now=NOW)

    async def use(number: int) -> bool:
        try:
            async with world.database.write() as session:
                return await loyalty.redeem(session, customer, 30, key=f"use:{number}", now=NOW)
        except Refused:
            return False

    assert sum(await asyncio.gather(*(use(number) for number in range(12)))) == 3
    async with world.database.read() as session:
        assert await loyalty.balance(session, customer) == 10


Step = tuple[str, int, int]


@given(
    st.lists(
        st.tuples(st.sampled_from(["earn", "redeem", "reverse"]), st.integers(1, 50), st.integers(0, 4)),
        max_size=12,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_balance_is_what_a_plain_reckoning_says(database_url: str, steps: list[Step]) -> None:
    asyncio.run(_reckon(database_url, steps))


async def _reckon(url: str, steps: list[Step]) -> None:
    from actions.db import Database

    database = Database(url)
    customer = (
        await World(database).customer(email=f"{id(steps)}.{len(steps)}.{hash(str(steps))}@mail.example")
    ).id
    ledger: dict[str, int] = {}
    async with database.write() as session:
        for kind, points, number in steps:
            key = f"{kind}:{number}"
            if kind == "earn":
                assert await loyalty.earn(session, customer, points, key=key, now=NOW) is (key not in ledger)
                ledger.setdefault(key, points)
            elif kind == "redeem" and key not in ledger and sum(ledger.values()) < points:
                with pytest.raises(Refused):
                    await loyalty.redeem(session, customer, points, key=key, now=NOW)
            elif kind == "redeem":
                assert await loyalty.redeem(session, customer, points, key=key, now=NOW) is (
                    key not in ledger
                )
                ledger.setdefault(key, -points)
            else:
                known = f"earn:{number}" in ledger and f"reverse:earn:{number}" not in ledger
                assert await loyalty.reverse(session, customer, f"earn:{number}", now=NOW) is known
                if known:
                    ledger[f"reverse:earn:{number}"] = -ledger[f"earn:{number}"]
        assert await loyalty.balance(session, customer) == sum(ledger.values())
    await database.close()


async def test_the_tier_is_that_of_the_last_years_spend(world: World, reference: Reference) -> None:
    customer = await world.customer()
    await world.order(customer, status="delivered", age=20, quantities=(14,))
    await world.order(customer, status="delivered", age=500, quantities=(90,))
    await world.order(customer, status="cancelled", age=5, quantities=(90,))
    async with world.database.read() as session:
        status = await loyalty.status(session, customer.id, reference, NOW)
    assert (status.tier, status.spend, status.next_tier, status.to_next) == (
        "silver",
        1400000,
        "gold",
        100000,
    )
    await world.order(customer, status="delivered", age=3, quantities=(26,))
    async with world.database.read() as session:
        status = await loyalty.status(session, customer.id, reference, NOW)
    assert (status.tier, status.next_tier, status.to_next) == ("platinum", None, 0)

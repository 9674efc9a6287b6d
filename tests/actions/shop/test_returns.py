from __future__ import annotations

import pytest
from sqlalchemy import func, select

from actions.errors import Invalid, NotFound, Refused, TooLate
from actions.shop import returns
from actions.shop.models import Case, Refund
from tests.actions.world import DAY, NOW, World


async def test_a_return_opens_a_case_and_promises_the_money(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="delivered", age=5, quantities=(2, 1))
    async with world.database.write() as session:
        wish = await returns.request_return(
            session, customer.id, order.number, now=NOW, position=1, reason=" too small "
        )
    assert wish.changed
    assert wish.refund is not None
    assert (wish.refund.amount, wish.refund.status) == (200000, "awaiting_return")
    assert (wish.case.kind, wish.case.position, wish.case.details) == ("return", 1, {"reason": "too small"})


async def test_a_return_wished_twice_is_one(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="delivered", age=5)
    numbers = set()
    for _ in range(2):
        async with world.database.write() as session:
            wish = await returns.request_return(session, customer.id, order.number, now=NOW)
            numbers.add((wish.case.number, wish.refund.id if wish.refund else None))
    assert len(numbers) == 1
    assert not wish.changed
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 1
        assert await session.scalar(select(func.count()).select_from(Refund)) == 1


async def test_a_returned_line_carries_its_share_of_the_discount(world: World) -> None:
    customer = await world.customer()
    order = await world.order(
        customer, status="delivered", age=5, quantities=(1, 3), discount=40000, total=360000
    )
    async with world.database.write() as session:
        wish = await returns.request_return(session, customer.id, order.number, now=NOW, position=2)
    assert wish.refund is not None
    assert wish.refund.amount == 300000 - 30000


async def test_the_same_item_is_not_returned_and_exchanged(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="delivered", age=5, quantities=(1, 1))
    async with world.database.write() as session:
        await returns.request_return(session, customer.id, order.number, now=NOW, position=1)
        with pytest.raises(Refused, match="already_returning"):
            await returns.request_return(session, customer.id, order.number, now=NOW)
        with pytest.raises(Refused, match="already_returning"):
            await returns.request_exchange(session, customer.id, order.number, now=NOW, position=1, size="L")
        other = await returns.request_return(session, customer.id, order.number, now=NOW, position=2)
    assert other.changed


@pytest.mark.parametrize(
    ("status", "code"),
    [("shipped", "not_delivered"), ("cancelled", "order_closed"), ("refunded", "order_closed")],
)
async def test_only_what_was_delivered_comes_back(world: World, status: str, code: str) -> None:
    customer = await world.customer()
    order = await world.order(customer, status=status)
    async with world.database.write() as session:
        with pytest.raises(Refused, match=code):
            await returns.request_return(session, customer.id, order.number, now=NOW)


async def test_after_thirty_days_it_is_too_late(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="delivered", age=40)
    async with world.database.write() as session:
        with pytest.raises(TooLate, match="return_window_closed"):
            await returns.request_return(session, customer.id, order.number, now=NOW)


async def test_an_exchange_needs_the_other_size_in_stock(world: World) -> None:
    customer = await world.customer()
    product = await world.product({("M", "red"): 5, ("L", "red"): 1, ("S", "red"): 0})
    order = await world.order(customer, product, status="delivered", age=5)
    async with world.database.write() as session:
        with pytest.raises(Refused, match="out_of_stock"):
            await returns.request_exchange(session, customer.id, order.number, now=NOW, size="S")
        with pytest.raises(Invalid, match="same_item"):
            await returns.request_exchange(session, customer.id, order.number, now=NOW, size="M")
        wish = await returns.request_exchange(session, customer.id, order.number, now=NOW, size="L")
    assert wish.changed
    assert wish.case.details["size"] == "L"
    assert wish.refund is None


async def test_an_exchange_asks_which_item_when_there_are_several(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="delivered", age=5, quantities=(1, 1))
    async with world.database.write() as session:
        with pytest.raises(Invalid, match="which_item"):
            await returns.request_exchange(session, customer.id, order.number, now=NOW, size="L")
        with pytest.raises(NotFound, match="item_not_found"):
            await returns.request_exchange(session, customer.id, order.number, now=NOW, position=9, size="L")


@pytest.mark.parametrize(
    ("kind", "status", "age", "code"),
    [
        ("late", "shipped", 2, "not_late"),
        ("late", "delivered", 9, "not_late"),
        ("lost", "placed", 9, "not_shipped"),
        ("damaged", "shipped", 2, "not_delivered"),
        ("wrong", "placed", 2, "not_delivered"),
        ("damaged", "cancelled", 2, "order_closed"),
    ],
)
async def test_a_problem_has_to_fit_the_order(
    world: World, kind: str, status: str, age: int, code: str
) -> None:
    customer = await world.customer()
    order = await world.order(customer, status=status, age=age)
    async with world.database.write() as session:
        with pytest.raises(Refused, match=code):
            await returns.report(session, customer.id, order.number, kind, now=NOW)


@pytest.mark.parametrize(
    ("kind", "status", "age"),
    [("late", "shipped", 9), ("lost", "shipped", 9), ("lost", "delivered", 6), ("damaged", "delivered", 6)],
)
async def test_a_problem_becomes_one_case_however_often_it_is_told(
    world: World, kind: str, status: str, age: int
) -> None:
    customer = await world.customer()
    order = await world.order(customer, status=status, age=age)
    told = []
    for words in ("first", "again"):
        async with world.database.write() as session:
            told.append(
                await returns.report(session, customer.id, order.number, kind, now=NOW, details=words)
            )
    assert [one.changed for one in told] == [True, False]
    assert told[0].case.number == told[1].case.number
    assert told[1].case.details == {"words": "first"}


async def test_an_unknown_kind_of_problem_is_refused(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer)
    async with world.database.write() as session:
        with pytest.raises(Invalid, match="problem_unknown"):
            await returns.report(session, customer.id, order.number, "ugly", now=NOW)


async def test_a_stranger_reports_and_returns_nothing(world: World) -> None:
    order = await world.order(await world.customer(), status="delivered", age=5)
    stranger = (await world.customer()).id
    async with world.database.write() as session:
        with pytest.raises(NotFound):
            await returns.request_return(session, stranger, order.number, now=NOW)
        with pytest.raises(NotFound):
            await returns.request_exchange(session, stranger, order.number, now=NOW, size="L")
        with pytest.raises(NotFound):
            await returns.report(session, stranger, order.number, "damaged", now=NOW)
        with pytest.raises(NotFound):
            await returns.refund_status(session, stranger, order.number)
        with pytest.raises(NotFound):
            await returns.invoice(session, stranger, order.number)


async def test_the_invoice_comes_with_the_packing(world: World) -> None:
    customer = await world.customer()
    fresh = await world.order(customer)
    packed = await world.order(customer, status="packed", invoice="INV-300001")
    async with world.database.read() as session:
        with pytest.raises(Refused, match="not_invoiced"):
            await returns.invoice(session, customer.id, fresh.number)
        paper = await returns.invoice(session, customer.id, packed.number)
    assert (paper.number, paper.order.number, paper.date) == ("INV-300001", packed.number, NOW - 2 * DAY)

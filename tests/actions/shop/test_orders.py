from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from actions.customers import loyalty
from actions.errors import Invalid, NotFound, TooLate
from actions.shop import orders
from actions.shop.models import Order, Payment, Refund, TrackingEvent, Variant
from actions.shop.reference import Reference
from tests.actions.world import DAY, NOW, World


async def test_the_owner_finds_an_order_however_the_number_is_written(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, number="SO-300777")
    async with world.database.read() as session:
        for written in ("SO-300777", "so 300777", "#300777", "300777", " SO300777 ", "৩০০৭৭৭", "۳۰۰۷۷۷"):
            assert (await orders.find(session, customer.id, written)).id == order.id


async def test_another_customers_order_is_never_shown(world: World) -> None:
    owner, other = await world.customer(), await world.customer()
    order = await world.order(owner)
    async with world.database.read() as session:
        with pytest.raises(NotFound, match="order_not_found"):
            await orders.find(session, other.id, order.number)
        # Knowing the owner's e-mail does not help someone who is signed in as someone else.
        with pytest.raises(NotFound):
            await orders.find(session, other.id, order.number, email=owner.email)
        assert await orders.of_customer(session, other.id) == []


async def test_an_anonymous_asker_needs_number_and_email(world: World) -> None:
    owner = await world.customer()
    order = await world.order(owner)
    async with world.database.read() as session:
        found = await orders.find(session, None, order.number, email=f" {owner.email.upper()} ")
        assert found.id == order.id
        for email in (None, "", "someone@mail.example", "%", "_"):
            with pytest.raises(NotFound):
                await orders.find(session, None, order.number, email=email)


@pytest.mark.parametrize(
    "number", ["", "SO-", "12345", "1234567", "SO-30'; --", "x" * 10_000, "SO-000000", "\ud800"]
)
async def test_a_number_that_is_none_is_simply_not_found(world: World, number: str) -> None:
    customer = await world.customer()
    async with world.database.read() as session:
        with pytest.raises(NotFound):
            await orders.find(session, customer.id, number)


async def test_a_stranger_can_change_nothing(world: World, reference: Reference) -> None:
    order = await world.order(await world.customer())
    stranger = (await world.customer()).id
    async with world.database.write() as session:
        with pytest.raises(NotFound):
            await orders.cancel(session, stranger, order.number, now=NOW)
        with pytest.raises(NotFound):
            await orders.change_address(session, stranger, order.number, {"line": "2 Park Road"})
        with pytest.raises(NotFound):
            await orders.add_gift_wrap(session, stranger, order.number, reference, now=NOW)
    async with world.database.read() as session:
        kept = await session.get_one(Order, order.id)
    assert (kept.status, kept.gift_wrap, kept.address["line"]) == ("placed", False, "1 MG Road")


async def test_orders_come_newest_first(world: World) -> None:
    customer = await world.customer()
    old, new = await world.order(customer, age=9), await world.order(customer, age=1)
    async with world.database.read() as session:
        assert [o.number for o in await orders.of_customer(session, customer.id)] == [new.number, old.number]
        assert len(await orders.of_customer(session, customer.id, limit=1)) == 1


async def test_cancelling_pays_back_restocks_and_takes_the_points_back(world: World) -> None:
    customer, product = await world.customer(), await world.product({("M", "red"): 5})
    order = await world.order(customer, product, quantities=(2,))
    async with world.database.write() as session:
        await loyalty.earn(session, customer.id, 100, key=f"earn:{order.number}", now=NOW)
    async with world.database.write() as session:
        done = await orders.cancel(session, customer.id, order.number, now=NOW)
    assert done.changed
    assert done.order.status == "cancelled"
    assert done.refund is not None
    assert (done.refund.amount, done.refund.status) == (order.total, "pending")
    assert [event.status for event in done.order.events] == ["placed", "cancelled"]
    async with world.database.read() as session:
        assert await session.scalar(select(Variant.stock).where(Variant.product_id == product.id)) == 7
        assert await loyalty.balance(session, customer.id) == 0


async def test_cancelling_twice_is_cancelling_once(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer)
    results = []
    for _ in range(2):
        async with world.database.write() as session:
            results.append(await orders.cancel(session, customer.id, order.number, now=NOW))
    first, second = results
    assert (first.changed, second.changed) == (True, False)
    assert first.refund is not None
    assert second.refund is not None
    assert first.refund.id == second.refund.id
    assert second.order.cancelled_at == NOW
    async with world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Refund)) == 1
        events = select(func.count()).select_from(TrackingEvent).where(TrackingEvent.status == "cancelled")
        assert await session.scalar(events) == 1


async def test_cancelled_at_the_same_moment_only_one_does_it(world: World) -> None:
    customer, product = await world.customer(), await world.product({("M", "red"): 5})
    order = await world.order(customer, product)

    async def cancel() -> bool:
        async with world.database.write() as session:
            return (await orders.cancel(session, customer.id, order.number, now=NOW)).changed

    assert sorted(await asyncio.gather(*(cancel() for _ in range(4)))) == [False, False, False, True]
    async with world.database.read() as session:
        assert await session.scalar(select(Variant.stock).where(Variant.product_id == product.id)) == 6


@pytest.mark.parametrize("status", sorted({*orders.STATUSES} - {"placed", "packed", "cancelled"}))
async def test_what_has_left_can_no_longer_be_cancelled(world: World, status: str) -> None:
    customer = await world.customer()
    order = await world.order(customer, status=status)
    async with world.database.write() as session:
        with pytest.raises(TooLate, match="too_late_to_cancel"):
            await orders.cancel(session, customer.id, order.number, now=NOW)


async def test_cancelling_an_order_to_be_paid_at_the_door_refunds_nothing(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, paid=False)
    async with world.database.write() as session:
        done = await orders.cancel(session, customer.id, order.number, now=NOW)
    assert done.refund is None
    assert [payment.status for payment in done.order.payments] == ["void"]


async def test_an_address_changes_in_the_parts_that_are_given(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="packed")
    async with world.database.write() as session:
        await orders.change_address(session, customer.id, order.number, {"line": " 5 Lake Road ", "city": ""})
    async with world.database.read() as session:
        changed = await orders.find(session, customer.id, order.number)
    assert (changed.address["line"], changed.address["city"]) == ("5 Lake Road", "Pune")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ({}, "address_invalid"),
        ({"line": "  "}, "address_invalid"),
        ({"planet": "Mars"}, "address_invalid"),
        ({"line": "x" * 201}, "address_invalid"),
        ({"line": "5 Lake Road", "country": "GR"}, "address_abroad"),
    ],
)
async def test_an_address_that_will_not_do_is_refused(
    world: World, address: dict[str, str], code: str
) -> None:
    customer = await world.customer()
    order = await world.order(customer)
    async with world.database.write() as session:
        with pytest.raises(Invalid, match=code):
            await orders.change_address(session, customer.id, order.number, address)


async def test_a_shipped_order_keeps_its_address(world: World) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="shipped")
    async with world.database.write() as session:
        with pytest.raises(TooLate, match="too_late_to_change"):
            await orders.change_address(session, customer.id, order.number, {"line": "5 Lake Road"})


async def test_gift_wrap_is_charged_once_and_its_note_may_change(world: World, reference: Reference) -> None:
    customer = await world.customer()
    order = await world.order(customer)
    for note in ("For Mira", "For Mira, with love"):
        async with world.database.write() as session:
            wrapped = await orders.add_gift_wrap(
                session, customer.id, order.number, reference, now=NOW, note=note
            )
    assert wrapped.gift_note == "For Mira, with love"
    assert wrapped.total == order.total + reference.gift_wrap("INR")
    async with world.database.read() as session:
        due = select(func.count()).select_from(Payment).where(Payment.status == "due")
        assert await session.scalar(due) == 1


async def test_a_packed_order_is_no_longer_wrapped(world: World, reference: Reference) -> None:
    customer = await world.customer()
    order = await world.order(customer, status="packed")
    async with world.database.write() as session:
        with pytest.raises(TooLate, match="too_late_to_wrap"):
            await orders.add_gift_wrap(session, customer.id, order.number, reference, now=NOW)


async def test_an_order_is_late_only_while_it_is_awaited(world: World) -> None:
    customer = await world.customer()
    late = await world.order(customer, status="shipped", age=9)
    arrived = await world.order(customer, status="delivered", age=9)
    assert orders.late(late, NOW)
    assert not orders.late(late, late.promised_at)
    assert not orders.late(arrived, NOW)
    assert orders.can_return(arrived, NOW)
    assert not orders.can_return(arrived, NOW + 40 * DAY)

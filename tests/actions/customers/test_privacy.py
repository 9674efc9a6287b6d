from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from actions.customers import accounts, consents, preferences, privacy
from actions.customers.models import Address, Customer
from actions.db import Base
from actions.shop import orders, products, returns
from actions.shop.models import Order
from actions.shop.reference import Reference
from tests.actions.world import NOW, World

CANARY = "canary7f3k"


async def everything(world: World, reference: Reference) -> Customer:
    """A customer with a canary in every place that takes words."""
    customer = await world.customer(name=f"Asha {CANARY}", email=f"{CANARY}@mail.example", phone="+911234567")
    await world.add(
        Address(
            customer_id=customer.id,
            label="home",
            line=f"{CANARY} Road",
            city="Pune",
            postcode="1",
            country="IN",
        )
    )
    product = await world.product()
    done = await world.order(
        customer, product, status="delivered", age=5, tracking=CANARY,
        address={"name": CANARY, "line": CANARY, "country": "IN"},
    )  # fmt: skip
    open_one = await world.order(customer, product)
    async with world.database.write() as session:
        await orders.add_gift_wrap(session, customer.id, open_one.number, reference, now=NOW, note=CANARY)
        await returns.report(session, customer.id, done.number, "damaged", now=NOW, details=CANARY)
        await returns.request_return(session, customer.id, done.number, now=NOW, reason=CANARY)
        await products.review(session, customer.id, product.id, 5, CANARY, now=NOW)
        await preferences.set_(session, customer.id, "colours", "red", reference, now=NOW)
        await consents.grant(session, customer.id, "sms", now=NOW)
        await accounts.request(session, customer.id, "email_change", NOW, CANARY)
    return customer


async def whole_database(world: World) -> str:
    rows: list[Any] = []
    async with world.database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows += [list(row) for row in await session.execute(select(table))]
    return json.dumps(rows, default=str)


async def test_the_export_has_every_word_about_the_customer_and_is_json(
    world: World, reference: Reference
) -> None:
    customer = await everything(world, reference)
    await everything_of_another(world)
    async with world.database.read() as session:
        told = json.dumps(await privacy.export(session, customer.id))
    stored = await whole_database(world)
    assert told.count(CANARY) == stored.count(CANARY)
    assert "Other Person" not in told


async def everything_of_another(world: World) -> Customer:
    other = await world.customer(name="Other Person")
    await world.order(other)
    return other


async def test_after_erasing_no_trace_of_the_person_is_left_and_others_are_untouched(
    world: World, reference: Reference
) -> None:
    customer, other = await everything(world, reference), await everything_of_another(world)
    assert customer.id in await whole_database(world)
    async with world.database.write() as session:
        erased = await privacy.erase(session, customer.id)
    left = await whole_database(world)
    assert CANARY not in left
    assert customer.id not in left
    assert "+911234567" not in left
    assert (erased["customers"], erased["orders"], erased["reviews"]) == (1, 2, 1)
    async with world.database.read() as session:
        assert len(await orders.of_customer(session, other.id)) == 1
        books = list(await session.scalars(select(Order).where(Order.customer_id.is_(None))))
    assert [order.total > 0 for order in books] == [True, True]


async def test_erasing_again_does_nothing(world: World, reference: Reference) -> None:
    customer = await everything(world, reference)
    async with world.database.write() as session:
        await privacy.erase(session, customer.id)
        assert set((await privacy.erase(session, customer.id)).values()) == {0}
        assert {len(rows) for rows in (await privacy.export(session, customer.id)).values()} == {0}

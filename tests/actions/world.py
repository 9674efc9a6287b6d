"""A small shop for tests: rows with sensible defaults, each test says what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from actions.customers.models import Customer
from actions.db import Base, Database
from actions.shop.models import Order, OrderLine, Payment, Product, TrackingEvent, Variant

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class World:
    def __init__(self, database: Database) -> None:
        self.database = database
        self._count = count(1)

    async def add(self, *rows: Base) -> None:
        async with self.database.write() as session:
            session.add_all(rows)

    async def customer(self, **more: Any) -> Customer:
        number = next(self._count)
        values: dict[str, Any] = {
            "name": f"Asha Rao {number}",
            "given_name": "Asha",
            "email": f"asha{number}@mail.example",
            "locale": "en-IN",
            "country": "IN",
            "time_zone": "Asia/Kolkata",
            "since": NOW - 400 * DAY,
        }
        customer = Customer(**values | more)
        await self.add(customer)
        return customer

    async def product(self, stock: dict[tuple[str, str], int] | None = None, **more: Any) -> Product:
        """``stock`` by (size, colour)."""
        number = next(self._count)
        values: dict[str, Any] = {
            "name": f"Amara Wrap Dress {number}",
            "brand": "Norvelle",
            "category": "women/dresses",
            "size_group": "clothes",
            "description": "A dress.",
            "attributes": {"material": "linen", "pattern": "plain"},
            "price": 199900,
            "rating": 42,
            "ratings": 10,
            "updated_at": NOW,
        }
        product = Product(**values | more)
        await self.add(product)
        stock = {("M", "red"): 5, ("L", "red"): 5} if stock is None else stock
        await self.add(
            *(
                Variant(product_id=product.id, size=size, colour=colour, stock=left)
                for (size, colour), left in stock.items()
            )
        )
        return product

    async def order(
        self,
        customer: Customer,
        product: Product | None = None,
        *,
        status: str = "placed",
        age: int = 2,
        quantities: tuple[int, ...] = (1,),
        paid: bool = True,
        **more: Any,
    ) -> Order:
        """An order placed ``age`` days ago, a line for each of ``quantities``, at 1,000 rupees each."""
        product = product or await self.product()
        async with self.database.read() as session:
            variant = (
                await session.scalars(Variant.__table__.select().with_only_columns(Variant.id))
            ).first()
        goods = 100000 * sum(quantities)
        placed = NOW - age * DAY
        delivered = placed + 3 * DAY if status == "delivered" else None
        values: dict[str, Any] = {
            "number": f"SO-{300000 + next(self._count)}",
            "customer_id": customer.id,
            "email": customer.email,
            "status": status,
            "currency": "INR",
            "goods": goods,
            "total": goods,
            "base_total": goods,
            "delivery": "standard",
            "address": {
                "name": customer.name,
                "line": "1 MG Road",
                "city": "Pune",
                "region": "Maharashtra",
                "postcode": "411001",
                "country": "IN",
            },
            "placed_at": placed,
            "promised_at": placed + 4 * DAY,
            "delivered_at": delivered,
        }
        order = Order(**values | more)
        await self.add(order)
        await self.add(
            *(
                OrderLine(
                    order_id=order.id, position=position, product_id=product.id, variant_id=variant,
                    name=product.name, size="M", colour="red", quantity=quantity, price=100000,
                )
                for position, quantity in enumerate(quantities, 1)
            ),
            TrackingEvent(order_id=order.id, status="placed", at=placed),
            Payment(
                order_id=order.id, method="card" if paid else "cash", amount=goods,
                status="paid" if paid else "due", at=placed,
            ),
        )  # fmt: skip
        return order

"""A customer's right to see everything and to be forgotten: the shop's half of it.

Orders stay for the books, without the person: no customer, no e-mail, no address, no words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from actions.customers.models import (
    AccountRequest,
    Address,
    Consent,
    Customer,
    PointsEntry,
    Preference,
)  # fmt: skip
from actions.db import Base
from actions.shop.models import Case, Order, OrderLine, Payment, Refund, Review, TrackingEvent

OWN = (Preference, Consent, PointsEntry, Address, AccountRequest, Review)  # rows that go with the customer
OF_ORDER = (OrderLine, TrackingEvent, Payment, Refund, Case)


async def export(session: AsyncSession, customer_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row about the customer by table, ready for JSON; all lists are empty for an unknown one."""
    orders = select(Order.id).where(Order.customer_id == customer_id)
    found = {"customers": await _rows(session, Customer, Customer.id == customer_id)}
    for model in (*OWN, Order):
        column = _table(model).c.customer_id
        found[_table(model).name] = await _rows(session, model, column == customer_id)
    for part in OF_ORDER:
        found[_table(part).name] = await _rows(session, part, _table(part).c.order_id.in_(orders))
    return found


async def erase(session: AsyncSession, customer_id: str) -> dict[str, int]:
    """Forget the customer; returns how many rows of each table were deleted or made nobody's.

    Erasing again, or someone unknown, does nothing and says so with zeros.
    """
    orders = select(Order.id).where(Order.customer_id == customer_id).scalar_subquery()
    touched = {
        "cases": await _count(session, update(Case).where(Case.order_id.in_(orders)).values(details={})),
        "orders": await _count(
            session,
            update(Order)
            .where(Order.customer_id == customer_id)
            .values(customer_id=None, email=None, address={}, gift_note="", tracking=None),
        ),
    }
    for model in OWN:
        table = _table(model)
        touched[table.name] = await _count(session, delete(model).where(table.c.customer_id == customer_id))
    touched["customers"] = await _count(session, delete(Customer).where(Customer.id == customer_id))
    session.expire_all()
    return touched


async def _count(session: AsyncSession, statement: Any) -> int:
    result: Any = await session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


async def _rows(session: AsyncSession, model: type[Base], where: ColumnElement[bool]) -> list[dict[str, Any]]:
    table = _table(model)
    rows = await session.execute(select(table).where(where).order_by(*table.primary_key.columns))
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows.mappings()
    ]


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table

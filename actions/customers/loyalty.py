"""Points and tiers. The balance is the sum of a ledger whose entries happen once per key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers.models import Customer, PointsEntry
from actions.errors import Invalid, NotFound, Refused
from actions.shop.models import Order
from actions.shop.reference import Reference

YEAR = timedelta(days=365)
NO_SPEND = ("cancelled", "refunded", "returned", "lost")


@dataclass(frozen=True, slots=True)
class Status:
    points: int
    tier: str
    spend: int  # in the last year, base minor units
    next_tier: str | None  # None: the highest is reached
    to_next: int  # spend that is missing for it, base minor units


async def balance(session: AsyncSession, customer_id: str) -> int:
    return int(await session.scalar(_sum(customer_id)) or 0)


def _sum(customer_id: str) -> Select[int]:
    query = select(func.coalesce(func.sum(PointsEntry.points), 0))
    return query.where(PointsEntry.customer_id == customer_id)


async def status(session: AsyncSession, customer_id: str, reference: Reference, now: datetime) -> Status:
    """Points, tier and the way to the next one."""
    spent = select(func.coalesce(func.sum(Order.base_total), 0)).where(
        Order.customer_id == customer_id, Order.placed_at > now - YEAR, Order.status.not_in(NO_SPEND)
    )
    both = select(spent.scalar_subquery(), _sum(customer_id).scalar_subquery())
    spend, points = map(int, (await session.execute(both)).one())
    tier = reference.tier(spend)
    above = next((other for other in reference.tiers if other.starts_at > spend), None)
    return Status(
        points=points,
        tier=tier.name,
        spend=spend,
        next_tier=above.name if above else None,
        to_next=above.starts_at - spend if above else 0,
    )


async def earn(
    session: AsyncSession,
    customer_id: str,
    points: int,
    *,
    key: str,
    now: datetime,
    order_id: str | None = None,
) -> bool:
    """Add points, once per ``key``; False if they were added before. Raises ``Invalid`` below 1."""
    if points < 1:
        raise Invalid("points_invalid")
    return await _once(session, customer_id, key, "earn", points, now, order_id)


async def redeem(session: AsyncSession, customer_id: str, points: int, *, key: str, now: datetime) -> bool:
    """Use points, once per ``key``; False if used before. Raises ``Refused`` when there are too few."""
    if points < 1:
        raise Invalid("points_invalid")
    await _lock(session, customer_id)
    if await _entry(session, customer_id, key):
        return False
    have = await balance(session, customer_id)
    if have < points:
        raise Refused("not_enough_points", points=have)
    return await _once(session, customer_id, key, "redeem", -points, now, None)


async def reverse(session: AsyncSession, customer_id: str, key: str, *, now: datetime) -> bool:
    """Undo the entry of ``key``, once; False if there is none or it is undone already."""
    entry = await _entry(session, customer_id, key)
    if entry is None:
        return False
    return await _once(session, customer_id, f"reverse:{key}", "reverse", -entry.points, now, entry.order_id)


async def _once(
    session: AsyncSession,
    customer_id: str,
    key: str,
    kind: str,
    points: int,
    now: datetime,
    order_id: str | None,
) -> bool:
    await _lock(session, customer_id)
    if await _entry(session, customer_id, key):
        return False
    session.add(
        PointsEntry(customer_id=customer_id, key=key, kind=kind, points=points, order_id=order_id, at=now)
    )
    await session.flush()
    return True


async def _lock(session: AsyncSession, customer_id: str) -> None:
    """Entries of one customer go one after the other (SQLite's writers already do)."""
    if await session.scalar(select(Customer.id).where(Customer.id == customer_id).with_for_update()) is None:
        raise NotFound("customer_not_found")


async def _entry(session: AsyncSession, customer_id: str, key: str) -> PointsEntry | None:
    query = select(PointsEntry).where(PointsEntry.customer_id == customer_id, PointsEntry.key == key)
    return (await session.scalars(query)).one_or_none()

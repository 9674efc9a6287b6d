"""A customer as the bot and the desk see one: everything known, in one object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions import db
from actions.customers import consents, loyalty, preferences
from actions.customers.models import Address, Customer
from actions.shop.reference import Reference


@dataclass(frozen=True, slots=True)
class Profile:
    id: str
    name: str
    given_name: str
    email: str
    phone: str | None
    locale: str
    country: str
    currency: str
    time_zone: str
    since: datetime
    points: int
    tier: str
    addresses: tuple[Address, ...]  # the default one first
    preferences: dict[str, Any]  # as actions.customers.preferences stores them
    consents: dict[str, bool]


async def profile(
    session: AsyncSession,
    customer_id: str,
    reference: Reference | None = None,
    now: datetime | None = None,
) -> Profile | None:
    """The profile, or None if there is no such customer (erased, or never was).

    ``reference`` and ``now``: default to the shop in ``data/shop`` and the present.
    """
    customer = await get(session, customer_id)
    if customer is None:
        return None
    reference = reference or Reference.load()
    status = await loyalty.status(session, customer_id, reference, now or db.now())
    return Profile(
        id=customer.id,
        name=customer.name,
        given_name=customer.given_name,
        email=customer.email,
        phone=customer.phone,
        locale=customer.locale,
        country=customer.country,
        currency=reference.currency_of(customer.country),
        time_zone=customer.time_zone,
        since=customer.since,
        points=status.points,
        tier=status.tier,
        addresses=tuple(await addresses(session, customer_id)),
        preferences=await preferences.of(session, customer_id),
        consents=await consents.of(session, customer_id),
    )


async def get(session: AsyncSession, customer_id: str) -> Customer | None:
    """The bare row: name, locale, country, for when nothing else is needed."""
    return await session.get(Customer, customer_id)


async def by_email(session: AsyncSession, email: str) -> Customer | None:
    query = select(Customer).where(Customer.email == email.strip().lower())
    return (await session.scalars(query)).one_or_none()


async def addresses(session: AsyncSession, customer_id: str) -> list[Address]:
    query = select(Address).where(Address.customer_id == customer_id)
    return list(await session.scalars(query.order_by(Address.is_default.desc(), Address.label, Address.id)))

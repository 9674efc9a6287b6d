"""What a customer allows: every yes and no is kept, the newest holds. Nothing said means no."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers.models import Consent, Customer
from actions.errors import Invalid, NotFound

PURPOSES = ("newsletter", "sms", "personalisation")


async def of(session: AsyncSession, customer_id: str) -> dict[str, bool]:
    """What is allowed now, by purpose."""
    rows = await session.scalars(
        select(Consent).where(Consent.customer_id == customer_id).order_by(Consent.at, Consent.id)
    )
    return dict.fromkeys(PURPOSES, False) | {row.purpose: row.granted for row in rows}


async def grant(
    session: AsyncSession, customer_id: str, purpose: str, *, now: datetime, source: str = "said"
) -> bool:
    """Write down a yes; False if it was yes already. Raises ``Invalid``, ``NotFound``."""
    return await _say(session, customer_id, purpose, True, now, source)


async def withdraw(
    session: AsyncSession, customer_id: str, purpose: str, *, now: datetime, source: str = "said"
) -> bool:
    """Write down a no; False if it was no already. Raises ``Invalid``, ``NotFound``."""
    return await _say(session, customer_id, purpose, False, now, source)


async def _say(
    session: AsyncSession, customer_id: str, purpose: str, granted: bool, now: datetime, source: str
) -> bool:
    if purpose not in PURPOSES:
        raise Invalid("purpose_unknown", purpose=purpose)
    if await session.scalar(select(Customer.id).where(Customer.id == customer_id).with_for_update()) is None:
        raise NotFound("customer_not_found")
    newest = await session.scalar(
        select(Consent)
        .where(Consent.customer_id == customer_id, Consent.purpose == purpose)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )
    if (newest.granted if newest else False) == granted:
        return False
    # Always after the one it overrules, whatever the clocks of two machines say.
    at = max(now, newest.at + timedelta(microseconds=1)) if newest else now
    session.add(Consent(customer_id=customer_id, purpose=purpose, granted=granted, source=source, at=at))
    await session.flush()
    return True

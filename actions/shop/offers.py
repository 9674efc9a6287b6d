"""Offers that everyone, or everyone of a tier, may use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.shop.models import Offer
from actions.shop.reference import Reference


async def current(
    session: AsyncSession, *, now: datetime, tier: str | None = None, reference: Reference | None = None
) -> list[Offer]:
    """Offers that run now, ending soonest first; those of a tier only for it and higher ones."""
    ranks = [known.name for known in (reference or Reference.load()).tiers]
    reached = ranks[: ranks.index(tier) + 1] if tier in ranks else []
    query = select(Offer).where(
        Offer.starts_at <= now, Offer.ends_at > now, or_(Offer.tier.is_(None), Offer.tier.in_(reached))
    )
    return list(await session.scalars(query.order_by(Offer.ends_at, Offer.code)))

"""Stores: the nearest ones, and when they are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.shop.models import Store
from actions.shop.reference import Place, Reference

EARTH_KM = 6371.0
REACHABLE = 500.0  # kilometres: farther than that a shop is no help


@dataclass(frozen=True)
class Point:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


async def near(
    session: AsyncSession,
    city: str | None = None,
    country: str | None = None,
    limit: int = 3,
    reference: Reference | None = None,
) -> list[Store]:
    """Stores nearest to ``city`` ("bangalore" will do) in its country; without one, those of ``country``.

    A city that is not known gives the stores of the country; ``Reference.place`` tells if it is.
    """
    stores = await _all(session)
    place = (reference or Reference.load()).place(city) if city else None
    if place:
        same = [store for store in stores if store.country == place.country]
        return sorted(same, key=lambda store: (distance(place, store), store.name))[:limit]
    return [store for store in stores if country in (None, store.country)][:limit]


async def around(session: AsyncSession, point: Point, limit: int = 3) -> list[Store]:
    """Stores nearest to a point, at most :data:`REACHABLE` kilometres away."""
    reachable = [store for store in await _all(session) if distance(point, store) <= REACHABLE]
    return sorted(reachable, key=lambda store: (distance(point, store), store.name))[:limit]


async def _all(session: AsyncSession) -> list[Store]:
    return list(await session.scalars(select(Store).order_by(Store.city, Store.name)))


def distance(place: Place | Point, store: Store) -> float:
    """Kilometres as the crow flies (haversine)."""
    lat1, lat2 = radians(place.latitude), radians(store.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(store.longitude - place.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def hours_on(store: Store, day: date) -> tuple[time, time] | None:
    """From when until when the store is open on ``day`` there; None: closed."""
    hours = store.hours[day.weekday()]
    return (time.fromisoformat(hours[0]), time.fromisoformat(hours[1])) if hours else None


def open_now(store: Store, now: datetime) -> bool:
    there = now.astimezone(ZoneInfo(store.time_zone))
    hours = hours_on(store, there.date())
    return hours is not None and hours[0] <= there.time() < hours[1]


def next_opening(store: Store, now: datetime) -> datetime | None:
    """When the store opens next, in its time zone; None if it never does. Only if it is closed now."""
    zone = ZoneInfo(store.time_zone)
    there = now.astimezone(zone)
    for ahead in range(8):
        day = there.date() + timedelta(days=ahead)
        hours = hours_on(store, day)
        if hours and datetime.combine(day, hours[0], zone) > there:
            return datetime.combine(day, hours[0], zone)
    return None

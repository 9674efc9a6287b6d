from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop import offers, stores
from actions.shop.models import Offer, Store
from tests.actions.world import DAY, NOW, World

ATHENS = ZoneInfo("Europe/Athens")
HOURS = [["10:00", "18:00"]] * 5 + [["10:00", "15:00"], None]


def store(name: str, city: str, country: str, at: tuple[float, float], zone: str = "Europe/Athens") -> Store:
    return Store(
        name=name, line="Ermou 1", city=city, country=country, latitude=at[0], longitude=at[1],
        phone="+302109600100", time_zone=zone, hours=HOURS,
    )  # fmt: skip


async def test_the_nearest_store_comes_first_also_for_a_city_without_one(world: World) -> None:
    await world.add(
        store("Athens", "Athens", "GR", (37.98, 23.73)),
        store("Thessaloniki", "Thessaloniki", "GR", (40.63, 22.94)),
        store("Delhi", "Delhi", "IN", (28.6, 77.2)),
    )
    async with world.database.read() as session:
        assert [s.name for s in await stores.near(session, "saloniki")] == ["Thessaloniki", "Athens"]
        assert [s.name for s in await stores.near(session, "Volos", limit=1)] == ["Thessaloniki"]
        assert [s.name for s in await stores.near(session, "Patras", limit=1)] == ["Athens"]
        assert [s.name for s in await stores.near(session, "Narnia", "IN")] == ["Delhi"]
        assert len(await stores.near(session)) == 3


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 20, 9, 59, 59, tzinfo=ATHENS), False),
        (datetime(2026, 11, 20, 10, 0, tzinfo=ATHENS), True),
        (datetime(2026, 11, 20, 17, 59, tzinfo=ATHENS), True),
        (datetime(2026, 11, 20, 18, 0, tzinfo=ATHENS), False),
        (datetime(2026, 11, 22, 12, 0, tzinfo=ATHENS), False),
        (datetime(2026, 11, 20, 15, 30, tzinfo=UTC), True),
    ],
)
def test_a_store_is_open_in_its_own_time(moment: datetime, is_open: bool) -> None:
    assert stores.open_now(store("A", "Athens", "GR", (0, 0)), moment) is is_open


def test_the_next_opening_skips_the_day_off() -> None:
    here = store("A", "Athens", "GR", (0, 0))
    saturday = datetime(2026, 11, 21, 16, 0, tzinfo=ATHENS)
    assert stores.next_opening(here, saturday) == datetime(2026, 11, 23, 10, 0, tzinfo=ATHENS)
    here.hours = [None] * 7
    assert stores.next_opening(here, saturday) is None
    assert stores.hours_on(here, saturday.date()) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_a_store_is_open_the_moment_it_opens(moment: datetime) -> None:
    here = store("A", "Athens", "GR", (0, 0))
    opening = stores.next_opening(here, moment)
    assert opening is not None
    assert opening > moment
    assert stores.open_now(here, opening)
    assert opening.time() == time(10)


async def test_offers_are_those_of_today_and_of_the_tier(world: World) -> None:
    def offer(code: str, start: int, end: int, tier: str | None = None) -> Offer:
        return Offer(
            code=code,
            kind="percent",
            value=10,
            tier=tier,
            starts_at=NOW + start * DAY,
            ends_at=NOW + end * DAY,
        )

    await world.add(
        offer("NOW", -1, 5), offer("SOON", 1, 5), offer("PAST", -5, 0), offer("GOLD", -1, 3, "gold"),
        offer("TOP", -1, 2, "platinum"),
    )  # fmt: skip
    async with world.database.read() as session:
        for tier, codes in {None: ["NOW"], "silver": ["NOW"], "gold": ["GOLD", "NOW"]}.items():
            assert [o.code for o in await offers.current(session, now=NOW, tier=tier)] == codes
        found = await offers.current(session, now=NOW, tier="platinum")
        assert [o.code for o in found] == ["TOP", "GOLD", "NOW"]

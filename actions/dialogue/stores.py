"""Shops: where they are and when they are open."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions import locale
from actions.customers import profiles
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.shop import stores
from actions.shop.models import Store
from actions.shop.stores import Point
from bot.reading.grammar import first_day

SHOWN = 3


async def _near(talk: Talk) -> list[Store]:
    """Stores in the city named, or nearest to it; else near the customer's home, else in the country."""
    place = talk.reference.place(talk.text) or talk.reference.place(talk.entity("city") or "")
    city = place.name if place else None
    async with talk.read() as session:
        if city is None and talk.customer_id:
            home = await profiles.addresses(session, talk.customer_id)
            city = home[0].city if home else None
        near = await stores.near(session, city, talk.country, SHOWN, talk.reference)
    there = [store for store in near if store.city == city]
    return there if place and there else near


class StoreLocations(Simple):
    action = "action_store_locations"

    async def answer(self, talk: Talk) -> None:
        _tell(talk, await _near(talk))


def _tell(talk: Talk, found: list[Store]) -> None:
    if not found:
        talk.say("utter_stores_none")
        return
    lines = [
        talk.word("actions.store_line", name=s.name, line=s.line, city=s.city, phone=s.phone) for s in found
    ]
    talk.say(
        "utter_stores",
        [talk.button("actions.reading.opening_hours", "opening_hours")],
        stores="\n".join(lines),
    )


class SentPlace(Simple):
    """Where the customer is: the shops around."""

    action = "action_sent_place"

    async def answer(self, talk: Talk) -> None:
        point = _point(talk)
        async with talk.read() as session:
            found = await stores.around(session, point, SHOWN) if point else []
        _tell(talk, found)


def _point(talk: Talk) -> Point | None:
    try:
        return Point(float(talk.entity("latitude") or ""), float(talk.entity("longitude") or ""))
    except ValueError:
        return None


class OpeningHours(Simple):
    action = "action_opening_hours"

    async def answer(self, talk: Talk) -> None:
        found = await _near(talk)
        if not found:
            talk.say("utter_stores_none")
            return
        talk.say("utter_hours", hours="\n".join(self._line(talk, store) for store in found))

    def _line(self, talk: Talk, store: Store) -> str:
        local = talk.now().astimezone(ZoneInfo(store.time_zone)).date()
        asked = _day_named(talk, local)
        hours = stores.hours_on(store, asked or local)
        day = locale.weekday(asked, talk.locale) if asked else talk.word("actions.today")
        if hours is None:
            line = talk.word("actions.closed_on", day=day)
        else:
            opens, closes = (locale.clock(time, talk.locale) for time in hours)
            line = talk.word("actions.open_on", day=day, opens=opens, closes=closes)
        state = (
            talk.word("actions.open_now") if stores.open_now(store, talk.now()) else self._opens(talk, store)
        )
        return talk.word("actions.hours_line", name=store.name, line=line, state=state)

    def _opens(self, talk: Talk, store: Store) -> str:
        opening: datetime | None = stores.next_opening(store, talk.now())
        if opening is None:
            return talk.word("actions.closed_now")
        return talk.word("actions.opens_next", when=locale.moment(opening, talk.locale, store.time_zone))


def _day_named(talk: Talk, today: date) -> date | None:
    """The day named in the message, of today and the week after it."""
    day = first_day(talk.grammar, talk.text, today)
    return day if day and 0 <= (day - today).days <= 7 else None

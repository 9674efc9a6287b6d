"""How parcels travel: ways, fees and times."""

from __future__ import annotations

from actions import locale
from actions.dialogue.articles import Informed
from actions.dialogue.order import number_in, order_of, own_orders
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.shop import orders
from actions.shop.reference import DeliveryOption


class DeliveryOptions(Informed):
    action = "action_delivery_options"

    async def facts(self, talk: Talk) -> None:
        country = country_in(talk)
        currency = talk.reference.currency_of(country)
        options = talk.reference.delivery_options(country)
        talk.say("utter_delivery_options", options="\n".join(_line(talk, o, currency) for o in options))


def country_in(talk: Talk) -> str | None:
    """The country of a city named in the message, else the customer's own."""
    place = talk.reference.place(talk.text)
    return place.country if place else talk.country


def _line(talk: Talk, option: DeliveryOption, currency: str) -> str:
    fee = talk.money(option.fee, currency) if option.fee else talk.word("actions.free")
    key = "actions.delivery_free_from" if option.fee and option.free_from else "actions.delivery_line"
    return talk.word(
        key,
        name=talk.word(f"shop.delivery.{option.name}"),
        fee=fee,
        free_from=talk.money(option.free_from or 0, currency),
        days=_days(talk, option),
    )


def _days(talk: Talk, option: DeliveryOption) -> str:
    return locale.native_digits(f"{option.days[0]}–{option.days[1]}", talk.locale)


class DeliveryTime(Simple):
    """When an order under way comes; without one, how long it takes in general."""

    action = "action_delivery_time"

    async def answer(self, talk: Talk) -> None:
        underway = [o for o in await own_orders(talk) if o.status in orders.UNDERWAY]
        if number_in(talk) or await self._known(talk) or underway:
            number = number_in(talk)
            talk.go_on("track_order", {"order_number": number} if number else None)
            return
        country = country_in(talk)
        lines = [
            talk.word(
                "actions.delivery_days",
                name=talk.word(f"shop.delivery.{option.name}"),
                days=_days(talk, option),
            )
            for option in talk.reference.delivery_options(country)
        ]
        talk.say("utter_delivery_time", options="\n".join(lines))

    async def _known(self, talk: Talk) -> bool:
        order = await order_of(talk)
        return order is not None and order.status in orders.UNDERWAY

"""Points and offers."""

from __future__ import annotations

from decimal import Decimal

from actions import locale
from actions.customers import loyalty
from actions.dialogue.articles import Informed
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.shop import offers
from actions.shop.models import Offer


class LoyaltyPoints(Simple):
    action = "action_loyalty_points"

    async def answer(self, talk: Talk) -> None:
        reference = talk.reference
        currency = reference.currency_of(talk.country)
        if talk.customer_id is None:
            spent = talk.money(
                reference.price(locale.minor(Decimal(100), reference.prices.base), currency), currency
            )
            talk.say("utter_points_anonymous", points=reference.points_per_100, amount=spent)
            return
        async with talk.read() as session:
            status = await loyalty.status(session, talk.customer_id, reference, talk.now())
        worth = talk.money(reference.price(status.points * reference.point_value, currency), currency)
        talk.say(
            "utter_points_next" if status.next_tier else "utter_points",
            points=locale.number(status.points, talk.locale),
            worth=worth,
            tier=talk.word(f"shop.tier.{status.tier}"),
            next=talk.word(f"shop.tier.{status.next_tier or status.tier}"),
            to_next=talk.money(reference.price(status.to_next, currency), currency),
        )


class Offers(Informed):
    action = "action_offers"

    async def facts(self, talk: Talk) -> None:
        async with talk.read() as session:
            tier = None
            if talk.customer_id:
                tier = (await loyalty.status(session, talk.customer_id, talk.reference, talk.now())).tier
            found = await offers.current(session, now=talk.now(), tier=tier)
        if found:
            talk.say("utter_offers", offers="\n".join(self._line(talk, offer) for offer in found))
        else:
            talk.say("utter_offers_none")

    def _line(self, talk: Talk, offer: Offer) -> str:
        key = "percent_all" if offer.kind == "percent" and not offer.category else offer.kind
        where = talk.category(offer.category) if offer.category else ""
        what = talk.word(f"shop.offer.{key}", value=offer.value, category=where, code=offer.code)
        return talk.word("actions.offer_line", what=what, day=talk.day(offer.ends_at))

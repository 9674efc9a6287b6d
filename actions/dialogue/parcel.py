"""Parcels that are late or lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.dialogue.answers import Email, Sure, yes_and_no
from actions.dialogue.order import choose, order_of
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.dialogue.track import say_where
from actions.errors import ShopError
from actions.shop import orders, returns
from actions.shop.models import Order

ON_THE_ROAD = ("shipped", "out_for_delivery", "lost")
RECENTLY = timedelta(days=14)


class MissingParcel(OrderTask):
    """Ask the carrier, once the customer agrees."""

    kind: str

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email(), Sure(self.name, self._ask_sure))

    async def _ask_sure(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        state = "delivered" if order.status == "delivered" else "late"
        talk.say(
            f"utter_{self.kind}_sure_{state}",
            yes_and_no(talk),
            number=order.number,
            promised=talk.day(order.promised_at),
            delivered=talk.day(order.delivered_at or order.promised_at),
            carrier=order.carrier or talk.word("actions.the_carrier"),
        )

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_parcel_waits")
            return
        try:
            async with talk.write() as session:
                done = await returns.report(
                    session,
                    talk.customer_id,
                    order.number,
                    self.kind,
                    now=talk.now(),
                    email=talk.get("email"),
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say(
            "utter_case_parcel" if done.changed else "utter_case_known",
            [talk.button("actions.reading.contact_human", "contact_human")],
            case=done.case.number,
            number=order.number,
        )


class LateParcel(MissingParcel):
    name = "late_parcel"
    kind = "late"

    def likely(self, order: Order, now: datetime) -> bool:
        return orders.late(order, now)

    async def candidates(self, talk: Talk) -> list[Order]:
        found = await super().candidates(talk)
        return [order for order in found if order.status in orders.UNDERWAY] or found

    async def none_likely(self, talk: Talk, mine: list[Order]) -> bool:
        underway = [order for order in mine if order.status in orders.UNDERWAY]
        if len(underway) > 1:
            return True  # ask which
        choose(talk, (underway or mine)[0].number)
        return True

    async def fits(self, talk: Talk, order: Order) -> bool:
        if orders.late(order, talk.now()):
            return True
        say_where(talk, order)
        return False


class LostParcel(MissingParcel):
    name = "lost_parcel"
    kind = "lost"

    def likely(self, order: Order, now: datetime) -> bool:
        arrived = order.delivered_at
        return order.status in ON_THE_ROAD or (arrived is not None and now - arrived < RECENTLY)

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.status == "delivered" or orders.late(order, talk.now()):
            return True
        say_where(talk, order)
        return False

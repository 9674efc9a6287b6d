"""Cancel an order that has not left yet."""

from __future__ import annotations

from datetime import datetime

from actions.dialogue.answers import Email, Sure, yes_and_no
from actions.dialogue.order import goods, order_of
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.errors import ShopError
from actions.shop import orders
from actions.shop.models import Order


class CancelOrder(OrderTask):
    name = "cancel_order"

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email(), Sure(self.name, self._ask_sure))

    def likely(self, order: Order, now: datetime) -> bool:
        return orders.can_cancel(order)

    async def fits(self, talk: Talk, order: Order) -> bool:
        if orders.can_cancel(order):
            return True
        state = {"cancelled": "already", "delivered": "delivered"}.get(order.status, "too_late")
        if state == "delivered" and orders.can_return(order, talk.now()):
            talk.propose("return_item")
        talk.say(
            f"utter_cancel_{state}", number=order.number, status=talk.word(f"shop.status.{order.status}")
        )
        return False

    async def _ask_sure(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        talk.say(
            "utter_cancel_sure",
            yes_and_no(talk),
            number=order.number,
            goods=goods(talk, order),
            total=talk.money(order.total, order.currency),
        )

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_cancel_kept", number=order.number)
            return
        try:
            async with talk.write() as session:
                done = await orders.cancel(
                    session, talk.customer_id, order.number, now=talk.now(), email=talk.get("email")
                )
        except ShopError as error:
            refused(talk, error)
            return
        if done.refund is None:
            talk.say("utter_cancelled", number=order.number)
            return
        talk.say(
            "utter_cancelled_refund",
            number=order.number,
            amount=talk.money(done.refund.amount, order.currency),
            day=talk.day(done.refund.expected_at or talk.now()),
        )

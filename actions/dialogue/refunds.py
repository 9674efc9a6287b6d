"""Money that comes back: where it is, and the rules."""

from __future__ import annotations

from datetime import datetime

from actions.dialogue.answers import Email
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.shop import orders
from actions.shop.models import Order, Refund


class RefundStatus(OrderTask):
    name = "refund_status"
    aside = True

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email())

    def likely(self, order: Order, now: datetime) -> bool:
        return bool(order.refunds)

    async def none_likely(self, talk: Talk, mine: list[Order]) -> bool:
        talk.say("utter_refund_none", [talk.button("actions.reading.return_item", "return_item")])
        return False

    async def do_for(self, talk: Talk, order: Order) -> None:
        if order.refunds:
            say_refunds(talk, order)
        else:
            talk.say(
                "utter_refund_none_for",
                [talk.button("actions.reading.return_item", "return_item", order_number=order.number)],
                number=order.number,
            )


def say_refunds(talk: Talk, order: Order) -> None:
    for refund in order.refunds:
        talk.say(
            f"utter_refund_{refund.status}",
            number=order.number,
            amount=talk.money(refund.amount, order.currency),
            day=talk.day(_refund_day(refund)),
        )


def _refund_day(refund: Refund) -> datetime:
    return refund.paid_at or refund.expected_at or refund.requested_at


class RefundPolicy(Simple):
    action = "action_refund_policy"

    async def answer(self, talk: Talk) -> None:
        talk.say("utter_refund_policy", days=orders.RETURN_DAYS)

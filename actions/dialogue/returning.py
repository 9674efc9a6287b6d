"""Sending back: returns, exchanges, refunds and where the money is."""

from __future__ import annotations

from datetime import datetime

from actions.dialogue.answers import Email, Sure, Words, yes_and_no
from actions.dialogue.order import goods, line_title, order_of, position_of
from actions.dialogue.order_task import OrderTask, WhichItem, WhichOrder
from actions.dialogue.refunds import say_refunds
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk, option
from actions.errors import ShopError
from actions.shop import orders, products, returns
from actions.shop.models import Order, OrderLine

REASONS = ("too_small", "too_big", "not_as_shown", "changed_mind")

NEAR = frozenset({"damaged_item", "wrong_item", "late_parcel", "complaint", "size_help"})


def chosen(talk: Talk, order: Order) -> str:
    """The chosen item with size and colour, or what the whole order holds."""
    position = position_of(talk)
    line = next((line for line in order.lines if line.position == position), None)
    return line_title(talk, line) if line else goods(talk, order)


class ReturnItem(OrderTask):
    name = "return_item"

    def __init__(self) -> None:
        self.questions = (
            WhichOrder(self),
            Email(),
            WhichItem(self.name, all_of_them=True),
            Words("reason", self.name, "utter_return_why", REASONS, NEAR),
            Sure(self.name, self._ask_sure),
        )

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status == "delivered" and orders.can_return(order, now)

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.status == "delivered" and orders.can_return(order, talk.now()):
            return True
        self.say_why_not(talk, order)
        return False

    def say_why_not(self, talk: Talk, order: Order) -> None:
        if order.status in orders.BEFORE_SHIPPING:
            talk.propose("cancel_order")
            talk.say("utter_return_cancel_instead", yes_and_no(talk), number=order.number)
        elif orders.late(order, talk.now()):
            wishes = ("late_parcel", "contact_human")
            talk.say(
                "utter_return_late",
                [talk.button(f"actions.reading.{w}", w) for w in wishes],
                number=order.number,
            )
        elif order.status in orders.UNDERWAY:
            talk.say("utter_return_not_there", number=order.number)
        elif order.status == "delivered":
            talk.say("utter_return_too_late", number=order.number, days=orders.RETURN_DAYS)
        else:
            talk.say(
                "utter_return_closed", number=order.number, status=talk.word(f"shop.status.{order.status}")
            )

    async def _ask_sure(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        talk.say("utter_return_sure", yes_and_no(talk), number=order.number, item=chosen(talk, order))

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_return_kept")
            return
        try:
            async with talk.write() as session:
                done = await returns.request_return(
                    session,
                    talk.customer_id,
                    order.number,
                    now=talk.now(),
                    position=position_of(talk),
                    reason=talk.get("reason") or "",
                    email=talk.get("email"),
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say(
            "utter_return_started" if done.changed else "utter_case_known",
            number=order.number,
            item=chosen(talk, order),
            case=done.case.number,
            amount=talk.money(done.refund.amount, order.currency) if done.refund else "",
        )


class GetRefund(ReturnItem):
    """A refund comes with a return or a cancellation; which one depends on where the order is."""

    name = "get_refund"

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.refunds:
            say_refunds(talk, order)
            return False
        return await super().fits(talk, order)


class Wanted:
    """Another size or colour of the chosen item, from what is in stock."""

    slot = "wanted"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        line = await _line(talk)
        if line is None:
            return False
        words = (talk.entity("wanted") or "") if talk.tapped else talk.text
        async with talk.read() as session:
            product = await products.get(session, line.product_id)
        size = talk.reference.size(product.size_group, words) if product else None
        colour = talk.reference.colour(words)
        wanted = {
            name: value
            for name, value, now in (("size", size, line.size), ("colour", colour, line.colour))
            if value and value != now
        }
        new = bool(wanted) and wanted != talk.get("wanted")
        if new:
            talk.put(wanted=wanted)
        return new

    async def ask(self, talk: Talk) -> None:
        line = await _line(talk)
        assert line is not None
        async with talk.read() as session:
            stock = [v for v in await products.stock(session, line.product_id) if v.stock >= line.quantity]
        others = [v for v in stock if (v.size, v.colour) != (line.size, line.colour)]
        same_colour = [v.size for v in others if v.colour == line.colour and v.size]
        options = same_colour or list(dict.fromkeys(v.colour for v in others))
        buttons = [option(name, "inform", wanted=name) for name in options[:8]]
        talk.say("utter_exchange_what", buttons, item=line_title(talk, line))


async def _line(talk: Talk) -> OrderLine | None:
    order, position = await order_of(talk), position_of(talk)
    lines = order.lines if order else []
    return next((line for line in lines if line.position == position), None)


class ExchangeItem(ReturnItem):
    name = "exchange_item"

    def __init__(self) -> None:
        self.questions = (
            WhichOrder(self),
            Email(),
            WhichItem(self.name),
            Wanted(),
            Sure(self.name, self._ask_exchange),
        )

    async def _ask_exchange(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        talk.say(
            "utter_exchange_sure",
            yes_and_no(talk),
            number=order.number,
            item=chosen(talk, order),
            wanted=talk.listed(talk.get("wanted").values()),
        )

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_return_kept")
            return
        try:
            async with talk.write() as session:
                done = await returns.request_exchange(
                    session,
                    talk.customer_id,
                    order.number,
                    now=talk.now(),
                    position=position_of(talk),
                    email=talk.get("email"),
                    **talk.get("wanted"),
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say(
            "utter_exchange_started" if done.changed else "utter_case_known",
            number=order.number,
            item=chosen(talk, order),
            wanted=talk.listed(talk.get("wanted").values()),
            case=done.case.number,
        )

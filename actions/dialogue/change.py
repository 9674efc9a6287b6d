"""Change an order or its address before it leaves, have it wrapped as a gift."""

from __future__ import annotations

from datetime import datetime

from actions.dialogue.answers import Email, Sure, Words, yes_and_no
from actions.dialogue.handoff import hand_over
from actions.dialogue.order import goods, order_of
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.errors import ShopError
from actions.shop import orders
from actions.shop.models import Order

#: What wishes to have an order changed sound like.
LIKE_A_CHANGE = frozenset(
    {
        "size_help",
        "exchange_item",
        "set_preference",
        "find_product",
        "wrong_item",
        "check_stock",
        "place_order",
    }
)


class BeforeShipping(OrderTask):
    """What can be done until the parcel leaves."""

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status in orders.BEFORE_SHIPPING

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.status in orders.BEFORE_SHIPPING:
            return True
        talk.say(
            "utter_change_too_late" if order.status in orders.UNDERWAY else "utter_change_closed",
            number=order.number,
            status=talk.word(f"shop.status.{order.status}"),
        )
        return False


class ChangeOrder(BeforeShipping):
    """Items are changed by people of the shop; the bot gathers the wish and fetches one."""

    name = "change_order"

    def __init__(self) -> None:
        self.questions = (
            WhichOrder(self),
            Email(),
            _Wish("wanted", self.name, "utter_change_what", near=LIKE_A_CHANGE),
        )

    async def do_for(self, talk: Talk, order: Order) -> None:
        note = talk.word("actions.note.change", number=order.number, wish=talk.get("wanted"))
        hand_over(talk, "change", note)


class _Wish(Words):
    async def ask(self, talk: Talk) -> None:
        others = ("change_address", "gift_wrap", "cancel_order")
        number = str(talk.get("order_number"))
        buttons = [talk.button(f"actions.reading.{o}", o, order_number=number) for o in others]
        talk.say("utter_change_what", buttons, number=number)


class GiftWrap(BeforeShipping):
    name = "gift_wrap"

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email(), Sure(self.name, self._ask_sure))

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status == "placed" and not order.gift_wrap

    async def possible(self, talk: Talk) -> bool:
        """Most only want to know: without an order that could be wrapped, say what it costs."""
        if talk.get("order_number") or await self._mine(talk):
            return await super().possible(talk)
        currency = talk.reference.currency_of(talk.country)
        talk.say("utter_gift_wrap", fee=talk.money(talk.reference.gift_wrap(currency), currency))
        return False

    async def _mine(self, talk: Talk) -> bool:
        if not talk.customer_id:
            return False
        return any(self.likely(order, talk.now()) for order in await self.candidates(talk))

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.gift_wrap:
            talk.say("utter_gift_wrap_already", number=order.number)
            return False
        return await super().fits(talk, order)

    async def _ask_sure(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        fee = talk.money(talk.reference.gift_wrap(order.currency), order.currency)
        talk.say(
            "utter_gift_wrap_sure", yes_and_no(talk), number=order.number, goods=goods(talk, order), fee=fee
        )

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_gift_wrap_kept", number=order.number)
            return
        try:
            async with talk.write() as session:
                await orders.add_gift_wrap(
                    session,
                    talk.customer_id,
                    order.number,
                    talk.reference,
                    now=talk.now(),
                    email=talk.get("email"),
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say("utter_gift_wrapped", number=order.number)

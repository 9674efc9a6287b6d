"""Where an order is, and which orders there are."""

from __future__ import annotations

from datetime import datetime

from actions.dialogue.answers import Email
from actions.dialogue.order import goods, own_orders
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Button, Talk
from actions.shop import orders
from actions.shop.models import Order

LISTED = 5

_NEXT = {  # what people mostly want after hearing where the order is
    "placed": ("change_order", "change_address", "cancel_order"),
    "packed": ("change_order", "change_address", "cancel_order"),
    "delivered": ("return_item", "lost_parcel"),
    "late": ("late_parcel", "contact_human"),
    "lost": ("contact_human",),
    "returned": ("refund_status",),
    "cancelled": ("refund_status",),
}


class TrackOrder(OrderTask):
    name = "track_order"
    aside = True

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email())

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status in orders.UNDERWAY

    async def do_for(self, talk: Talk, order: Order) -> None:
        say_where(talk, order)


def say_where(talk: Talk, order: Order) -> None:
    state = "late" if orders.late(order, talk.now()) else order.status
    place = next((event.place for event in reversed(order.events) if event.place), "")
    arrived = order.delivered_at or order.promised_at
    talk.say(
        f"utter_track_{state}",
        next_steps(talk, state, order.number),
        number=order.number,
        goods=goods(talk, order),
        promised=talk.day(order.promised_at),
        delivered=talk.day(arrived),
        carrier=order.carrier or talk.word("actions.the_carrier"),
        tracking=order.tracking or talk.word("actions.none_yet"),
        place=place or talk.word("actions.on_the_road"),
        status=talk.word(f"shop.status.{order.status}"),
    )


def next_steps(talk: Talk, state: str, number: str) -> list[Button]:
    return [
        talk.button(f"actions.reading.{intent}", intent, order_number=number)
        if intent != "contact_human"
        else talk.button("actions.reading.contact_human", intent)
        for intent in _NEXT.get(state, ())
    ]


class ListOrders(Simple):
    action = "action_list_orders"

    async def answer(self, talk: Talk) -> None:
        mine = await own_orders(talk, LISTED)
        if not talk.customer_id:
            talk.say("utter_orders_sign_in")
        elif not mine:
            talk.say("utter_no_orders")
        else:
            talk.say("utter_orders", orders="\n".join(_line(talk, order) for order in mine))
            talk.put(last_task="track_order")


def _line(talk: Talk, order: Order) -> str:
    return talk.word(
        "actions.order_line",
        number=order.number,
        day=talk.day(order.placed_at),
        goods=goods(talk, order),
        total=talk.money(order.total, order.currency),
        status=talk.word(f"shop.status.{order.status}"),
    )

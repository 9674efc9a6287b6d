"""Items that came damaged, or that nobody ordered: a case that people of the shop work on."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from actions.dialogue.answers import Email, Words
from actions.dialogue.order import line_title, position_of
from actions.dialogue.order_task import OrderTask, WhichItem, WhichOrder
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.dialogue.track import say_where
from actions.errors import ShopError
from actions.shop import returns
from actions.shop.models import Order

NEAR = frozenset(
    {"damaged_item", "wrong_item", "complaint", "exchange_item", "size_help", "lost_parcel"}
    | {"find_product", "check_stock", "list_orders"}  # "i got a plain white mug"
)


class Faulty(OrderTask):
    kind: ClassVar[str]

    def __init__(self) -> None:
        what = Words("reason", self.name, f"utter_{self.kind}_what", near=NEAR, unasked_from=7)
        self.questions = (WhichOrder(self), Email(), WhichItem(self.name, all_of_them=True), what)

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status == "delivered"

    async def fits(self, talk: Talk, order: Order) -> bool:
        if order.delivered_at is not None:
            return True
        talk.say("utter_not_delivered", number=order.number)
        say_where(talk, order)
        return False

    async def do_for(self, talk: Talk, order: Order) -> None:
        position = position_of(talk)
        try:
            async with talk.write() as session:
                done = await returns.report(
                    session,
                    talk.customer_id,
                    order.number,
                    self.kind,
                    now=talk.now(),
                    position=position,
                    details=talk.get("reason"),
                    email=talk.get("email"),
                )
        except ShopError as error:
            refused(talk, error)
            return
        item = next((line_title(talk, o) for o in order.lines if o.position == position), order.number)
        talk.say(
            f"utter_case_{self.kind}" if done.changed else "utter_case_known",
            [talk.button("actions.reading.contact_human", "contact_human")],
            case=done.case.number,
            number=order.number,
            item=item,
        )


class DamagedItem(Faulty):
    name = "damaged_item"
    kind = "damaged"


class WrongItem(Faulty):
    name = "wrong_item"
    kind = "wrong"

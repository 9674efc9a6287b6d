"""The invoice of an order; a copy goes by mail to the customer's own address."""

from __future__ import annotations

from datetime import datetime

from actions.customers import accounts
from actions.dialogue.answers import Email
from actions.dialogue.order_task import OrderTask, WhichOrder
from actions.dialogue.talk import Talk
from actions.errors import Refused
from actions.shop import orders, returns
from actions.shop.models import Order


class GetInvoice(OrderTask):
    name = "get_invoice"
    aside = True

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email())

    def likely(self, order: Order, now: datetime) -> bool:
        return order.status not in ("placed", "cancelled")

    async def do_for(self, talk: Talk, order: Order) -> None:
        try:
            async with talk.write() as session:
                invoice = await returns.invoice(
                    session, talk.customer_id, order.number, email=talk.get("email")
                )
                if talk.customer_id:
                    await accounts.request(
                        session, talk.customer_id, "invoice_copy", now=talk.now(), details=invoice.number
                    )
        except Refused:
            closed = order.status not in orders.UNDERWAY
            talk.say("utter_invoice_none" if closed else "utter_invoice_not_yet", number=order.number)
            return
        talk.say(
            "utter_invoice_mailed" if talk.customer_id else "utter_invoice",
            number=order.number,
            invoice=invoice.number,
            day=talk.day(invoice.date),
            total=talk.money(order.total, order.currency),
        )

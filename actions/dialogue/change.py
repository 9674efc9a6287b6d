"""Change an order or its address before it leaves, have it wrapped as a gift."""

from __future__ import annotations

import re
from datetime import datetime

from actions.dialogue.answers import Email, Sure, Words, free_answer, plain, yes_and_no
from actions.dialogue.handoff import hand_over
from actions.dialogue.order import OrderTask, WhichOrder, goods, number_in, order_of
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.errors import ShopError
from actions.shop import orders
from actions.shop.models import Order

_POSTCODE = re.compile(r"(?<!\w)(\d{4,6}|\d{3} \d{2,3})(?!\w)")


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


class Address:
    """A postal address in one go, as people write it."""

    slot = "address"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        # While it is being confirmed, another address is a correction.
        open_now = asked or talk.get("requested_slot") == "confirmed"
        words = talk.text.split()
        looks = len(words) >= 3 and any(c.isdigit() for c in talk.text) and any(len(w) > 2 for w in words)
        if not open_now or not looks or not self._meant(talk):
            return False
        new = read_address(talk, talk.text)
        if new == talk.get("address"):
            return False
        talk.put(address=new)
        return True

    def _meant(self, talk: Talk) -> bool:
        """A city and a postcode tell more than the intent, which addresses rarely have."""
        if number_in(talk) or talk.text.endswith("?"):
            return False
        city, postcode = talk.reference.place(talk.text), _POSTCODE.search(talk.text)
        if city and postcode:
            return True
        near = frozenset({"change_address", "store_locations", "edit_account", "deny"})
        return free_answer(talk, "change_address", near) is not None

    async def ask(self, talk: Talk) -> None:
        talk.say("utter_which_address", number=str(talk.get("order_number")))


def read_address(talk: Talk, text: str) -> dict[str, str]:
    """The parts of an address that can be told apart; the rest is the street line."""
    text = plain(text.replace("\n", ", "))
    place = talk.reference.place(text)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = [match[1] for part in parts[1:] or parts for match in _POSTCODE.finditer(part)]
    address = {"postcode": found[-1]} if found else {}
    if place:
        address["city"] = place.name
        parts = [parts[0], *(p for p in parts[1:] if not talk.reference.place(p))]
    parts = [parts[0], *(p for p in parts[1:] if p not in found)]
    return {"line": ", ".join(parts)[:200], **address}


def _shown(talk: Talk) -> str:
    address: dict[str, str] = talk.get("address")
    town = " ".join(address[part] for part in ("city", "postcode") if part in address)
    return f"{address['line']}, {town}" if town else address["line"]


class ChangeAddress(BeforeShipping):
    name = "change_address"

    def __init__(self) -> None:
        self.questions = (WhichOrder(self), Email(), Address(), Sure(self.name, self._ask_sure))

    async def _ask_sure(self, talk: Talk) -> None:
        number = str(talk.get("order_number"))
        talk.say("utter_address_sure", yes_and_no(talk), number=number, address=_shown(talk))

    async def do_for(self, talk: Talk, order: Order) -> None:
        if not talk.get("confirmed"):
            talk.say("utter_address_kept", number=order.number)
            return
        try:
            async with talk.write() as session:
                await orders.change_address(
                    session, talk.customer_id, order.number, talk.get("address"), email=talk.get("email")
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say("utter_address_changed", number=order.number, address=_shown(talk))


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

"""Send an order to another address, as long as it has not left."""

from __future__ import annotations

import re

from actions.dialogue.answers import Email, Sure, free_answer, plain, yes_and_no
from actions.dialogue.change import BeforeShipping
from actions.dialogue.order import number_in
from actions.dialogue.order_task import WhichOrder
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk
from actions.errors import ShopError
from actions.shop import orders
from actions.shop.models import Order
from bot.reading.fold import digits

# India, Bangladesh, Greece, Iran.
_POSTCODE = re.compile(r"(?<!\w)(\d{4,6}|\d{3} \d{2,3}|\d{5}-?\d{5})(?!\w)")


class Address:
    """A postal address in one go, as people write it."""

    slot = "address"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        # While it is being confirmed, another address is a correction.
        said = self._answer(talk) if asked or talk.get("requested_slot") == "confirmed" else None
        if said is None and (told := talk.found("address")) and not talk.get("address"):
            said = told.value
        new = read_address(talk, said) if said else None
        if new is None or new == talk.get("address"):
            return False
        talk.put(address=new)
        return True

    def _answer(self, talk: Talk) -> str | None:
        """The message as an address, without the words that introduce it."""
        words = talk.text.split()
        looks = len(words) >= 3 and any(c.isdigit() for c in talk.text) and any(len(w) > 2 for w in words)
        if not looks or not self._meant(talk):
            return None
        told = talk.found("address")
        return talk.text[told.start :] if told else talk.text

    def _meant(self, talk: Talk) -> bool:
        """A city and a postcode tell more than the intent, which addresses rarely have."""
        if number_in(talk) or talk.text.endswith("?"):
            return False
        city, postcode = talk.reference.place(talk.text), _POSTCODE.search(digits(talk.text))
        if city and postcode:
            return True
        near = frozenset({"change_address", "store_locations", "edit_account", "deny"})
        return free_answer(talk, "change_address", near) is not None

    async def ask(self, talk: Talk) -> None:
        talk.say("utter_which_address", number=str(talk.get("order_number")))


def read_address(talk: Talk, text: str) -> dict[str, str]:
    """The parts of an address that can be told apart; the rest is the street line."""
    text = digits(plain(re.sub(r"[\n،]", ", ", text)))
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

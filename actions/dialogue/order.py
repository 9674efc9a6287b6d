"""Tasks about an order: which one is meant, and that it is the asker's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import locale
from actions.dialogue.talk import Talk
from actions.errors import NotFound
from actions.shop import orders
from actions.shop.models import Order, OrderLine
from actions.shop.vocabulary import tokens
from bot.reading.fold import digits

ALL = "all"  # instead of the position of one line

_NUMBER = re.compile(r"(?<![\w@])(?:so)?[\s#-]*\d{6}(?!\d)", re.IGNORECASE)


def number_in(talk: Talk) -> str | None:
    """The order number in the message; of several the last, which corrects those before."""
    tapped = talk.entity("order_number") if talk.tapped else None
    found = [tapped] if tapped else _NUMBER.findall(digits(talk.text))
    return orders.normal_number(found[-1]) if found else None


async def order_of(talk: Talk) -> Order | None:
    """The order that the talk is about, if the asker may see it."""
    number, email = talk.get("order_number"), talk.get("email")
    if not number or not (talk.customer_id or email):
        return None
    async with talk.read() as session:
        try:
            return await orders.find(session, talk.customer_id, number, email=email)
        except NotFound:
            return None


async def own_orders(talk: Talk, limit: int = 10) -> list[Order]:
    """The known customer's orders, newest first."""
    if not talk.customer_id:
        return []
    async with talk.read() as session:
        return await orders.of_customer(session, talk.customer_id, limit)


def goods(talk: Talk, order: Order) -> str:
    """What is in an order, briefly: "Linen Shirt and 2 more"."""
    first, more = order.lines[0].name, len(order.lines) - 1
    return talk.word("actions.goods_more", name=first, count=more) if more else first


def line_title(talk: Talk, line: OrderLine) -> str:
    size = talk.word("actions.size", size=talk.size(line.size)) if line.size else ""
    details = locale.row((part for part in (size, talk.colour(line.colour)) if part), talk.locale)
    return f"{line.name} ({details})" if details else line.name


def likeness(talk: Talk, line: OrderLine) -> int:
    """How much of what the message names the line is: words of its name, and its kind in any language."""
    words = len(set(tokens(talk.text)) & set(tokens(line.name)))
    kind = set(talk.reference.category(talk.text)) & set(talk.reference.category(line.name))
    return words + bool(kind)


def holding(talk: Talk, candidates: Sequence[Order]) -> list[Order]:
    """The orders that hold something the message names."""
    return [order for order in candidates if any(likeness(talk, line) for line in order.lines)]


def choose(talk: Talk, number: str) -> None:
    """The talk is about this order now; what was said of another one does not hold for it."""
    if number != talk.get("order_number"):
        talk.forget("item", "confirmed", "wanted")
    talk.put(order_number=number)


def position_of(talk: Talk) -> int | None:
    """The chosen line's position; None stands for the whole order."""
    item = talk.get("item")
    return int(item) if item and item != ALL else None

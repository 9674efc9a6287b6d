"""After the delivery, or instead of it: returns, exchanges, problems, refunds, invoices.

Each wish becomes one case that people of the shop work on; the same wish again is the same case.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.errors import Invalid, NotFound, Refused, TooLate
from actions.shop import orders
from actions.shop.models import Case, Order, OrderLine, Refund, Variant

PROBLEMS = ("late", "lost", "damaged", "wrong")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
_WORDS_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Request:
    """A case as it stands after a wish; ``changed`` is False if it was there before."""

    case: Case
    refund: Refund | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    order: Order

    @property
    def date(self) -> datetime:
        return self.order.placed_at


async def request_return(
    session: AsyncSession,
    customer_id: str | None,
    number: str,
    *,
    now: datetime,
    position: int | None = None,
    reason: str = "",
    email: str | None = None,
) -> Request:
    """Take a line (by its position) or the whole order back; the money follows when it has arrived.

    Raises ``NotFound``, ``TooLate`` after 30 days, ``Refused`` before delivery or when already wished.
    """
    order = await orders.find(session, customer_id, number, email=email)
    lines = _lines(order, position)
    key = _key("return", position)
    if known := _case(order, key):
        return Request(known, _refund(order, key), False)
    _must_be_returnable(order, position, now)
    goods = sum(line.price * line.quantity for line in lines)
    # A discount was given on all goods; what comes back carries its share.
    amount = goods - order.discount * goods // order.goods if order.goods else 0
    refund = orders.new_refund(order.id, key, amount, now, "awaiting_return")
    session.add(refund)
    case = await _open(session, order, key, "return", position, {"reason": _words(reason)}, now)
    return Request(case, refund, True)


async def request_exchange(
    session: AsyncSession,
    customer_id: str | None,
    number: str,
    *,
    now: datetime,
    position: int | None = None,
    size: str | None = None,
    colour: str | None = None,
    reason: str = "",
    email: str | None = None,
) -> Request:
    """Change a line for another size or colour of the same product, if there is one in stock.

    With one line ``position`` may be left out. Raises ``NotFound``, ``TooLate``, ``Refused``
    (not delivered, ``out_of_stock``) or ``Invalid`` (which line, nothing different asked for).
    """
    order = await orders.find(session, customer_id, number, email=email)
    lines = _lines(order, position)
    if len(lines) != 1:
        raise Invalid("which_item", number=order.number)
    line = lines[0]
    wanted = (size or line.size, colour or line.colour)
    if wanted == (line.size, line.colour):
        raise Invalid("same_item")
    key = _key("exchange", line.position)
    if known := _case(order, key):
        return Request(known, None, False)
    _must_be_returnable(order, line.position, now)
    variant = await session.scalar(
        select(Variant).where(
            Variant.product_id == line.product_id, Variant.size == wanted[0], Variant.colour == wanted[1]
        )
    )
    if variant is None or variant.stock < line.quantity:
        raise Refused("out_of_stock", name=line.name)
    details = {"size": wanted[0], "colour": wanted[1], "variant": variant.id, "reason": _words(reason)}
    return Request(await _open(session, order, key, "exchange", line.position, details, now), None, True)


async def report(
    session: AsyncSession,
    customer_id: str | None,
    number: str,
    kind: str,
    *,
    now: datetime,
    position: int | None = None,
    details: str = "",
    email: str | None = None,
) -> Request:
    """Report an order that is late or lost, or an item that came damaged or wrong.

    Raises ``NotFound``; ``Refused`` when it does not fit the order: ``not_late`` before the promised
    day, ``not_shipped`` or ``is_delivered`` for a lost one, ``not_delivered`` for damaged and wrong.
    """
    if kind not in PROBLEMS:
        raise Invalid("problem_unknown", kind=kind)
    order = await orders.find(session, customer_id, number, email=email)
    _lines(order, position)
    key = _key(kind, position)
    if known := _case(order, key):
        return Request(known, None, False)
    if order.status in ("cancelled", "refunded"):
        raise Refused("order_closed", number=order.number)
    if kind == "late" and not orders.late(order, now):
        raise Refused("not_late", number=order.number)
    if kind == "lost" and order.status in orders.BEFORE_SHIPPING:
        raise Refused("not_shipped", number=order.number)
    if kind in ("damaged", "wrong") and order.delivered_at is None:
        raise Refused("not_delivered", number=order.number)
    case = await _open(session, order, key, kind, position, {"words": _words(details)}, now)
    return Request(case, None, True)


async def refund_status(
    session: AsyncSession, customer_id: str | None, number: str, *, email: str | None = None
) -> list[Refund]:
    """The order's refunds, oldest first; none is an empty list. Raises ``NotFound``."""
    return list((await orders.find(session, customer_id, number, email=email)).refunds)


async def invoice(
    session: AsyncSession, customer_id: str | None, number: str, *, email: str | None = None
) -> Invoice:
    """The invoice, written when an order is packed. Raises ``NotFound``, or ``Refused`` if not yet."""
    order = await orders.find(session, customer_id, number, email=email)
    if order.invoice is None:
        raise Refused("not_invoiced", number=order.number)
    return Invoice(order.invoice, order)


def _lines(order: Order, position: int | None) -> list[OrderLine]:
    lines = [line for line in order.lines if position is None or line.position == position]
    if not lines:
        raise NotFound("item_not_found", number=order.number)
    return lines


def _must_be_returnable(order: Order, position: int | None, now: datetime) -> None:
    if order.status != "delivered":
        closed = order.status in ("cancelled", "refunded", "returned", "lost")
        raise Refused("order_closed" if closed else "not_delivered", number=order.number)
    if not orders.can_return(order, now):
        raise TooLate("return_window_closed", number=order.number, days=orders.RETURN_DAYS)
    for case in order.cases:
        same = case.position is None or position is None or case.position == position
        if case.kind in ("return", "exchange") and same:
            raise Refused("already_returning", number=order.number, case=case.number)


def _key(kind: str, position: int | None) -> str:
    return kind if position is None else f"{kind}:{position}"


def _case(order: Order, key: str) -> Case | None:
    return next((case for case in order.cases if case.key == key), None)


def _refund(order: Order, key: str) -> Refund | None:
    return next((refund for refund in order.refunds if refund.key == key), None)


def _words(text: str) -> str:
    return text.strip()[:_WORDS_LIMIT]


async def _open(
    session: AsyncSession,
    order: Order,
    key: str,
    kind: str,
    position: int | None,
    details: dict[str, Any],
    now: datetime,
) -> Case:
    number = "CA-" + "".join(secrets.choice(_LETTERS) for _ in range(6))
    case = Case(
        number=number, order_id=order.id, key=key, kind=kind, position=position, details=details, at=now,
        status="open",
    )  # fmt: skip
    session.add(case)
    await session.flush()
    await session.refresh(order, ["cases", "refunds"])
    return case

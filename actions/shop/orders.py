"""Orders: found by their owner, cancelled, sent elsewhere, wrapped.

An order is reached with the asker's own ``customer_id`` or, anonymously, with its number **and** its
e-mail: the condition is in the query itself, so another customer's order never leaves the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from actions.customers import loyalty
from actions.errors import Invalid, NotFound, TooLate
from actions.shop.models import Order, Payment, Refund, TrackingEvent, Variant
from actions.shop.reference import Reference
from bot.reading.fold import digits

STATUSES = (
    "placed", "packed", "shipped", "out_for_delivery", "delivered",
    "lost", "returned", "refunded", "cancelled",
)  # fmt: skip
BEFORE_SHIPPING = ("placed", "packed")
UNDERWAY = ("placed", "packed", "shipped", "out_for_delivery")
RETURN_DAYS = 30
REFUND_DAYS = 5  # until money sent back is there
ADDRESS_FIELDS = ("line", "city", "region", "postcode", "country")

# Of these an order has one or none: fetched in its own query they save three round trips.
_FEW = (joinedload(Order.payments), joinedload(Order.refunds), joinedload(Order.cases))
_NUMBER = re.compile(r"(?:so)?[\s#-]*(\d{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cancelled:
    order: Order
    changed: bool  # False: it was cancelled before
    refund: Refund | None  # None: nothing had been paid


def normal_number(text: str) -> str | None:
    """The order number in ``text`` ("so 100123", "#100123", native digits too) as "SO-100123", or None."""
    found = _NUMBER.fullmatch(digits(unicodedata.normalize("NFKC", text)).strip())
    return f"SO-{int(found[1]):06d}" if found else None


def late(order: Order, now: datetime) -> bool:
    return order.status in UNDERWAY and now > order.promised_at


def can_cancel(order: Order) -> bool:
    return order.status in BEFORE_SHIPPING


def can_return(order: Order, now: datetime) -> bool:
    """Delivered, and not longer ago than the shop takes things back."""
    return order.delivered_at is not None and now <= order.delivered_at + timedelta(days=RETURN_DAYS)


def _belongs(customer_id: str | None, email: str | None) -> ColumnElement[bool]:
    if customer_id:
        return Order.customer_id == customer_id
    if email:
        return Order.email == email.strip().lower()
    raise NotFound("order_not_found")


def own(customer_id: str | None, number: str, email: str | None) -> Select[Order]:
    """The query of one order, closed to everyone but its owner."""
    normal = normal_number(number)
    if normal is None:
        raise NotFound("order_not_found")
    return select(Order).where(Order.number == normal, _belongs(customer_id, email))


async def find(
    session: AsyncSession, customer_id: str | None, number: str, *, email: str | None = None
) -> Order:
    """The asker's order with this number, its lines, events, payments, refunds and cases loaded.

    Raises ``NotFound`` when there is none, or it is someone else's, or number and e-mail do not match.
    """
    query = own(customer_id, number, email).options(*_FEW).execution_options(populate_existing=True)
    order = (await session.scalars(query)).unique().one_or_none()
    if order is None:
        raise NotFound("order_not_found")
    return order


async def of_customer(session: AsyncSession, customer_id: str, limit: int = 10) -> list[Order]:
    """The customer's orders, newest first."""
    query = select(Order).where(Order.customer_id == customer_id).options(*_FEW)
    rows = await session.scalars(query.order_by(Order.placed_at.desc(), Order.number.desc()).limit(limit))
    return list(rows.unique())


async def cancel(
    session: AsyncSession, customer_id: str | None, number: str, *, now: datetime, email: str | None = None
) -> Cancelled:
    """Cancel an order that has not left. Done twice, it is done once and says so.

    What was paid comes back (a refund), points earned are taken back, the goods return to the stock.
    Raises ``NotFound``, or ``TooLate`` once it is shipped.
    """
    order = await find(session, customer_id, number, email=email)
    # One conditional update decides: of two cancellations, or a cancellation and a shipment, one wins.
    won = await session.scalar(
        update(Order)
        .where(Order.id == order.id, Order.status.in_(BEFORE_SHIPPING))
        .values(status="cancelled", cancelled_at=now)
        .returning(Order.id)
    )
    if won is None:
        order = await find(session, customer_id, number, email=email)
        if order.status != "cancelled":
            raise TooLate("too_late_to_cancel", number=order.number)
        return Cancelled(order, False, _refund(order, "cancel"))
    for line in order.lines:
        await session.execute(
            update(Variant).where(Variant.id == line.variant_id).values(stock=Variant.stock + line.quantity)
        )
    session.add(TrackingEvent(order_id=order.id, status="cancelled", at=now))
    paid = sum(payment.amount for payment in order.payments if payment.status == "paid")
    await session.execute(
        update(Payment).where(Payment.order_id == order.id, Payment.status == "due").values(status="void")
    )
    if paid:
        session.add(new_refund(order.id, "cancel", paid, now, "pending"))
    if order.customer_id:
        await loyalty.reverse(session, order.customer_id, f"earn:{order.number}", now=now)
    await session.flush()
    order = await find(session, customer_id, number, email=email)
    return Cancelled(order, True, _refund(order, "cancel"))


async def change_address(
    session: AsyncSession,
    customer_id: str | None,
    number: str,
    address: Mapping[str, str],
    *,
    email: str | None = None,
) -> Order:
    """Send an order elsewhere, before it is shipped and within its country.

    ``address`` has some of ``ADDRESS_FIELDS``; what is not given stays.
    Raises ``NotFound``, ``TooLate``, or ``Invalid`` (unknown field, nothing given, other country).
    """
    order = await find(session, customer_id, number, email=email)
    given = {name: value.strip() for name, value in address.items() if value.strip()}
    if not given or set(given) - set(ADDRESS_FIELDS) or any(len(value) > 200 for value in given.values()):
        raise Invalid("address_invalid")
    if given.get("country", order.address["country"]).upper() != order.address["country"]:
        raise Invalid("address_abroad", number=order.number)
    return await _change(session, order, "too_late_to_change", address={**order.address, **given})


async def add_gift_wrap(
    session: AsyncSession,
    customer_id: str | None,
    number: str,
    reference: Reference,
    *,
    now: datetime,
    note: str = "",
    email: str | None = None,
) -> Order:
    """Have an order wrapped, before it is packed; the fee is due once, the note may be changed later.

    Raises ``NotFound``, ``TooLate``, or ``Invalid`` for a note of more than 300 characters.
    """
    if len(note) > 300:
        raise Invalid("note_too_long", limit=300)
    order = await find(session, customer_id, number, email=email)
    fee = reference.gift_wrap(order.currency)
    wrapped = await session.scalar(
        update(Order)
        .where(Order.id == order.id, Order.status == "placed", Order.gift_wrap.is_(False))
        .values(
            gift_wrap=True,
            total=Order.total + fee,
            base_total=Order.base_total + reference.gift_wrap_fee,
        )
        .returning(Order.id)
    )
    if wrapped:
        method = order.payments[-1].method if order.payments else "card"
        session.add(Payment(order_id=order.id, method=method, amount=fee, status="due", at=now))
        await session.flush()
    await _change(session, order, "too_late_to_wrap", ("placed",), gift_note=note or order.gift_note)
    return await find(session, customer_id, number, email=email)


async def _change(
    session: AsyncSession,
    order: Order,
    too_late: str,
    statuses: tuple[str, ...] = BEFORE_SHIPPING,
    **values: object,
) -> Order:
    won = await session.scalar(
        update(Order)
        .where(Order.id == order.id, Order.status.in_(statuses))
        .values(**values)
        .returning(Order.id)
    )
    if won is None:
        raise TooLate(too_late, number=order.number)
    await session.refresh(order)
    return order


def new_refund(order_id: str, key: str, amount: int, now: datetime, status: str) -> Refund:
    expected = now + timedelta(days=REFUND_DAYS) if status == "pending" else None
    return Refund(
        order_id=order_id, key=key, amount=amount, status=status, requested_at=now, expected_at=expected
    )


def _refund(order: Order, key: str) -> Refund | None:
    return next((refund for refund in order.refunds if refund.key == key), None)


async def count(session: AsyncSession, customer_id: str) -> int:
    query = select(func.count()).select_from(Order).where(Order.customer_id == customer_id)
    return await session.scalar(query) or 0

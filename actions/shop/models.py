"""Tables of the shop: products, orders with their history, stores, offers.

Money is a whole number of the currency's minor units (as many decimals as CLDR gives the
currency: paise, cents, whole rials). Product prices are in the shop's base currency, orders
in the currency the customer paid.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from actions.db import Base, new_id, now


class Product(Base):
    __tablename__ = "products"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), index=True)
    brand: Mapped[str] = mapped_column(String(60), index=True)
    category: Mapped[str] = mapped_column(String(60), index=True)  # path, e.g. "women/dresses"
    size_group: Mapped[str] = mapped_column(String(20))  # clothes shoes … or "" (comes in one size)
    description: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # material, fit, care, pattern…
    price: Mapped[int] = mapped_column(BigInteger)  # base currency
    rating: Mapped[int] = mapped_column(default=0)  # tenths of a star: 43 is 4.3
    ratings: Mapped[int] = mapped_column(default=0)  # how many
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, index=True)

    variants: Mapped[list[Variant]] = relationship(order_by="Variant.id", lazy="raise")


class Variant(Base):
    """One size in one colour, and how many of it are left."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("product_id", "size", "colour"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    size: Mapped[str] = mapped_column(String(20))  # "" for products of one size
    colour: Mapped[str] = mapped_column(String(20))
    stock: Mapped[int] = mapped_column(default=0)


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_customer_id_placed_at", "customer_id", "placed_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # "SO-100123"
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))  # None: erased
    email: Mapped[str | None] = mapped_column(String(254))  # lower case
    status: Mapped[str] = mapped_column(String(20))  # see orders.STATUSES
    currency: Mapped[str] = mapped_column(String(3))
    goods: Mapped[int] = mapped_column(BigInteger)  # sum of the lines
    discount: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery_fee: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger)  # goods − discount + delivery_fee (+ gift wrap)
    base_total: Mapped[int] = mapped_column(BigInteger)  # total in the base currency, for tiers
    delivery: Mapped[str] = mapped_column(String(20))  # standard express pickup…
    address: Mapped[dict[str, Any]] = mapped_column(default=dict)  # name line city region postcode country
    gift_wrap: Mapped[bool] = mapped_column(default=False)
    gift_note: Mapped[str] = mapped_column(String(300), default="")
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(40))
    invoice: Mapped[str | None] = mapped_column(String(20), unique=True)
    placed_at: Mapped[datetime]
    promised_at: Mapped[datetime]  # delivered by
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.position", lazy="selectin")
    events: Mapped[list[TrackingEvent]] = relationship(order_by="TrackingEvent.at", lazy="selectin")
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.at", lazy="selectin")
    refunds: Mapped[list[Refund]] = relationship(order_by="Refund.requested_at", lazy="selectin")
    cases: Mapped[list[Case]] = relationship(order_by="Case.at", lazy="selectin")


class OrderLine(Base):
    """What was bought, as it was then: later changes of the product do not reach it."""

    __tablename__ = "order_lines"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]  # from 1
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    variant_id: Mapped[str] = mapped_column(ForeignKey("variants.id"))
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[str] = mapped_column(String(20))
    colour: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)  # of one, in the order's currency


class TrackingEvent(Base):
    __tablename__ = "tracking_events"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))  # an order's status, or "delayed" "at_hub"
    place: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]


class Payment(Base):
    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    method: Mapped[str] = mapped_column(String(20))  # card upi bkash cash …
    amount: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(12))  # paid failed due (cash on delivery) void
    at: Mapped[datetime]


class Refund(Base):
    __tablename__ = "refunds"
    __table_args__ = (UniqueConstraint("order_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    key: Mapped[str] = mapped_column(String(40))  # what it is for, once: "cancel", "return:2"
    amount: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(16))  # awaiting_return pending paid refused
    requested_at: Mapped[datetime]
    expected_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]


class Case(Base):
    """A problem or wish with an order that people of the shop work on."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("order_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # "CA-7F3K2M"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    key: Mapped[str] = mapped_column(String(40))  # kind and line: the same wish twice is one case
    kind: Mapped[str] = mapped_column(String(12))  # late lost damaged wrong return exchange
    position: Mapped[int | None]  # order line; None: the whole order
    status: Mapped[str] = mapped_column(String(12), default="open")  # open done
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # reason, words, size, colour
    at: Mapped[datetime]


class Review(Base):
    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("product_id", "customer_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    rating: Mapped[int]  # 1..5
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Store(Base):
    __tablename__ = "stores"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    line: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(80), index=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    phone: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(40))
    hours: Mapped[list[Any]]  # seven of ["10:00", "21:00"] or None (closed), from Monday


class Offer(Base):
    """A public offer; its words are texts under ``shop.offer.<kind>``."""

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # percent free_delivery points
    value: Mapped[int]  # per cent, or times the points
    category: Mapped[str | None] = mapped_column(String(60))  # None: everything
    tier: Mapped[str | None] = mapped_column(String(12))  # only from this tier up
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class SeedMark(Base):
    """Which demo data were put in, so that seeding twice does nothing."""

    __tablename__ = "shop_seeds"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    seed: Mapped[int]
    clock: Mapped[datetime]

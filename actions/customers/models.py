"""Tables of customers: who they are, what they like, what they allowed, the points they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.db import Base, Json, new_id, now


class Customer(Base):
    """The person. The gateway's half refers to it by plain id."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), index=True)
    given_name: Mapped[str] = mapped_column(String(60), default="")  # how to speak to the customer
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    locale: Mapped[str] = mapped_column(String(20))  # BCP 47, e.g. "bn-BD"
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166, decides currency and delivery
    time_zone: Mapped[str] = mapped_column(String(40))
    demo: Mapped[str | None] = mapped_column(String(40), unique=True)  # key of a chosen demo story
    since: Mapped[datetime] = mapped_column(default=now)


class Address(Base):
    __tablename__ = "customer_addresses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    label: Mapped[str] = mapped_column(String(20))  # home work other
    line: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    is_default: Mapped[bool] = mapped_column(default=False)


class Preference(Base):
    """One thing a customer likes or wants, as normalised by actions.customers.preferences."""

    __tablename__ = "customer_preferences"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str] = mapped_column(String(20))  # see preferences.NAMES
    value: Mapped[Any] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(20))  # said (in talk) agent seed
    at: Mapped[datetime] = mapped_column(default=now)


class Consent(Base):
    """One yes or no, never changed: the newest row of a purpose holds."""

    __tablename__ = "customer_consents"
    __table_args__ = (Index("ix_customer_consents_newest", "customer_id", "purpose", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    purpose: Mapped[str] = mapped_column(String(20))  # newsletter sms personalisation service
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)


class PointsEntry(Base):
    """One line of the points ledger; the balance is their sum. ``key`` makes an entry happen once."""

    __tablename__ = "points_entries"
    __table_args__ = (UniqueConstraint("customer_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    key: Mapped[str] = mapped_column(String(80))  # e.g. "earn:SO-100123"
    kind: Mapped[str] = mapped_column(String(12))  # earn redeem reverse gift
    points: Mapped[int]  # negative takes away
    order_id: Mapped[str | None] = mapped_column(String(32), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class AccountRequest(Base):
    """What a customer asked for that is carried out elsewhere, by mail (e.g. a new password)."""

    __tablename__ = "account_requests"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # password_reset invoice_copy data_export
    details: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    at: Mapped[datetime] = mapped_column(default=now)

"""Accounts: opened, edited, and what is carried out by mail. Erasing is in ``privacy``."""

from __future__ import annotations

import re
from datetime import datetime

from babel.core import get_global
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions import locale as locales
from actions.customers.models import AccountRequest, Customer
from actions.errors import Invalid, NotFound, Refused

REQUESTS = ("password_reset", "invoice_copy", "data_export", "email_change")
_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]+@[^@\s.<>\"(),;:\\\[\]]+(\.[^@\s.<>\"(),;:\\\[\]]+)+")
_PHONE = re.compile(r"\+?\d{7,15}")


async def create(
    session: AsyncSession,
    *,
    name: str,
    email: str,
    locale: str,
    now: datetime,
    phone: str | None = None,
) -> Customer:
    """Open an account. Country and time zone are the locale's (UTC where a country has several).

    Raises ``Invalid`` (name, email, phone) or ``Refused("email_taken")``.
    """
    country = locales.country(locale)
    zones = get_global("territory_zones").get(country, [])
    full = clean_name(name)
    customer = Customer(
        name=full,
        given_name=full.split()[0],
        email=clean_email(email),
        phone=clean_phone(phone) if phone else None,
        locale=locale,
        country=country,
        time_zone=zones[0] if len(zones) == 1 else "UTC",
        since=now,
    )
    await _insert(session, customer)
    return customer


async def edit(
    session: AsyncSession,
    customer_id: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    locale: str | None = None,
) -> Customer:
    """Change what is given. Raises ``NotFound``, ``Invalid``, or ``Refused("email_taken")``."""
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None:
        raise NotFound("customer_not_found")
    if name is not None:
        customer.name = clean_name(name)
        customer.given_name = customer.name.split()[0]
    if phone is not None:
        customer.phone = clean_phone(phone)
    if locale is not None:
        customer.locale = locale
    if email is not None and clean_email(email) != customer.email:
        try:
            async with session.begin_nested():
                customer.email = clean_email(email)
        except IntegrityError:
            raise Refused("email_taken") from None
    await session.flush()
    return customer


async def request(
    session: AsyncSession, customer_id: str, kind: str, now: datetime, details: str = ""
) -> AccountRequest:
    """Ask for something that comes by mail; while it is open, asking again is the same request.

    Raises ``Invalid`` for another kind than ``REQUESTS``, ``NotFound`` without the customer.
    """
    if kind not in REQUESTS:
        raise Invalid("request_unknown", kind=kind)
    if await session.get(Customer, customer_id, with_for_update=True) is None:
        raise NotFound("customer_not_found")
    query = select(AccountRequest).where(
        AccountRequest.customer_id == customer_id,
        AccountRequest.kind == kind,
        AccountRequest.details == details,
        AccountRequest.done_at.is_(None),
    )
    asked = (await session.scalars(query)).first()
    if asked is None:
        asked = AccountRequest(customer_id=customer_id, kind=kind, details=details, at=now)
        session.add(asked)
        await session.flush()
    return asked


def clean_name(name: str) -> str:
    """One space between words, no control characters; raises ``Invalid``."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not plain or len(plain) > 120 or not any(char.isalpha() for char in plain):
        raise Invalid("name_invalid")
    return plain


def clean_email(email: str) -> str:
    """Lower case and without blanks around; raises ``Invalid``."""
    plain = email.strip().lower()
    if len(plain) > 254 or not _EMAIL.fullmatch(plain):
        raise Invalid("email_invalid")
    return plain


def clean_phone(phone: str) -> str:
    """Digits and a leading plus; native digits are read. Raises ``Invalid``."""
    plain = "".join(str(int(char)) if char.isdecimal() else char for char in phone.strip())
    plain = re.sub(r"[\s().-]", "", plain)
    if not _PHONE.fullmatch(plain):
        raise Invalid("phone_invalid")
    return plain


async def _insert(session: AsyncSession, customer: Customer) -> None:
    try:
        async with session.begin_nested():
            session.add(customer)
    except IntegrityError:
        raise Refused("email_taken") from None

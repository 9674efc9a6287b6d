"""What a customer likes and wants: understood, stored with its source and time, corrected, forgotten.

Values as stored (JSON):
sizes ``{"clothes": "M", "women/dresses": "S"}`` · categories, avoid_brands, colours: lists ·
budget ``{"amount": minor units, "currency"}`` · language "bn" · contact_channel "whatsapp" ·
contact_hours ``["18:00", "21:00"]`` in the customer's time zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.customers.models import Customer, Preference
from actions.customers.wishes import read_hours, read_money
from actions.errors import Invalid, NotFound
from actions.shop.reference import Reference

LISTS = ("categories", "avoid_brands", "colours")
NAMES = ("sizes", *LISTS, "budget", "language", "contact_channel", "contact_hours")
LONGEST = 300  # characters of what is said


def normalise(name: str, said: Any, reference: Reference, *, currency: str = "") -> Any:
    """What was said as it is stored; a value that is stored already comes back as it is.

    ``sizes`` takes a size ("M", if only one group has it) or {category or group: size}; lists take a
    text or several; ``budget`` without a word for a currency is in ``currency``.
    Raises ``Invalid``: ``preference_unknown``, ``size_unknown``, ``size_for_what``, ``category_unknown``,
    ``brand_unknown``, ``colour_unknown``, ``budget_unclear``, ``language_unknown``,
    ``channel_unknown``, ``hours_unclear``.
    """
    if isinstance(said, str) and (not said.strip() or len(said) > LONGEST):
        raise Invalid("preference_unclear")
    if name == "sizes":
        return _sizes(said, reference)
    if name in LISTS:
        return _several(name, [said] if isinstance(said, str) else list(said), reference)
    if name == "budget":
        return _budget(said, reference, currency or reference.prices.base)
    if name == "language":
        return _known(reference.language_words.one(_text(said)), "language_unknown", said)
    if name == "contact_channel":
        return _known(reference.channel_words.one(_text(said)), "channel_unknown", said)
    if name == "contact_hours":
        return _hours(said, reference)
    raise Invalid("preference_unknown", name=name)


async def of(session: AsyncSession, customer_id: str) -> dict[str, Any]:
    """All that is known, by name."""
    rows = await session.scalars(select(Preference).where(Preference.customer_id == customer_id))
    return {row.name: row.value for row in sorted(rows, key=lambda row: NAMES.index(row.name))}


async def set_(
    session: AsyncSession,
    customer_id: str,
    name: str,
    said: Any,
    reference: Reference,
    *,
    now: datetime,
    source: str = "said",
    add: bool = False,
) -> Any:
    """Store a wish and return it as it stands. Sizes of other groups stay; lists are replaced, or
    added to with ``add``. Raises ``Invalid`` (see :func:`normalise`), ``NotFound``.
    """
    customer = await session.scalar(select(Customer).where(Customer.id == customer_id).with_for_update())
    if customer is None:
        raise NotFound("customer_not_found")
    value = normalise(name, said, reference, currency=reference.currency_of(customer.country))
    row = await _row(session, customer_id, name)
    if row and name == "sizes":
        value = {**row.value, **value}
    if row and add and name in LISTS:
        value = list(dict.fromkeys([*row.value, *value]))
    if row is None:
        row = Preference(customer_id=customer_id, name=name)
        session.add(row)
    row.value, row.source, row.at = value, source, now
    await session.flush()
    return value


async def forget(
    session: AsyncSession, customer_id: str, names: Sequence[str] | None = None, part: str | None = None
) -> list[str]:
    """Forget some preferences or (``names=None``) all; returns the names of what was there.

    ``part`` forgets one entry only: a size group, a category, a brand, a colour.
    """
    rows = await session.scalars(select(Preference).where(Preference.customer_id == customer_id))
    forgotten = []
    for row in rows.all():
        if names is not None and row.name not in names:
            continue
        if part is None:
            await session.delete(row)
        elif isinstance(row.value, dict | list) and part in row.value:
            rest: Any = [entry for entry in row.value if entry != part]
            rest = {entry: row.value[entry] for entry in rest} if isinstance(row.value, dict) else rest
            if rest:
                row.value = rest
            else:
                await session.delete(row)
        else:
            continue
        forgotten.append(row.name)
    await session.flush()
    return sorted(forgotten, key=NAMES.index)


async def _row(session: AsyncSession, customer_id: str, name: str) -> Preference | None:
    query = select(Preference).where(Preference.customer_id == customer_id, Preference.name == name)
    return (await session.scalars(query)).one_or_none()


def _sizes(said: Any, reference: Reference) -> dict[str, str]:
    if not isinstance(said, Mapping):
        groups = reference.groups_of_size(_text(said))
        if not groups:
            raise Invalid("size_unknown", said=said)
        if len(groups) > 1:
            raise Invalid("size_for_what", said=said)
        return dict(groups)
    sizes: dict[str, str] = {}
    for where, what in said.items():
        keys = [where] if where in reference.size_groups else reference.category(where)
        keys = [key for key in keys if key in reference.size_groups or reference.size_group(key)]
        if not keys:
            raise Invalid("category_unknown", said=where)
        groups = {key: key if key in reference.size_groups else reference.size_group(key) for key in keys}
        named = {key: reference.size(group, _text(what)) for key, group in groups.items()}
        # "S in dresses" is said of women's: there is no S among the children's.
        known = {key: size for key, size in named.items() if size}
        if not known:
            raise Invalid("size_unknown", said=what)
        sizes |= known
    if not sizes:
        raise Invalid("size_unknown", said="")
    return sizes


def _several(name: str, said: Sequence[Any], reference: Reference) -> list[str]:
    read = {
        "categories": reference.category,
        "avoid_brands": reference.brand_words.find,
        "colours": reference.colour_words.find,
    }[name]
    code = {"categories": "category", "avoid_brands": "brand", "colours": "colour"}[name]
    found: list[str] = []
    for text in said:
        values = read(_text(text))
        if not values:
            raise Invalid(f"{code}_unknown", said=text)
        found += values
    if not found:
        raise Invalid(f"{code}_unknown", said="")
    return list(dict.fromkeys(found))


def _budget(said: Any, reference: Reference, currency: str) -> dict[str, Any]:
    if isinstance(said, Mapping):
        amount, currency = said.get("amount"), str(said.get("currency"))
        if isinstance(amount, int) and amount > 0 and currency in reference.prices.rates:
            return {"amount": amount, "currency": currency}
        raise Invalid("budget_unclear", said="")
    read = read_money(_text(said), reference.grammar(_text(said)), reference.prices, currency)
    if read is None:
        raise Invalid("budget_unclear", said=said)
    return {"amount": read[0], "currency": read[1]}


def _hours(said: Any, reference: Reference) -> list[str]:
    text = "-".join(map(str, said)) if isinstance(said, list | tuple) else _text(said)
    hours = read_hours(text)
    if hours is None and (named := reference.hour_words.one(text)):
        hours = named.split("-")
    if hours is None:
        raise Invalid("hours_unclear", said=text)
    return hours


def _known(value: str | None, code: str, said: Any) -> str:
    if value is None:
        raise Invalid(code, said=said)
    return value


def _text(said: Any) -> str:
    return str(said)[:LONGEST]

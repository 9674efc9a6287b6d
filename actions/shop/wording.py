"""The shop's names in words: categories, reasons, preferences. Pure; the words are texts.

Names that are data (products, brands, stores) are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel import Locale

from actions import locale as locales
from actions.shop.models import Offer
from actions.texts import Texts


def category(texts: Texts, path: str, language: str | None) -> str:
    return texts.say(f"shop.category.{path}", language)


def colour(texts: Texts, name: str, language: str | None) -> str:
    return texts.say(f"shop.colour.{name}", language)


def size(texts: Texts, name: str, language: str | None) -> str:
    """Most sizes are the same in every language."""
    return texts.say(f"shop.size.{name}", language) if texts.has(f"shop.size.{name}") else name


def reason(texts: Texts, why: Mapping[str, Any], language: str | None) -> str:
    """Why a product is shown, from the recommender's ``{"key", "values"}``; ``language`` may be a locale."""
    values = dict(why["values"])
    if "category" in values:
        values["category"] = category(texts, values["category"], language)
    if "colour" in values:
        values["colour"] = colour(texts, values["colour"], language)
    if "size" in values:
        values["size"] = size(texts, values["size"], language)
    if "rating" in values:
        values["rating"] = locales.number(Decimal(str(values["rating"])), language)
    return texts.say(f"shop.reason.{why['key']}", language, **values)


def offer(texts: Texts, row: Offer, language: str | None) -> str:
    """What an offer gives and its code."""
    value = locales.number(row.value, language)
    if row.kind == "percent" and row.category:
        name = category(texts, row.category, language)
        return texts.say("shop.offer.percent", language, value=value, code=row.code, category=name)
    key = "percent_all" if row.kind == "percent" else row.kind
    return texts.say(f"shop.offer.{key}", language, value=value, code=row.code)


def preference(texts: Texts, name: str, value: Any, locale: str | None) -> tuple[str, str]:
    """A stored preference as (title, value) in the words of ``locale``."""
    return texts.say(f"shop.preference.{name}", locale), _value(texts, name, value, locale)


def _value(texts: Texts, name: str, value: Any, locale: str | None) -> str:
    if name == "sizes":
        parts = [
            texts.say("shop.preference_value.size", locale, where=_where(texts, where, locale), size=named)
            for where, named in ((where, size(texts, what, locale)) for where, what in value.items())
        ]
        return locales.items(parts, locale)
    if name == "categories":
        return locales.items([category(texts, path, locale) for path in value], locale)
    if name == "colours":
        return locales.items([colour(texts, one, locale) for one in value], locale)
    if name == "avoid_brands":
        return locales.items(value, locale)
    if name == "budget":
        amount = locales.money(value["amount"], value["currency"], locale)
        return texts.say("shop.preference_value.budget", locale, amount=amount)
    if name == "language":
        return Locale.parse(value).get_display_name(locales.parse(locale)) or value
    if name == "contact_channel":
        return texts.say(f"shop.channel.{value}", locale)
    start, end = (locales.native_digits(one, locale) for one in value)
    return texts.say("shop.preference_value.hours", locale, start=start, end=end)


def _where(texts: Texts, key: str, locale: str | None) -> str:
    kind = "category" if texts.has(f"shop.category.{key}") and "/" in key else "size_group"
    return texts.say(f"shop.{kind}.{key}", locale)

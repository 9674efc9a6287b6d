"""What a message says about products and tastes: categories, brands, colours, sizes, money."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from actions.customers import preferences
from actions.customers.wishes import read_money
from actions.decisions.recommender import Filters
from actions.dialogue.answers import said_any
from actions.dialogue.talk import Talk
from bot.reading.grammar import find, plain_words

_LETTER_SIZE = re.compile(r"(?<![\w'’])(x{0,2}s|m|x{0,2}l|2xl)(?![\w'’])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was named in one message; empty where nothing was."""

    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    avoid_brands: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    size: str | None = None  # as written
    budget: tuple[int, str] | None = None  # minor units, currency

    def __bool__(self) -> bool:
        return self != Wish()


def read_wish(talk: Talk) -> Wish:
    reference, text = talk.reference, talk.text
    brands = tuple(reference.brand_words.find(text))
    avoid = brands if said_any(talk, "avoid") else ()
    return Wish(
        categories=tuple(reference.category(text)),
        brands=() if avoid else brands,
        avoid_brands=avoid,
        colours=tuple(reference.colour_words.find(text)),
        size=_size(talk),
        budget=_budget(talk),
    )


def refines(talk: Talk) -> bool:
    """Whether the message says how the things just shown should be different."""
    return bool(read_wish(talk)) or said_any(talk, "cheaper") or said_any(talk, "more")


def _size(talk: Talk) -> str | None:
    """What names a size: an entity, a letter size, or a name that the language has for one."""
    if said := talk.entity("size"):
        return said
    if found := talk.found("size"):
        return found.value
    if letters := _LETTER_SIZE.search(talk.text):
        return letters[0].upper()
    words = talk.grammar.forms(talk.text)
    for word in map(plain_words, talk.words("size")):
        at = find(words, word)
        if at is not None:
            following = [said[0] for said in words[at + len(word) :][:3]]
            if number := next((said for said in following if said[:1].isdigit()), None):
                return number
    return next(
        (name for name in talk.words("size_names") if find(words, plain_words(name)) is not None), None
    )


def _budget(talk: Talk) -> tuple[int, str] | None:
    found = talk.found("money")
    said = talk.entity("money") or (found.value if found else None)
    return said_amount(talk, said or (talk.text if said_any(talk, "budget") else ""))


def said_amount(talk: Talk, text: str) -> tuple[int, str] | None:
    """The amount of money in a text, in the customer's currency unless it names one."""
    currency = talk.reference.currency_of(talk.country)
    return read_money(text, talk.reference.grammar(text, talk.language), talk.reference.prices, currency)


async def adopt(talk: Talk) -> None:
    """What somebody told before signing in becomes the customer's, unless the customer has said otherwise."""
    told: dict[str, Any] = talk.get("preferences") or {}
    if not talk.customer_id or not told:
        return
    async with talk.write() as session:
        known = await preferences.of(session, talk.customer_id)
        for name, value in told.items():
            if name not in known:
                await preferences.set_(session, talk.customer_id, name, value, talk.reference, now=talk.now())
    talk.forget("preferences")


async def known_tastes(talk: Talk) -> dict[str, Any]:
    """The stored preferences of a customer, or what somebody unknown told in this talk."""
    if talk.customer_id:
        async with talk.read() as session:
            return await preferences.of(session, talk.customer_id)
    return dict(talk.get("preferences") or {})


async def filters_of(talk: Talk, wish: Wish) -> Filters:
    """What must hold for a search: what was said now, then what is known, never a brand to avoid."""
    known = await known_tastes(talk)
    budget = wish.budget or _stored_budget(known)
    prices = talk.reference.prices
    avoid = {*known.get("avoid_brands", ()), *wish.avoid_brands} - set(wish.brands)
    filters = Filters(
        categories=wish.categories,
        brands=wish.brands,
        avoid_brands=avoid,
        colours=wish.colours,
        sizes=known.get("sizes", {}),
        max_price=prices.ceiling(*budget) if budget else None,
    )
    size = _fitting_size(talk, wish)
    return replace(filters, size=size) if size else filters


def _stored_budget(known: dict[str, Any]) -> tuple[int, str] | None:
    stored = known.get("budget")
    return (stored["amount"], stored["currency"]) if stored else None


def _fitting_size(talk: Talk, wish: Wish) -> str | None:
    """The size as the named categories call it ("medium" is "M" for dresses)."""
    if not wish.size:
        return None
    groups = {talk.reference.size_group(path) for path in wish.categories} - {""}
    sizes = talk.reference.groups_of_size(wish.size)
    fitting = [size for group, size in sizes.items() if group in groups or not groups]
    # Just "size 8" is said of shoes in the customer's own system.
    system = "us" if talk.country == "US" else "uk"
    own = (talk.reference.size(group, f"{system} {wish.size}") for group in sorted(groups))
    return fitting[0] if fitting else next((size for size in own if size), None)


async def remember(talk: Talk, name: str, said: Any, add: bool = False) -> Any:
    """Store a preference: with the customer, or for this talk when we do not know whom we talk to.

    Returns the value as it stands; raises ``Invalid`` when it is not understood.
    """
    reference = talk.reference
    if talk.customer_id:
        async with talk.write() as session:
            return await preferences.set_(
                session, talk.customer_id, name, said, reference, now=talk.now(), add=add
            )
    known = dict(talk.get("preferences") or {})
    value = preferences.normalise(name, said, reference, currency=reference.currency_of(talk.country))
    if name == "sizes":
        value = {**known.get(name, {}), **value}
    elif add and isinstance(value, list):
        value = list(dict.fromkeys([*known.get(name, []), *value]))
    talk.put(preferences={**known, name: value})
    return value

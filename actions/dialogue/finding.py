"""Products as cards: what was searched for, and what may please."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from actions.customers import preferences
from actions.decisions.recommender import Filters
from actions.dialogue.answers import said_any
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task
from actions.dialogue.tastes import Wish, filters_of, known_tastes, read_wish
from actions.errors import Invalid
from actions.shop.products import Found

CARDS = 5
ANY = "any"  # asked, and it does not matter


def show(talk: Talk, found: Sequence[Found]) -> None:
    """The products as cards with a reason each."""
    talk.send(cards=[_card(talk, one) for one in found])
    talk.put(product=found[0].product.id if len(found) == 1 else None)


def _card(talk: Talk, found: Found) -> dict[str, Any]:
    product, currency = found.product, talk.reference.currency_of(talk.country)
    sizes = ", ".join(map(talk.size, found.sizes))
    sizes = talk.word("actions.card.sizes", sizes=sizes) if sizes else ""
    colours = talk.listed(map(talk.colour, found.colours))
    shown = {"category": talk.category, "colour": talk.colour, "size": talk.size}
    values = {name: shown.get(name, str)(str(value)) for name, value in found.reason["values"].items()}
    reason = talk.word(f"shop.reason.{found.reason['key']}", **values)
    return {
        "id": product.id,
        "title": product.name,
        "subtitle": " · ".join(part for part in (product.brand, sizes, colours) if part),
        "price": talk.money(talk.reference.price(product.price, currency), currency),
        "image": f"/media/products/{product.id}.svg",
        "reason": reason,
        "buttons": [talk.button("actions.card.stock", "check_stock", product=product.id)],
    }


class FindProduct(Simple):
    """A search; what is said next refines the last one ("cheaper", "in blue")."""

    action = "action_find_product"

    async def answer(self, talk: Talk) -> None:
        wish, text = self._with_last(talk, read_wish(talk))
        filters = await filters_of(talk, wish)
        if said_any(talk, "cheaper") and (cheapest := (talk.get("search") or {}).get("cheapest")):
            filters = replace(filters, max_price=int(cheapest) - 1)
        shown: list[str] = (talk.get("search") or {}).get("shown", []) if said_any(talk, "more") else []
        filters = replace(filters, exclude=shown)
        async with talk.read() as session:
            found = await talk.tools.shop.products.search(session, text, filters, CARDS)
        if not found:
            await self._nothing(talk, text, filters)
            return
        talk.say("utter_found")
        show(talk, found)
        talk.put(
            last_task="find_product",
            search={
                "text": text[:300],
                "wish": asdict(wish),
                "shown": [*shown, *(one.product.id for one in found)][-30:],
                "cards": [one.product.id for one in found],
                "cheapest": min(one.product.price for one in found),
            },
        )

    def _with_last(self, talk: Talk, wish: Wish) -> tuple[Wish, str]:
        last = talk.get("search")
        if wish.categories or not last or not (wish or said_any(talk, "cheaper") or said_any(talk, "more")):
            return wish, talk.text
        before = last["wish"]
        merged = {name: now or _tuples(before[name]) for name, now in asdict(wish).items()}
        return Wish(**merged), f"{last['text']} {talk.text}"

    async def _nothing(self, talk: Talk, text: str, filters: Filters) -> None:
        """Nothing meets all of it: show what is near, and say that it is only near."""
        near = replace(filters, colours=(), size=None, sizes={}, max_price=None, brands=())
        async with talk.read() as session:
            found = (
                await talk.tools.shop.products.search(session, text, near, CARDS) if near != filters else []
            )
        if found:
            talk.say("utter_found_near")
            show(talk, found)
        else:
            talk.say("utter_found_nothing")


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class _Taste:
    """A question about tastes, asked once ever: a customer's answer is stored, "any" is one too."""

    def __init__(self, slot: str, name: str, response: str) -> None:
        self.slot, self._name, self._response = slot, name, response

    async def needed(self, talk: Talk) -> bool:
        return self._name not in await known_tastes(talk)

    async def take(self, talk: Talk, asked: bool) -> bool:
        if talk.entity("skip") or (asked and _indifferent(talk)):
            if asked:
                talk.put(**{self.slot: ANY})
            return asked
        said = self._said(talk, asked)
        if said is None:
            return False
        try:
            value = preferences.normalise(
                self._name, said, talk.reference, currency=talk.reference.currency_of(talk.country)
            )
        except Invalid:
            return False
        await remember(talk, self._name, said)
        talk.put(**{self.slot: value})
        return True

    def _said(self, talk: Talk, asked: bool) -> Any:
        raise NotImplementedError

    async def ask(self, talk: Talk) -> None:
        talk.say(self._response, [talk.button("actions.button.any", "inform", skip="yes")])


def _indifferent(talk: Talk) -> bool:
    return talk.intent in ("deny", "never_mind") or said_any(talk, "any") or said_any(talk, "skip")


class Size(_Taste):
    async def needed(self, talk: Talk) -> bool:
        groups = _groups(talk)
        known = (await known_tastes(talk)).get("sizes", {})
        return bool(groups) and not any(group in known for group in groups)

    def _said(self, talk: Talk, asked: bool) -> Any:
        size = read_wish(talk).size or (talk.text if asked else None)
        groups = [g for g in _groups(talk) if size and talk.reference.size(g, size)]
        return {groups[0]: size} if groups else None


class Budget(_Taste):
    def _said(self, talk: Talk, asked: bool) -> Any:
        budget = read_wish(talk).budget
        if budget:
            return {"amount": budget[0], "currency": budget[1]}
        return talk.text if asked and any(char.isdigit() for char in talk.text) else None


class AvoidBrands(_Taste):
    def _said(self, talk: Talk, asked: bool) -> Any:
        wish = read_wish(talk)
        return list(wish.avoid_brands or (wish.brands if asked else ())) or None


def _groups(talk: Talk) -> list[str]:
    paths = str(talk.get("category") or "").split(",")
    sizes = [_group(talk, path) for path in paths]
    return list(dict.fromkeys(sizes)) if all(sizes) else []


def _group(talk: Talk, path: str) -> str:
    """The size group of a category, if everything in it comes in sizes."""
    inside = [row for leaf, row in talk.reference.categories.items() if f"{leaf}/".startswith(f"{path}/")]
    return talk.reference.size_group(path) if inside and all(row["sizes"] for row in inside) else ""


class Category:
    """What kind of thing; whatever is named decides which sizes are asked about."""

    slot = "category"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        if asked and (talk.entity("skip") or _indifferent(talk)):
            talk.put(category=ANY)
            return True
        named = talk.entity("category") if talk.tapped else talk.text
        paths = talk.reference.category(named or "")
        if paths:
            talk.put(category=",".join(paths))
        return bool(paths)

    async def ask(self, talk: Talk) -> None:
        buttons = [
            talk.button(f"shop.category.{name}", "inform", category=name)
            for name in talk.reference.departments
        ]
        talk.say("utter_recommend_what", [*buttons, talk.button("actions.button.any", "inform", skip="yes")])


class Recommend(Task):
    """Advice: a few questions the first time, none once tastes are known."""

    name = "recommend"

    def __init__(self) -> None:
        self.questions = (
            Category(),
            Size("pref_sizes", "sizes", "utter_recommend_size"),
            Budget("pref_budget", "budget", "utter_recommend_budget"),
            AvoidBrands("pref_avoid_brands", "avoid_brands", "utter_recommend_avoid"),
        )
        # An answer holds for the whole talk; a customer's own are stored anyway.
        self.keeps = frozenset({"pref_sizes", "pref_budget", "pref_avoid_brands"})

    async def do(self, talk: Talk) -> None:
        category = str(talk.get("category"))
        wish = read_wish(talk)
        paths = () if category == ANY else tuple(category.split(","))
        filters = await filters_of(talk, replace(wish, categories=paths))
        async with talk.read() as session:
            found = await talk.tools.shop.products.recommend(
                session, talk.customer_id, filters, CARDS, text=talk.text
            )
        if not found:
            talk.say("utter_recommend_nothing")
            return
        talk.say("utter_recommended")
        show(talk, found)
        talk.put(
            search={
                "text": " ".join(path.split("/")[-1] for path in paths),
                "wish": asdict(replace(wish, categories=paths)),
                "shown": [one.product.id for one in found],
                "cards": [one.product.id for one in found],
                "cheapest": min(one.product.price for one in found),
            }
        )


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

"""Products as cards: what was searched for, and what may please."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from actions import locale
from actions.decisions.recommender import Filters
from actions.dialogue.answers import said_any
from actions.dialogue.simple import Simple
from actions.dialogue.talk import Talk
from actions.dialogue.tastes import Wish, filters_of, read_wish, refines
from actions.shop.products import Found

CARDS = 5


def show(talk: Talk, found: Sequence[Found]) -> None:
    """The products as cards with a reason each."""
    talk.send(cards=[_card(talk, one) for one in found])
    talk.put(product=found[0].product.id if len(found) == 1 else None)


def _card(talk: Talk, found: Found) -> dict[str, Any]:
    product, currency = found.product, talk.reference.currency_of(talk.country)
    sizes = locale.row(map(talk.size, found.sizes), talk.locale)
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
        talk.put(last_task="find_product", search=remembered(text, wish, found, shown))

    def _with_last(self, talk: Talk, wish: Wish) -> tuple[Wish, str]:
        last = talk.get("search")
        if wish.categories or not last or not refines(talk):
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


def remembered(text: str, wish: Wish, found: Sequence[Found], shown: Sequence[str] = ()) -> dict[str, Any]:
    """A search as it is kept, so that "cheaper" or "in blue" means this one."""
    cards = [one.product.id for one in found]
    return {
        "text": text[:300],
        "wish": asdict(wish),
        "shown": [*shown, *cards][-30:],
        "cards": cards,
        "cheapest": min(one.product.price for one in found),
    }


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""Advice: a few questions about tastes the first time, then products as cards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.customers import preferences
from actions.dialogue.answers import said_any
from actions.dialogue.finding import CARDS, remembered, show
from actions.dialogue.talk import Talk
from actions.dialogue.task import Task
from actions.dialogue.tastes import adopt, filters_of, known_tastes, read_wish, remember, said_amount
from actions.errors import Invalid

ANY = "any"  # asked, and it does not matter


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
        amount = read_wish(talk).budget or (said_amount(talk, talk.text) if asked else None)
        return {"amount": amount[0], "currency": amount[1]} if amount else None


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

    async def begin(self, talk: Talk) -> None:
        await adopt(talk)

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
        named = " ".join(path.split("/")[-1] for path in paths)
        talk.put(search=remembered(named, replace(wish, categories=paths), found))

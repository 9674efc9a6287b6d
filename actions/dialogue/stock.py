"""What is in stock, and which size to take."""

from __future__ import annotations

import re

from actions import locale
from actions.dialogue.advice import Category
from actions.dialogue.answers import free_answer, picked
from actions.dialogue.talk import Talk, option
from actions.dialogue.task import Task
from actions.dialogue.tastes import read_wish
from actions.shop import products
from actions.shop.models import Product, Variant
from actions.shop.vocabulary import tokens
from bot.reading.fold import folded

CHOICES = 4
_CM = re.compile(r"(\d+(?:\.\d+)?)\.?[^\d\s]{0,10}")  # "98", "98cm", "৯৮সেমি"


class WhichProduct:
    """A product by name, or the one on the card that was tapped."""

    slot = "product"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        if talk.tapped:
            chosen = talk.entity("product")
            if chosen:
                talk.put(product=chosen)
            return chosen is not None
        cards: list[str] = (talk.get("search") or {}).get("cards", [])
        index = picked(talk, len(cards))
        if index is not None:
            talk.put(product=cards[index])
            return True
        found = await self._like(talk, 1)
        if not found:
            return False
        wish, answer = read_wish(talk), bool(asked and free_answer(talk, "check_stock"))
        if set(tokens(found[0].name)) <= set(tokens(talk.text)) or (answer and not wish.categories):
            talk.put(product=found[0].id)
            return True
        # A kind of thing ("the leather tote bag"): those there are will be offered.
        return answer or (asked and talk.intent == "find_product" and not wish.budget)

    async def _like(self, talk: Talk, n: int) -> list[Product]:
        async with talk.read() as session:
            return [one.product for one in await talk.tools.shop.products.search(session, talk.text, n=n)]

    async def ask(self, talk: Talk) -> None:
        named = (
            await self._like(talk, CHOICES) if read_wish(talk).categories or read_wish(talk).brands else []
        )
        buttons = [option(product.name, "inform", product=product.id) for product in named]
        talk.say("utter_which_of_these" if buttons else "utter_which_product", buttons)


class CheckStock(Task):
    name = "check_stock"
    aside = True

    def __init__(self) -> None:
        self.questions = (WhichProduct(),)
        self.keeps = frozenset({"product"})

    async def begin(self, talk: Talk) -> None:
        shown = (talk.get("search") or {}).get("shown", [])
        if talk.get("product") is None and len(shown) == 1:
            talk.put(product=shown[0])

    async def do(self, talk: Talk) -> None:
        async with talk.read() as session:
            product = await products.get(session, str(talk.get("product")))
        if product is None:
            talk.say("utter_product_gone")
            talk.forget("product")
            return
        wish = read_wish(talk)
        size = talk.reference.size(product.size_group, wish.size) if wish.size else None
        colour = next(iter(wish.colours), None)
        left = [v for v in product.variants if v.stock > 0]
        asked = [v for v in left if size in (None, v.size) and colour in (None, v.colour)]
        if asked:
            talk.say("utter_in_stock", product=product.name, stock=_lines(talk, asked))
        elif left:
            talk.say("utter_not_in_that", product=product.name, stock=_lines(talk, left))
        else:
            similar = talk.button("actions.reading.recommend", "recommend")
            talk.say("utter_sold_out", [similar], product=product.name)


def _lines(talk: Talk, variants: list[Variant]) -> str:
    """One line a colour with its sizes: "navy: S, M (last 2), XL"."""
    by_colour: dict[str, list[str]] = {}
    for v in variants:
        name = talk.size(v.size) if v.size else talk.word("actions.one_size")
        few = talk.word("actions.few_left", size=name, count=v.stock) if v.stock <= 3 else name
        by_colour.setdefault(v.colour, []).append(few)
    return "\n".join(
        talk.word("actions.stock_line", colour=talk.colour(colour), sizes=locale.row(sizes, talk.locale))
        for colour, sizes in by_colour.items()
    )


class SizeHelp(Task):
    """The size chart of a category, with what the measures named in the message come to."""

    name = "size_help"
    aside = True

    def __init__(self) -> None:
        self.questions = (Measures(), SizedCategory())

    async def do(self, talk: Talk) -> None:
        paths = str(talk.get("category")).split(",")
        groups = [g for g in dict.fromkeys(map(talk.reference.size_group, paths)) if g]
        if not groups:
            talk.say("utter_one_size")
            return
        chart = talk.reference.size_groups[groups[0]]
        lines = [
            talk.word(
                "actions.chart_line", size=size, measures=talk.listed(_measures(talk, chart.measures, row))
            )
            for size, row in chart.chart.items()
        ]
        fit = chart.fits(talk.get("measures") or {})
        wish = read_wish(talk)
        same = chart.find(wish.size) if wish.size else None
        if fit:
            talk.say("utter_size_fits", size=fit)
        elif same:
            talk.say("utter_size_same", said=wish.size, size=same)
        talk.say("utter_size_chart", chart="\n".join(lines))


class Measures:
    """Measures of the body or the bed, kept when they are told before the question they answer."""

    slot = "measures"

    async def needed(self, talk: Talk) -> bool:
        return False

    async def take(self, talk: Talk, asked: bool) -> bool:
        names = tuple(dict.fromkeys(n for g in talk.reference.size_groups.values() for n in g.measures))
        said = _said_measures(talk, names)
        if said:
            talk.put(measures={**(talk.get("measures") or {}), **said})
        return bool(said)

    async def ask(self, talk: Talk) -> None:
        """Nobody has to know them."""


class SizedCategory(Category):
    async def ask(self, talk: Talk) -> None:
        buttons = [
            talk.button(f"shop.category.{name}", "inform", category=name)
            for name in talk.reference.departments
            if any(
                talk.reference.size_group(path)
                for path in talk.reference.categories
                if path.startswith(f"{name}/")
            )
        ]
        talk.say("utter_size_what", buttons)


def _measures(talk: Talk, names: tuple[str, ...], row: tuple[tuple[float, float], ...]) -> list[str]:
    return [
        talk.word(
            "actions.measure_line", name=talk.word(f"shop.measure.{name}"), low=f"{low:g}", high=f"{high:g}"
        )
        for name, (low, high) in zip(names, row, strict=True)
    ]


def _said_measures(talk: Talk, names: tuple[str, ...]) -> dict[str, float]:
    """Measures named in the message ("chest 98 cm"), by the words of the language."""
    words = folded(talk.text).replace(",", ".").split()
    said = {}
    for name in names:
        spots = [
            i
            for i, word in enumerate(words)
            if any(folded(w) in word for w in talk.words(f"measure_{name.replace(' ', '_')}"))
        ]
        numbers = [m for i in spots for w in words[max(0, i - 3) : i + 5] if (m := _CM.fullmatch(w))]
        if numbers:
            said[name] = float(numbers[0][1])
    return said

"""What a shop is besides its rows: categories, colours, brands, sizes, money, delivery, tiers.

All of it is data (``data/shop/*.yml``), read once; to make Setu your own shop, change those files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions import locale
from actions.shop.money import Prices
from actions.shop.sizes import SizeGroup
from actions.shop.vocabulary import Vocabulary, Words, fold
from bot.reading.finder import Finders
from bot.reading.forms import Endings
from bot.reading.grammar import Grammar
from bot.reading.language import Rules, read_folder


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    name: str  # standard express pickup: text shop.delivery.<name>
    fee: int  # minor units of the currency asked for; 0 is free
    free_from: int | None  # value of goods from which it is free
    days: tuple[int, int]  # working days, from and to


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    starts_at: int  # spend in the last year, base minor units
    times: int  # points are multiplied by it


@dataclass(frozen=True, slots=True)
class Place:
    """A city: where it is, and what to write in an address there."""

    name: str
    country: str
    latitude: float
    longitude: float
    region: str
    postcode: str


@dataclass(frozen=True)
class Reference:
    prices: Prices
    categories: Mapping[str, Mapping[str, Any]]  # leaf path -> its data
    departments: tuple[str, ...]
    things: frozenset[str]  # departments that are kinds of things: shoes, not women
    colours: Mapping[str, str]  # name -> shade
    brands: Mapping[str, Mapping[str, Any]]
    size_groups: Mapping[str, SizeGroup]
    countries: Mapping[str, Mapping[str, Any]]  # delivery and payment; "other" for the rest
    zones: Mapping[str, str]  # country -> time zone
    places: Mapping[str, Place]
    pictures: Mapping[str, list[Mapping[str, str]]]  # what to draw: parts with their paint and path
    tiers: tuple[Tier, ...]  # from the lowest
    points_per_100: int
    point_value: int  # base minor units
    gift_wrap_fee: int  # base minor units
    leaf_words: Vocabulary
    department_words: Vocabulary
    colour_words: Vocabulary
    brand_words: Vocabulary
    place_words: Vocabulary
    language_words: Vocabulary
    channel_words: Vocabulary
    hour_words: Vocabulary  # "08:00-12:00" for "morning"
    finders: Finders  # reads numbers, money and dates of every language

    @classmethod
    @cache
    def load(cls, folder: Path = Path("data/shop"), spoken: Path = Path("data/entities")) -> Reference:
        """Read the shop's files and the languages', once a process.

        Raises ``FileNotFoundError``, ``KeyError`` for a gap, ``reading.language.BadRules``.
        """
        rules = read_folder(spoken)
        foreign = [(_endings(own), own) for name, own in rules.items() if name != locale.FALLBACK]
        files = {
            name: yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))
            for name in (
                "money",
                "categories",
                "colours",
                "brands",
                "sizes",
                "delivery",
                "loyalty",
                "cities",
                "contact",
                "pictures",
            )
        }
        prices = Prices.of(files["money"])
        tree, colours, cities, loyalty = (files[n] for n in ("categories", "colours", "cities", "loyalty"))
        leaves = {f"{top}/{leaf}": row for top, node in tree.items() for leaf, row in node["leaves"].items()}

        def others(kind: str, *, leaves_of: Mapping[str, Any] | None = None) -> list[tuple[Endings, Words]]:
            """Each other language's words of a kind; a leaf's are those of all paths that end in it."""
            return [
                (endings, own["words"].get(kind) or {})
                if leaves_of is None
                else (endings, {p: own["words"].get(kind, {}).get(p.split("/")[1], ()) for p in leaves_of})
                for endings, own in foreign
            ]

        def base(value: str) -> int:
            return locale.minor(Decimal(value), prices.base)

        sizes = [(endings, (own.get("size") or {}).get("names") or {}) for endings, own in foreign]
        return cls(
            prices=prices,
            categories=leaves,
            departments=tuple(tree),
            things=frozenset(thing for own in rules.values() for thing in own.get("things") or ()),
            colours={name: row["shade"] for name, row in colours.items()},
            brands=files["brands"],
            size_groups={name: SizeGroup.of(name, row, sizes) for name, row in files["sizes"].items()},
            countries=files["delivery"],
            zones={country: row["zone"] for country, row in cities.items()},
            places={
                name: Place(name, country, row["at"][0], row["at"][1], row["region"], row["postcode"])
                for country, rows in cities.items()
                for name, row in rows["cities"].items()
            },
            pictures=files["pictures"],
            tiers=tuple(Tier(n, base(row["from"]), row["times"]) for n, row in loyalty["tiers"].items()),
            points_per_100=loyalty["points_per_100"],
            point_value=base(loyalty["point_value"]),
            gift_wrap_fee=base(files["money"]["gift_wrap"]),
            leaf_words=Vocabulary(
                {path: [path.split("/")[1], *row["words"]] for path, row in leaves.items()},
                others("category", leaves_of=leaves),
            ),
            department_words=Vocabulary(
                {top: node["words"] for top, node in tree.items()},
                others("department"),
                [word for own in rules.values() for units in own["money"].values() for word in units],
            ),
            colour_words=Vocabulary({name: row["words"] for name, row in colours.items()}, others("colour")),
            brand_words=Vocabulary(
                {name: [name.replace("&", "and")] for name in files["brands"]}, others("brand")
            ),
            place_words=Vocabulary(
                {n: row.get("words", ()) for rows in cities.values() for n, row in rows["cities"].items()},
                others("city"),
            ),
            language_words=Vocabulary(files["contact"]["languages"], others("language")),
            channel_words=Vocabulary(files["contact"]["channels"], others("channel")),
            hour_words=Vocabulary(files["contact"]["hours"], others("hours")),
            finders=Finders(rules),
        )

    def grammar(self, text: str, language: str | None = None) -> Grammar:
        """How to read numbers, money and dates in ``text``: by its script, else in ``language``."""
        return self.finders.for_text(text, language).grammar

    def category(self, text: str) -> list[str]:
        """Category paths that ``text`` names, most exact first: "dress" has two, "women's dresses" one.

        A department alone ("home") is its own path; nothing known is an empty list.
        """
        if text in self.categories or text in self.departments:
            return [text]
        tops = self.department_words.find(text)
        named = [
            [leaf for leaf in leaves if leaf.split("/")[0] in tops] or leaves
            for leaves in self.leaf_words.find_each(text)
        ]
        things = [top for top in tops if top in self.things]
        return list(dict.fromkeys(leaf for leaves in named for leaf in leaves)) or (things or tops)[-1:]

    def colour(self, text: str) -> str | None:
        return self.colour_words.one(text)

    def brand(self, text: str) -> str | None:
        return self.brand_words.one(text)

    def place(self, text: str) -> Place | None:
        name = self.place_words.one(text)
        return self.places[name] if name else None

    def size_group(self, category: str) -> str:
        """The size group of a leaf, or of a department if all its sized leaves share one; else ""."""
        groups = {
            row["sizes"]
            for path, row in self.categories.items()
            if path == category or path.startswith(f"{category}/")
        } - {""}
        return groups.pop() if len(groups) == 1 else ""

    def size(self, group: str, text: str) -> str | None:
        """The size of ``group`` that ``text`` names: ``size("shoes", "uk 8")`` is "42"."""
        return self.size_groups[group].find(text) if group in self.size_groups else None

    def groups_of_size(self, text: str) -> dict[str, str]:
        """Size groups that know the size ``text`` names, with it; if some call it so themselves, those."""
        found = {name: group.find(text) for name, group in self.size_groups.items()}
        known = {name: size for name, size in found.items() if size}
        said = f" {fold(text)} "
        exact = {name: size for name, size in known.items() if f" {fold(size)} " in said}
        if not exact and not any(char.isdigit() for char in text):
            return dict([*known.items()][:1])  # "medium" is said of clothes, the first group
        return exact or known

    def currency_of(self, country: str | None) -> str:
        return self.prices.currency_of(country)

    def price(self, base_minor: int, currency: str) -> int:
        return self.prices.price(base_minor, currency)

    def gift_wrap(self, currency: str) -> int:
        return self.price(self.gift_wrap_fee, currency)

    def delivery_options(self, country: str | None, currency: str | None = None) -> list[DeliveryOption]:
        """The ways to ``country``, fees in ``currency`` (default: the country's)."""
        money = currency or self.currency_of(country)

        def shown(value: str | None) -> int | None:
            return (
                None if value is None else self.price(locale.minor(Decimal(value), self.prices.base), money)
            )

        return [
            DeliveryOption(name, shown(row["fee"]) or 0, shown(row.get("free_from")), tuple(row["days"]))
            for name, row in self._country(country)["options"].items()
        ]

    def delivery_dates(self, country: str | None, option: DeliveryOption, start: date) -> tuple[date, date]:
        """The first and the last day on which an order placed on ``start`` should arrive."""
        rest = self._country(country)["rest"]
        return working_day(start, option.days[0], rest), working_day(start, option.days[1], rest)

    def payment_methods(self, country: str | None) -> list[str]:
        return list(self._country(country)["payment"])

    def carriers(self, country: str | None) -> list[str]:
        return list(self._country(country)["carriers"])

    def tier(self, spend: int) -> Tier:
        return next(tier for tier in reversed(self.tiers) if spend >= tier.starts_at)

    def _country(self, country: str | None) -> Mapping[str, Any]:
        return self.countries.get(country or "") or self.countries["other"]


def _endings(rules: Rules) -> Endings:
    return Endings(rules.get("endings") or (), rules.get("changes"))


def working_day(start: date, days: int, rest: list[int]) -> date:
    """``days`` working days after ``start``; ``rest`` are weekdays off, Monday is 0."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() not in rest
    return day

"""All rows of the demo, table by table. Pure but for reading the data files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.shop.demo.chance import Chance, Rows
from actions.shop.demo.orders import OrderMaker
from actions.shop.demo.people import make_people
from actions.shop.demo.products import make_offers, make_products, make_stores
from actions.shop.reference import Reference

SEED = 20261
CUSTOMERS = 500
ORDERS = 3000
FOLDER = Path("data/shop")


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """One of the chosen customers; ``story`` is the key of the text ``shop.story.<story>``."""

    id: str
    name: str
    locale: str
    story: str


@cache
def demo_customers(seed: int = SEED, folder: Path = FOLDER) -> tuple[DemoCustomer, ...]:
    """The eight chosen customers, always with the same ids."""
    chance = Chance(seed, "people")
    return tuple(
        DemoCustomer(chance.id(number), f"{row['given']} {row['family']}", row["locale"], key)
        for number, (key, row) in enumerate(_read(folder, "stories").items())
    )


def generate(
    clock: datetime,
    seed: int = SEED,
    folder: Path = FOLDER,
    customers: int = CUSTOMERS,
    orders: int = ORDERS,
) -> Iterator[tuple[str, Rows]]:
    """Yields (what was made, its rows by table) in an order in which they can be inserted."""
    clock = clock.replace(second=0, microsecond=0)
    reference = Reference.load(folder)
    stories = _read(folder, "stories")
    catalogue = make_products(seed, clock, reference, _read(folder, "words"))
    yield "products", catalogue
    places = make_stores(seed, _read(folder, "stores")) | make_offers(seed, clock, _read(folder, "offers"))
    yield "stores", places
    streets = {country: row["streets"] for country, row in _read(folder, "cities").items()}
    people = make_people(seed, clock, reference, _read(folder, "people"), streets, stories, customers)
    yield "customers", people
    yield "orders", OrderMaker(seed, clock, reference, catalogue, stories).all(people, orders)


def _read(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))

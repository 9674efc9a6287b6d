"""The demo's products, their variants, stores and offers: made of words in data files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from actions import locale
from actions.shop.demo.chance import Chance, Rows
from actions.shop.reference import Reference


def make_products(seed: int, clock: datetime, reference: Reference, words: Mapping[str, Any]) -> Rows:
    """As many products as each category wants, each with its variants."""
    rows: Rows = {"products": [], "variants": []}
    for category, leaf in reference.categories.items():
        chance = Chance(seed, f"products:{category}")
        collections = chance.sample(words["collections"], leaf["make"])
        for number, collection in enumerate(collections):
            product = _product(chance, clock, reference, words, category, leaf, collection, number)
            rows["products"].append(product)
            rows["variants"] += _variants(chance, reference, leaf, product["id"])
    return rows


def _product(
    chance: Chance,
    clock: datetime,
    reference: Reference,
    words: Mapping[str, Any],
    category: str,
    leaf: Mapping[str, Any],
    collection: str,
    number: int,
) -> dict[str, Any]:
    department = category.split("/")[0]
    brand = chance.choice([name for name, row in reference.brands.items() if department in row["makes"]])
    noun = leaf["nouns"][number % len(leaf["nouns"])]
    material, detail = chance.choice(leaf["materials"]), chance.choice(leaf["details"])
    pattern, care = chance.weighted(words["patterns"]), chance.choice(words["care"])
    opening = words["opening_home" if department in ("home", "accessories", "shoes") else "opening"]
    filled = {
        "article": "An" if noun[0] in "AEIOU" else "A",
        "noun": noun.lower(),
        "material": material,
        "brand": brand,
        "collection": collection,
        "detail": detail,
    }
    sentences = (chance.choice(opening), chance.choice(words["middle"]), care)
    text = " ".join(_sentence(sentence.format_map(filled)) for sentence in sentences)
    low, high = leaf["price"]
    level = reference.brands[brand]["level"]
    price = round((low + (high - low) * chance.betavariate(2, 3)) * level / 50) * 50 - 1
    attributes = {"kind": noun, "material": material, "detail": detail, "pattern": pattern, "care": care}
    if leaf["sizes"] in ("clothes", "waist"):
        attributes["fit"] = chance.choice(words["fits"])
    return {
        "id": chance.id(number),
        "name": f"{collection} {noun}",
        "brand": brand,
        "category": category,
        "size_group": leaf["sizes"],
        "description": text,
        "attributes": attributes,
        "price": price * 10 ** locale.decimals(reference.prices.base),
        "rating": min(50, round(chance.gauss(42, 4))),
        "ratings": int(chance.lognormvariate(3, 1)),
        "updated_at": clock,
    }


def _sentence(text: str) -> str:
    """``text`` with a capital first letter, ending in one full stop."""
    return text[0].upper() + text[1:]


def _variants(
    chance: Chance, reference: Reference, leaf: Mapping[str, Any], product_id: str
) -> list[dict[str, Any]]:
    group = leaf["sizes"]
    sizes = reference.size_groups[group].sizes if group else ("",)
    colours = chance.sample(leaf.get("colours") or list(reference.colours), chance.randint(2, 4))
    return [
        {
            "id": chance.id(product_id, size, colour),
            "product_id": product_id,
            "size": size,
            "colour": colour,
            "stock": 0 if chance.random() < 0.14 else chance.randint(1, 40),
        }
        for colour in colours
        for size in sizes
    ]


def make_stores(seed: int, stores: list[Mapping[str, Any]]) -> Rows:
    chance = Chance(seed, "stores")
    return {
        "stores": [
            {
                "id": chance.id(row["name"]),
                "name": row["name"],
                "line": row["line"],
                "city": row["city"],
                "country": row["country"],
                "latitude": row["at"][0],
                "longitude": row["at"][1],
                "phone": row["phone"],
                "time_zone": row["zone"],
                "hours": [hours.split("-") if hours else None for hours in row["hours"]],
            }
            for row in stores
        ]
    }


def make_offers(seed: int, clock: datetime, offers: list[Mapping[str, Any]]) -> Rows:
    """Offers run for whole days of UTC around the clock's day."""
    chance = Chance(seed, "offers")
    today = datetime.combine(clock.date(), time(), clock.tzinfo)
    return {
        "offers": [
            {
                "id": chance.id(row["code"]),
                "code": row["code"],
                "kind": row["kind"],
                "value": row["value"],
                "category": row.get("category"),
                "tier": row.get("tier"),
                "starts_at": today + timedelta(days=row["days"][0]),
                "ends_at": today + timedelta(days=row["days"][1]),
            }
            for row in offers
        ]
    }

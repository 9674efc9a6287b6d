"""The demo's customers: names, addresses, wishes, consents. None of them exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from actions.shop.demo.chance import Chance, Rows
from actions.shop.reference import Reference

MAIL = "mail.example"  # a domain that never delivers
CHANNELS = ("email", "whatsapp", "sms", "phone")
PURPOSES = {"newsletter": 0.45, "sms": 0.25, "personalisation": 0.8}


def make_people(
    seed: int,
    clock: datetime,
    reference: Reference,
    people: Mapping[str, Any],
    streets: Mapping[str, list[str]],
    stories: Mapping[str, Any],
    count: int,
) -> Rows:
    """``count`` customers, the chosen ones of ``stories`` first."""
    chance = Chance(seed, "people")
    rows: Rows = {
        name: [] for name in ("customers", "customer_addresses", "customer_preferences", "customer_consents")
    }
    taken: set[str] = set()
    shares = {country: row["share"] for country, row in people.items()}
    plans: list[tuple[str | None, Mapping[str, Any]]] = [*stories.items()]
    plans += [(None, {})] * (count - len(plans))
    for number, (key, story) in enumerate(plans):
        country = story.get("country") or chance.weighted(shares)
        row = people[country]
        given = story.get("given") or chance.choice(row["given"])
        family = story.get("family") or chance.choice(row["family"])
        customer = {
            "id": chance.id(number),
            "name": f"{given} {family}",
            "given_name": given,
            "email": _email(story.get("latin") or f"{given}.{family}", taken),
            "phone": row["dial"] + "".join(str(chance.randrange(10)) for _ in range(row["digits"])),
            "locale": story.get("locale") or chance.weighted(row["locales"]),
            "country": country,
            "time_zone": reference.zones[country],
            "demo": key,
            "since": clock - timedelta(days=chance.randint(410, 1500) if key else chance.randint(20, 1500)),
        }
        rows["customers"].append(customer)
        rows["customer_addresses"] += _addresses(
            chance, reference, streets[country], customer, story.get("city")
        )
        wishes = story.get("preferences") if key else _wishes(chance, reference)
        rows["customer_preferences"] += [
            {
                "id": chance.id(customer["id"], name),
                "customer_id": customer["id"],
                "name": name,
                "value": value,
                "source": "seed",
                "at": customer["since"] + timedelta(days=3),
            }
            for name, value in (wishes or {}).items()
        ]
        rows["customer_consents"] += [
            {
                "id": chance.id(customer["id"], purpose),
                "customer_id": customer["id"],
                "purpose": purpose,
                "granted": chance.random() < likely,
                "source": "seed",
                "at": customer["since"],
            }
            for purpose, likely in PURPOSES.items()
        ]
    return rows


def _email(name: str, taken: set[str]) -> str:
    plain = name.lower().replace(" ", "").replace("'", "")
    number, address = 1, f"{plain}@{MAIL}"
    while address in taken:
        number += 1
        address = f"{plain}{number}@{MAIL}"
    taken.add(address)
    return address


def _addresses(
    chance: Chance,
    reference: Reference,
    streets: list[str],
    customer: Mapping[str, Any],
    city: str | None,
) -> list[dict[str, Any]]:
    cities = [place for place in reference.places.values() if place.country == customer["country"]]
    addresses = []
    for label in ("home", "work")[: 2 if chance.random() < 0.3 else 1]:
        place = reference.places[city] if city else chance.choice(cities)
        addresses.append(
            {
                "id": chance.id(customer["id"], label),
                "customer_id": customer["id"],
                "label": label,
                "line": f"{chance.randint(1, 240)} {chance.choice(streets)}",
                "city": place.name,
                "region": place.region,
                "postcode": place.postcode,
                "country": place.country,
                "is_default": label == "home",
            }
        )
    return addresses


def _wishes(chance: Chance, reference: Reference) -> dict[str, Any]:
    """What every second customer has told before."""
    wishes: dict[str, Any] = {}
    if chance.random() < 0.5:
        return wishes
    wishes["sizes"] = {
        name: chance.choice(reference.size_groups[name].sizes[1:-1]) for name in ("clothes", "shoes")
    }
    if chance.random() < 0.5:
        wishes["categories"] = sorted(chance.sample(list(reference.categories), 2))
    if chance.random() < 0.2:
        wishes["avoid_brands"] = [chance.choice(list(reference.brands))]
    if chance.random() < 0.4:
        wishes["colours"] = sorted(chance.sample(list(reference.colours), 2))
    if chance.random() < 0.3:
        wishes["contact_channel"] = chance.choice(CHANNELS)
    return wishes

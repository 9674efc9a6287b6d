"""The demo's orders with all that belongs to them: lines, events, payments, refunds, cases, points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from actions import locale
from actions.shop.demo.chance import Chance, Rows
from actions.shop.demo.history import WAYS, Journey, travel
from actions.shop.orders import REFUND_DAYS
from actions.shop.reference import DeliveryOption, Reference

FIRST_NUMBER = 200001  # of orders without a story
TABLES = ("orders", "order_lines", "tracking_events", "payments", "refunds", "cases", "points_entries")
WEARERS, OTHERS = ("women", "men"), ("kids", "shoes", "accessories", "home")  # departments
COME_BACK = ("returned", "refunded", "cancelled", "lost")


class OrderMaker:
    """Makes orders from a seed; what it has made is in ``rows``."""

    def __init__(
        self, seed: int, clock: datetime, reference: Reference, catalogue: Rows, stories: Mapping[str, Any]
    ) -> None:
        self.rows: Rows = {name: [] for name in TABLES}
        self._chance = Chance(seed, "orders")
        self._clock, self._reference = clock, reference
        self._products = {product["id"]: product for product in catalogue["products"]}
        self._variants = catalogue["variants"]
        self._number = FIRST_NUMBER
        self._seed, self._stories = seed, stories
        self._tastes: dict[str, list[Mapping[str, Any]]] = {}

    def all(self, people: Rows, count: int) -> Rows:
        """``count`` orders: those of the stories, then the rest, more of them by few good customers."""
        homes = {row["customer_id"]: row for row in people["customer_addresses"] if row["is_default"]}
        chosen = [customer for customer in people["customers"] if customer["demo"]]
        for customer in chosen:
            self._story(customer, homes[customer["id"]], self._stories[customer["demo"]])
        others = [customer for customer in people["customers"] if not customer["demo"]]
        eager = [self._chance.paretovariate(1.3) for _ in others]
        for customer in self._chance.choices(others, eager, k=count - len(self.rows["orders"])):
            self._past(customer, homes[customer["id"]])
        return self.rows

    def _story(self, customer: Mapping[str, Any], home: Mapping[str, Any], story: Mapping[str, Any]) -> None:
        for plan in story["orders"]:
            events = [(s, self._ago(hours), place) for s, hours, place in plan["events"]]
            wanted = [
                (self._variant(customer, category, size), quantity)
                for category, size, quantity in plan["lines"]
            ]
            option = self._reference.delivery_options(customer["country"])[0]
            order = self._order(
                customer, home, plan["number"], wanted, option, Journey(events), self._ago(-plan["promised"])
            )
            if "return" in plan:
                self._return(order, plan["return"], events[-1][1])
        for _ in range(story.get("history", 0)):
            self._past(customer, home, way="fine", ages=(40, 300))
        goal = locale.minor(Decimal(story.get("spend", "0")), self._reference.prices.base)
        spent = sum(o["base_total"] for o in self.rows["orders"] if o["customer_id"] == customer["id"])
        while spent < goal:
            spent += self._past(customer, home, way="fine", ages=(20, 330), most_lines=1)["base_total"]

    def _past(
        self,
        customer: Mapping[str, Any],
        home: Mapping[str, Any],
        way: str | None = None,
        ages: tuple[int, int] = (0, 540),
        most_lines: int = 4,
    ) -> Mapping[str, Any]:
        """One order of the past, more likely a recent one."""
        chance, country = self._chance, customer["country"]
        youth = chance.random() ** 1.6
        latest = min(ages[1], (self._clock - customer["since"]).days)
        placed = self._clock - timedelta(
            days=ages[0] + youth * max(0, latest - ages[0]), minutes=chance.randint(1, 600)
        )
        placed = max(placed.replace(second=chance.randrange(60), microsecond=0), customer["since"])
        option = chance.choice(self._reference.delivery_options(country))
        promised = self._promised(placed, country, option)
        journey = travel(
            chance, way or chance.weighted(WAYS), placed, promised, country, home["city"], self._clock
        )
        liked = self._liked(customer)
        wanted = [
            (chance.choice(liked), 1 if chance.random() < 0.85 else 2)
            for _ in range(min(most_lines, chance.choices((1, 2, 3, 4), (50, 30, 14, 6))[0]))
        ]
        number = f"SO-{self._number}"
        self._number += 1
        return self._order(customer, home, number, wanted, option, journey, promised)

    def _order(
        self,
        customer: Mapping[str, Any],
        home: Mapping[str, Any],
        number: str,
        wanted: Sequence[tuple[Mapping[str, Any], int]],
        option: DeliveryOption,
        journey: Journey,
        promised: datetime,
    ) -> dict[str, Any]:
        chance, reference = self._chance, self._reference
        currency = reference.currency_of(customer["country"])
        order_id, placed = chance.id(number), journey.events[0][1]
        lines = self._lines(order_id, wanted, currency)
        goods = sum(line["price"] * line["quantity"] for line in lines)
        discount = goods // 10 if chance.random() < 0.15 else 0
        free = option.free_from is not None and goods >= option.free_from
        fee = 0 if free else option.fee
        total = goods - discount + fee
        packed, shipped = journey.at("packed"), journey.at("shipped")
        order = {
            "id": order_id,
            "number": number,
            "customer_id": customer["id"],
            "email": customer["email"],
            "status": journey.status,
            "currency": currency,
            "goods": goods,
            "discount": discount,
            "delivery_fee": fee,
            "total": total,
            "base_total": reference.prices.to_base(total, currency),
            "delivery": option.name,
            "address": {
                "name": customer["name"],
                **{name: home[name] for name in ("line", "city", "region", "postcode", "country")},
            },
            "gift_wrap": False,
            "gift_note": "",
            "carrier": chance.choice(reference.carriers(customer["country"])) if shipped else None,
            "tracking": f"TR{chance.randrange(10**9, 10**10)}" if shipped else None,
            "invoice": f"INV-{number[3:]}" if packed else None,
            "placed_at": placed,
            "promised_at": promised,
            "delivered_at": journey.at("delivered"),
            "cancelled_at": journey.at("cancelled"),
        }
        self.rows["orders"].append(order)
        self.rows["order_lines"] += lines
        self.rows["tracking_events"] += [
            {"id": chance.id(order_id, i), "order_id": order_id, "status": status, "place": place, "at": at}
            for i, (status, at, place) in enumerate(journey.events)
        ]
        self._money(order, journey)
        return order

    def _money(self, order: Mapping[str, Any], journey: Journey) -> None:
        """The payment, what came back of it, and the points of a delivered order."""
        chance, order_id = self._chance, order["id"]
        # Who pays at the door has nothing to get back of what was lost on the way.
        methods = self._reference.payment_methods(order["address"]["country"])
        lost = journey.at("lost")
        method = chance.choice([name for name in methods if not (lost and name == "cash")])
        delivered, cancelled = order["delivered_at"], order["cancelled_at"]
        paid = method != "cash" or delivered is not None
        status = "paid" if paid else "void" if cancelled else "due"
        self.rows["payments"].append(
            {
                "id": chance.id(order_id, "payment"),
                "order_id": order_id,
                "method": method,
                "amount": order["total"],
                "status": status,
                "at": delivered if method == "cash" and delivered else order["placed_at"],
            }
        )
        if cancelled and paid:
            self._refund(order, "cancel", order["total"], cancelled, None)
        if lost and journey.status == "refunded":
            self._refund(order, "lost", order["total"], lost, journey.at("refunded"))
        if journey.status == "refunded" and delivered:
            self._refund(
                order, "return", order["goods"] - order["discount"], delivered, journey.at("refunded")
            )
            self._case(order, "return", None, delivered + timedelta(hours=20), "done")
        if delivered and order["status"] not in COME_BACK:
            points = order["base_total"] * self._reference.points_per_100 // 100
            points //= 10 ** locale.decimals(self._reference.prices.base)
            self.rows["points_entries"].append(
                {
                    "id": chance.id(order_id, "points"),
                    "customer_id": order["customer_id"],
                    "key": f"earn:{order['number']}",
                    "kind": "earn",
                    "points": max(1, points),
                    "order_id": order_id,
                    "at": delivered,
                }
            )

    def _return(self, order: Mapping[str, Any], position: int, arrived: datetime) -> None:
        """A line that came back and whose money is on its way."""
        line = next(
            line
            for line in self.rows["order_lines"]
            if line["order_id"] == order["id"] and line["position"] == position
        )
        amount = line["price"] * line["quantity"]
        amount -= order["discount"] * amount // order["goods"]
        self._refund(order, f"return:{position}", amount, arrived, None, pending=True)
        self._case(order, "return", position, arrived - timedelta(days=6), "open")

    def _refund(
        self,
        order: Mapping[str, Any],
        key: str,
        amount: int,
        asked: datetime,
        paid: datetime | None,
        pending: bool = False,
    ) -> None:
        expected = asked + timedelta(days=REFUND_DAYS)
        if paid is None and not pending and expected <= self._clock:
            paid = expected - timedelta(hours=self._chance.randint(2, 60))
        self.rows["refunds"].append(
            {
                "id": self._chance.id(order["id"], key),
                "order_id": order["id"],
                "key": key,
                "amount": amount,
                "status": "paid" if paid else "pending",
                "requested_at": asked,
                "expected_at": expected,
                "paid_at": paid,
            }
        )

    def _case(
        self, order: Mapping[str, Any], kind: str, position: int | None, at: datetime, status: str
    ) -> None:
        key = kind if position is None else f"{kind}:{position}"
        self.rows["cases"].append(
            {
                "id": self._chance.id(order["id"], "case", key),
                "number": f"CA-{order['number'][3:]}",
                "order_id": order["id"],
                "key": key,
                "kind": kind,
                "position": position,
                "status": status,
                "details": {},
                "at": at,
            }
        )

    def _lines(
        self, order_id: str, wanted: Sequence[tuple[Mapping[str, Any], int]], currency: str
    ) -> list[dict[str, Any]]:
        lines = []
        for position, (variant, quantity) in enumerate(wanted, 1):
            product = self._products[variant["product_id"]]
            lines.append(
                {
                    "id": self._chance.id(order_id, "line", position),
                    "order_id": order_id,
                    "position": position,
                    "product_id": product["id"],
                    "variant_id": variant["id"],
                    "name": product["name"],
                    "size": variant["size"],
                    "colour": variant["colour"],
                    "quantity": quantity,
                    "price": self._reference.price(product["price"], currency),
                }
            )
        return lines

    def _variant(self, customer: Mapping[str, Any], category: str, size: str | None) -> Mapping[str, Any]:
        """Any variant in the category and size; which one hangs on the customer alone."""
        fits = [
            variant
            for variant in self._variants
            if self._products[variant["product_id"]]["category"] == category
            and variant["size"] == (size or "")
        ]
        return Chance(0, f"story:{customer['demo']}:{category}").choice(fits)

    def _liked(self, customer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """What the customer would buy: of some departments, in the customer's sizes."""
        if customer["id"] not in self._tastes:
            chance = Chance(self._seed, f"taste:{customer['id']}")
            wearer = (self._stories.get(customer["demo"]) or {}).get("wears") or chance.choice(WEARERS)
            departments = {wearer, *chance.sample(OTHERS, 2)}
            sizes = {chance.choice(group.sizes) for group in self._reference.size_groups.values()} | {""}
            self._tastes[customer["id"]] = [
                variant
                for variant in self._variants
                if variant["size"] in sizes
                and self._products[variant["product_id"]]["category"].split("/")[0] in departments
            ]
        return self._tastes[customer["id"]]

    def _promised(self, placed: datetime, country: str, option: DeliveryOption) -> datetime:
        zone = ZoneInfo(self._reference.zones[country])
        _, last = self._reference.delivery_dates(country, option, placed.astimezone(zone).date())
        return datetime.combine(last, time(20), zone).astimezone(placed.tzinfo)

    def _ago(self, hours: float) -> datetime:
        return self._clock - timedelta(hours=hours)

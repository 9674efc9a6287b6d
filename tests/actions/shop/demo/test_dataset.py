from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.shop.demo import SEED, demo_customers, generate
from actions.shop.demo.chance import Rows
from actions.shop.orders import STATUSES, UNDERWAY
from actions.shop.reference import Reference
from tests.actions.world import NOW

PRINT = """
import hashlib, json, sys
from datetime import datetime
from actions.shop.demo import generate
made = list(generate(datetime.fromisoformat(sys.argv[1]), customers=40, orders=120))
print(hashlib.sha256(json.dumps(made, default=str).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def demo() -> Rows:
    return {table: rows for _, tables in generate(NOW) for table, rows in tables.items()}


def digest(**more: Any) -> str:
    made = list(generate(more.pop("clock", NOW), customers=40, orders=120, **more))
    return hashlib.sha256(json.dumps(made, default=str).encode()).hexdigest()


def test_the_same_seed_and_clock_give_the_same_bytes_in_any_process() -> None:
    assert digest() == digest()
    elsewhere = subprocess.run(
        [sys.executable, "-c", PRINT, NOW.isoformat()], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "1234"},
    )  # fmt: skip
    assert elsewhere.stdout.strip() == digest()


def test_another_seed_or_another_day_gives_other_data() -> None:
    assert len({digest(), digest(seed=7), digest(clock=NOW + timedelta(days=1))}) == 3


def test_the_shop_is_as_big_as_promised(demo: Rows) -> None:
    assert len(demo["products"]) >= 300
    assert len(demo["customers"]) == 500
    assert len(demo["orders"]) == 3000
    assert {row["country"] for row in demo["customers"]} == {"IN", "BD", "GR", "IR", "IE", "US"}
    assert {row["currency"] for row in demo["orders"]} == {"INR", "BDT", "EUR", "IRR", "USD"}
    assert {row["status"] for row in demo["orders"]} == {*STATUSES}
    assert len({row["name"] for row in demo["products"]}) > 300


def test_ids_numbers_and_emails_are_unique(demo: Rows) -> None:
    for table, rows in demo.items():
        assert len({row["id"] for row in rows}) == len(rows), table
    for table, column in (("orders", "number"), ("customers", "email"), ("cases", "number")):
        values = [row[column] for row in demo[table]]
        assert len(set(values)) == len(values)


def test_the_money_of_every_order_adds_up(demo: Rows) -> None:
    goods: Counter[str] = Counter()
    for line in demo["order_lines"]:
        goods[line["order_id"]] += line["price"] * line["quantity"]
    for order in demo["orders"]:
        assert order["goods"] == goods[order["id"]]
        assert order["total"] == order["goods"] - order["discount"] + order["delivery_fee"]
    paid = {row["order_id"]: row for row in demo["payments"]}
    totals = {order["id"]: order["total"] for order in demo["orders"]}
    assert all(paid[order]["amount"] == total for order, total in totals.items())
    assert all(0 < row["amount"] <= totals[row["order_id"]] for row in demo["refunds"])
    assert {paid[row["order_id"]]["status"] for row in demo["refunds"]} == {"paid"}


def test_every_history_is_in_order_and_ends_in_the_orders_status(demo: Rows) -> None:
    events: dict[str, list[dict[str, Any]]] = {}
    for event in demo["tracking_events"]:
        events.setdefault(event["order_id"], []).append(event)
    for order in demo["orders"]:
        story = events[order["id"]]
        assert [event["at"] for event in story] == sorted(event["at"] for event in story)
        assert story[0]["status"] == "placed"
        assert story[-1]["at"] <= NOW
        assert [e["status"] for e in story if e["status"] in STATUSES][-1] == order["status"]
        assert (order["carrier"] is None) == all(event["status"] != "shipped" for event in story)


def test_nothing_happens_before_its_customer_was_one(demo: Rows) -> None:
    since = {row["id"]: row["since"] for row in demo["customers"]}
    assert all(order["placed_at"] >= since[order["customer_id"]] for order in demo["orders"])


def test_the_chosen_customers_are_the_same_eight_with_their_stories(demo: Rows) -> None:
    chosen = demo_customers()
    assert [(c.id, c.name) for c in chosen] == [(r["id"], r["name"]) for r in demo["customers"][:8]]
    assert demo_customers(SEED) == chosen
    assert {c.locale.split("-")[0] for c in chosen} == {"en", "hi", "bn", "el", "fa"}
    of = {order["number"]: order for order in demo["orders"]}
    assert of["SO-100123"]["status"] == "out_for_delivery"
    late = of["SO-100124"]
    assert late["status"] in UNDERWAY
    assert late["promised_at"] < NOW
    pending = [row for row in demo["refunds"] if row["order_id"] == of["SO-100125"]["id"]]
    assert [row["status"] for row in pending] == ["pending"]
    assert of["SO-100127"]["status"] == "cancelled"
    assert of["SO-100129"]["status"] == "placed"
    back = {row["order_id"] for row in demo["refunds"]}
    sent_back = {order["id"] for order in demo["orders"] if order["status"] == "refunded"}
    assert sent_back <= back
    gold = sum(o["base_total"] for o in demo["orders"] if o["customer_id"] == chosen[3].id)
    assert Reference.load().tier(gold).name == "gold"


@given(st.integers(0, 2**32))
@settings(max_examples=4, deadline=None)
def test_any_seed_makes_a_shop(seed: int) -> None:
    made = {
        table: rows
        for _, tables in generate(NOW, seed, customers=12, orders=60)
        for table, rows in tables.items()
    }
    assert (len(made["customers"]), len(made["orders"])) == (12, 60)

"""The demo shop's calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from actions.shop.demo import demo_customers
from actions.shop.models import Product
from handoff.channels.identity import verify
from handoff.channels.registry import Made
from tests.support.gateway import Gateway, gateway


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Gateway]:
    async with gateway(database_url) as made:
        yield made


@pytest.fixture
async def inbox(running: Gateway) -> Made:
    await running.inbox()
    return await running.inbox(demo=True)


@pytest.fixture
async def http(running: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{running.url}/api/demo/") as client:
        yield client


async def test_the_page_learns_its_inbox_and_words(inbox: Made, http: httpx.AsyncClient) -> None:
    answer = (await http.get("shop", params={"locale": "en-IN"})).json()
    assert answer["inbox"] == inbox.inbox.id
    assert "en-IN" in answer["locales"]
    assert answer["texts"]


async def test_without_a_demo_inbox_there_is_no_demo(running: Gateway, http: httpx.AsyncClient) -> None:
    await running.inbox()
    assert (await http.get("shop")).status_code == 404


async def test_a_chosen_customer_gets_an_identity_that_holds(inbox: Made, http: httpx.AsyncClient) -> None:
    customers = (await http.get("customers")).json()
    assert len(customers) == 8
    chosen = customers[0]["id"]
    identity = (await http.post("identity", json={"customer": chosen})).json()
    assert verify(inbox.secret, identity, datetime.now(UTC)) == chosen


async def test_nobody_else_gets_one(inbox: Made, http: httpx.AsyncClient) -> None:
    for customer in ("somebody", "", demo_customers()[0].id + "x"):
        assert (await http.post("identity", json={"customer": customer})).status_code == 404


async def test_products_are_mixed_and_priced_for_the_country(
    running: Gateway, inbox: Made, http: httpx.AsyncClient
) -> None:
    async with running.database.write() as session:
        for n, category in enumerate(["women/dresses", "women/dresses", "men/shirts"]):
            session.add(
                Product(
                    id=f"p{n}",
                    name=f"Thing {n}",
                    brand="B",
                    category=category,
                    size_group="",
                    description="",
                    price=10_00,
                    rating=50 - n,
                )
            )
    shelf = (await http.get("products", params={"locale": "en-IN", "limit": 2})).json()
    assert [one["title"] for one in shelf] == ["Thing 0", "Thing 2"]
    assert shelf[0]["price"].startswith("₹")
    assert shelf[0]["image"] == "/media/products/p0.svg"
    assert (await http.get("products", params={"locale": "<script>"})).status_code == 422

"""The demo shop's page: what it shows, and being one of its customers. Mounted with ``SETU_DEMO=1`` only."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from actions.db import Database
from actions.locale import money, parse
from actions.shop import wording
from actions.shop.demo import demo_customers
from actions.shop.models import Product
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff.channels.identity import sign
from handoff.channels.models import Inbox
from handoff.channels.registry import Inboxes
from handoff.errors import NotFound

VOUCHED_FOR = 3600  # seconds that an identity holds
LOCALE = Query(default="en", pattern=r"^[A-Za-z0-9-]{1,20}$")


class Chosen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer: str


def router(*, database: Database, inboxes: Inboxes, texts: Texts, reference: Reference) -> APIRouter:
    api = APIRouter(prefix="/api/demo", tags=["demo"])

    async def inbox_id() -> str:
        async with database.read() as session:
            rows = await session.scalars(
                select(Inbox).where(Inbox.channel == "web").order_by(Inbox.created_at)
            )
            found = next((row.id for row in rows if row.options.get("demo")), None)
        if found is None:
            raise NotFound("inbox_unknown")
        return found

    @api.get("/shop")
    async def shop(locale: str = LOCALE) -> dict[str, Any]:
        """The inbox of the page's widget, the locales of the demo's customers, and the page's words."""
        locales = list(dict.fromkeys(customer.locale for customer in demo_customers()))
        section = texts.section("demo", locale)
        return {"inbox": await inbox_id(), "locales": locales, "texts": section}

    @api.get("/customers")
    async def customers() -> list[dict[str, str]]:
        return [
            {
                "id": customer.id,
                "name": customer.name,
                "locale": customer.locale,
                "story": texts.say(f"shop.story.{customer.story}", "en"),
            }
            for customer in demo_customers()
        ]

    @api.post("/identity")
    async def identity(body: Chosen) -> dict[str, Any]:
        """The identity that a shop's server would sign for a customer: only for the chosen ones."""
        if body.customer not in {customer.id for customer in demo_customers()}:
            raise NotFound("customer_unknown")
        inbox = await inboxes.get(await inbox_id())
        return asdict(sign(inbox.secret or "", body.customer, int(time.time()) + VOUCHED_FOR))

    @api.get("/products")
    async def products(
        locale: str = LOCALE, limit: int = Query(default=24, ge=1, le=100)
    ) -> list[dict[str, Any]]:
        """A shelf of well-liked products, from all over the shop, priced for the locale's country."""
        currency = reference.currency_of(parse(locale).territory)
        async with database.read() as session:
            liked = select(Product).order_by(Product.rating.desc(), Product.ratings.desc(), Product.id)
            shelf = _mixed(list(await session.scalars(liked)))[:limit]
        return [
            {
                "id": product.id,
                "title": product.name,
                "subtitle": wording.category(texts, product.category, locale),
                "price": money(reference.price(product.price, currency), currency, locale),
                "image": f"/media/products/{product.id}.svg",
            }
            for product in shelf
        ]

    return api


def _mixed(products: list[Product]) -> list[Product]:
    """The best of each category first, then the second best of each…"""
    seen: dict[str, int] = {}
    ranks = []
    for product in products:
        ranks.append(seen.setdefault(product.category, 0))
        seen[product.category] += 1
    return [product for _, product in sorted(zip(ranks, products, strict=True), key=lambda pair: pair[0])]

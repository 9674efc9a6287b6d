"""Find and recommend products; stock; reviews.

Ranking happens in memory; what is returned is checked against the database as it is now, so a
product that was just sold out, or changed its price, is never shown as fitting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from actions.customers import preferences
from actions.decisions.recommender import Filters, Floats, Mask, Profile, Ranked, fits, rank, size_for, varied
from actions.errors import Invalid, NotFound, Refused
from actions.shop.models import Order, OrderLine, Product, Review, Variant
from actions.shop.reference import Reference
from actions.shop.shelf import Shelf, VectorFile, item

LOOK_EVERY = 5.0  # seconds between looks for changed products
KEEP = 300.0  # seconds after which stock in memory is read again
BOUGHT = 20  # latest purchases that tell the taste
NAMED, COLOURED = 0.6, 0.15  # what it adds to be of the category or brand, in the colour, that was named
LONGEST = 500  # characters of a search that are read
MIXED_FROM = 5  # times as many are looked at when different kinds of things are wanted
ALIKE = 0.45  # a search shows what is this much as relevant as the most relevant product, in stock or not


@dataclass(frozen=True, slots=True)
class Found:
    """A product to show. ``sizes`` and ``colours`` are those in stock that fit what was asked."""

    product: Product
    score: float
    reason: dict[str, Any]  # {"key", "values"}: text shop.reason.<key>
    sizes: tuple[str, ...]
    colours: tuple[str, ...]


class Products:
    """Search and recommendations over one shelf; one a process."""

    def __init__(self, reference: Reference, vectors: VectorFile) -> None:
        self._reference, self._vectors = reference, vectors
        self._shelf: Shelf | None = None
        self._stamp: tuple[int, datetime | None] | None = None
        self._looked = self._made = float("-inf")
        self._making = asyncio.Lock()

    async def warm(self, session: AsyncSession) -> None:
        """Make the shelf before the first customer asks."""
        await self._fresh(session)

    async def search(
        self, session: AsyncSession, text: str, filters: Filters | None = None, n: int = 5
    ) -> list[Found]:
        """Products that ``text`` describes and that meet ``filters``; typos and other words are fine.

        A text that is like nothing in the shop finds nothing.
        """
        shelf = await self._fresh(session)
        relevance = self._relevance(shelf, text)
        if relevance is None:
            return []
        only = relevance >= ALIKE * relevance.max()
        return await self._checked(session, shelf, Profile(), filters or Filters(), n, relevance, only)

    async def recommend(
        self,
        session: AsyncSession,
        customer_id: str | None,
        filters: Filters | None = None,
        n: int = 5,
        text: str = "",
    ) -> list[Found]:
        """Products for a customer: what fits the stored wishes, most like the ones bought and ``text``.

        ``filters`` go before the stored sizes, budget and categories; brands to avoid add up. Bought
        products are not shown again. Without a customer the filters and ratings alone decide.
        """
        shelf = await self._fresh(session)
        wanted, profile = filters or Filters(), Profile()
        if customer_id:
            stored = await preferences.of(session, customer_id)
            bought = await _bought(session, customer_id)
            wanted = with_wishes(wanted, stored, self._reference)
            wanted = replace(wanted, exclude={*wanted.exclude, *bought})
            profile = Profile(stored.get("categories", ()), stored.get("colours", ()), bought)
        relevance = self._relevance(shelf, text)
        browsing = relevance is None and not wanted.categories
        return await self._checked(session, shelf, profile, wanted, n, relevance, None, browsing)

    async def _checked(
        self,
        session: AsyncSession,
        shelf: Shelf,
        profile: Profile,
        filters: Filters,
        n: int,
        relevance: Floats | None,
        only: Mask | None,
        mixed: bool = False,
    ) -> list[Found]:
        """Rank, then keep what still fits in the database; ask for more when too much has changed."""
        spare = n + 3
        while True:
            reach = MIXED_FROM * spare if mixed else spare
            ranked = rank(
                shelf.catalogue, shelf.vectors, profile, filters, reach, relevance=relevance, only=only
            )
            ranked = varied(shelf.catalogue, ranked, spare) if mixed else ranked
            found = await _as_now(session, ranked, filters)
            if len(found) >= n or len(ranked) < spare:
                return found[:n]
            spare *= 4

    def _relevance(self, shelf: Shelf, text: str) -> Floats | None:
        """How well each item answers ``text``: likeness, and what known names add; None: it names nothing."""
        if not shelf.catalogue.items or not text.strip():
            return None
        relevance, alike = shelf.relevance(text[:LONGEST])
        named = np.zeros(len(shelf.catalogue.items), np.float32)
        if categories := self._reference.category(text):
            named += shelf.catalogue.in_categories(categories) * np.float32(NAMED)
        if brands := self._reference.brand_words.find(text):
            named += shelf.catalogue.of_brands(brands) * np.float32(NAMED)
        if colours := self._reference.colour_words.find(text):
            named += shelf.catalogue.with_colour(colours) * np.float32(COLOURED)
        return np.asarray(relevance + named, np.float32) if alike or named.any() else None

    async def _fresh(self, session: AsyncSession) -> Shelf:
        """The shelf, made again when products came, changed or went, and now and then for the stock."""
        async with self._making:
            moment = time.monotonic()
            if self._shelf is not None and moment - self._looked < LOOK_EVERY:
                return self._shelf
            count, newest = (
                await session.execute(select(func.count(), func.max(Product.updated_at)).select_from(Product))
            ).one()
            self._looked = moment
            if self._shelf is None or (count, newest) != self._stamp or moment - self._made > KEEP:
                products = list(await session.scalars(select(Product).order_by(Product.id)))
                variants = list(await session.scalars(select(Variant).order_by(Variant.id)))
                self._shelf = await asyncio.to_thread(Shelf, products, variants, self._vectors)
                self._stamp, self._made = (count, newest), moment
            return self._shelf


def with_wishes(filters: Filters, stored: dict[str, Any], reference: Reference) -> Filters:
    """``filters`` with the customer's stored sizes, budget and brands to avoid. Pure."""
    budget = stored.get("budget")
    most = reference.prices.ceiling(budget["amount"], budget["currency"]) if budget else None
    return replace(
        filters,
        avoid_brands={*filters.avoid_brands, *stored.get("avoid_brands", ())},
        sizes={**stored.get("sizes", {}), **filters.sizes},
        max_price=filters.max_price if filters.max_price is not None else most,
    )


async def get(session: AsyncSession, product_id: str) -> Product | None:
    """A product with its variants."""
    query = select(Product).where(Product.id == product_id).options(selectinload(Product.variants))
    return (await session.scalars(query)).one_or_none()


async def stock(
    session: AsyncSession, product_id: str, size: str | None = None, colour: str | None = None
) -> list[Variant]:
    """The product's variants (of that size, in that colour), sold-out ones too; empty if there are none."""
    query = select(Variant).where(Variant.product_id == product_id)
    if size is not None:
        query = query.where(Variant.size == size)
    if colour is not None:
        query = query.where(Variant.colour == colour)
    return list(await session.scalars(query.order_by(Variant.colour, Variant.id)))


async def review(
    session: AsyncSession, customer_id: str, product_id: str, rating: int, text: str, *, now: datetime
) -> Review:
    """Leave a review of something bought and delivered; a second one replaces the first.

    Raises ``Invalid`` (rating not 1 to 5, text over 2,000 characters), ``NotFound``, ``Refused``.
    """
    if not 1 <= rating <= 5:
        raise Invalid("rating_invalid")
    if len(text) > 2000:
        raise Invalid("note_too_long", limit=2000)
    product = await session.scalar(select(Product).where(Product.id == product_id).with_for_update())
    if product is None:
        raise NotFound("product_not_found")
    had_it = (
        select(OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.customer_id == customer_id,
            OrderLine.product_id == product_id,
            Order.delivered_at.is_not(None),
        )
    )
    if await session.scalar(had_it.limit(1)) is None:
        raise Refused("not_bought", name=product.name)
    query = select(Review).where(Review.product_id == product_id, Review.customer_id == customer_id)
    left = (await session.scalars(query)).one_or_none()
    total = product.rating * product.ratings
    if left is None:
        left = Review(product_id=product_id, customer_id=customer_id)
        session.add(left)
        product.ratings += 1
    else:
        total -= left.rating * 10
    product.rating = round((total + rating * 10) / product.ratings)
    left.rating, left.text, left.at = rating, text.strip(), now
    await session.flush()
    return left


async def _as_now(session: AsyncSession, ranked: Sequence[Ranked], filters: Filters) -> list[Found]:
    """The ranked products as the database has them now, without those that no longer fit."""
    query = select(Product).where(Product.id.in_([one.id for one in ranked]))
    rows = await session.scalars(query.options(selectinload(Product.variants)))
    products = {product.id: product for product in rows}
    found = []
    for one in ranked:
        product = products.get(one.id)
        if product is None:
            continue
        now = item(product, product.variants)
        if not fits(now, filters):
            continue
        size = size_for(now, filters)
        fitting = [
            variant
            for variant in product.variants
            if variant.stock > 0
            and (size is None or variant.size == size)
            and (not filters.colours or variant.colour in filters.colours)
        ]
        sizes = tuple(dict.fromkeys(variant.size for variant in fitting if variant.size))
        colours = tuple(dict.fromkeys(variant.colour for variant in fitting))
        found.append(Found(product, one.score, one.reason, sizes, colours))
    return found


async def _bought(session: AsyncSession, customer_id: str) -> list[str]:
    query = (
        select(OrderLine.product_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.customer_id == customer_id, Order.status.not_in(("cancelled", "refunded", "returned")))
        .order_by(Order.placed_at.desc(), OrderLine.position)
        .limit(BOUGHT)
    )
    return list(dict.fromkeys(await session.scalars(query)))

"""Which products to show: what fits by all that is wanted, the most similar first. Pure.

Hard wishes (stock in the size, budget, brands to avoid, category…) are a mask over columns, never
a weight: an item that breaks one is not returned, whatever its score. Ten thousand items take a
few milliseconds. A learned engine may take the place of :func:`rank` behind the same signature.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# What each kind of evidence weighs beside the relevance to what was asked; similarities are cosines.
LIKED, CATEGORY, COLOUR, RATING = 0.5, 0.25, 0.12, 0.15
RATING_PRIOR, RATING_MEAN = 20, 4.0  # ratings that an item without any is given


@dataclass(frozen=True, slots=True)
class Item:
    """A product as far as choosing goes. ``price`` in base minor units, ``rating`` 0..5."""

    id: str
    name: str
    category: str  # path
    brand: str
    size_group: str  # "": comes in one size
    price: int
    rating: float = 0.0
    ratings: int = 0
    variants: tuple[tuple[str, str, int], ...] = ()  # size, colour, stock


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold. Empty means: anything. ``sizes`` by size group or category path, the closest wins;
    ``size`` is one said for this search and goes before them; items of one size have no size to fit."""

    categories: Collection[str] = ()  # paths or their beginnings
    brands: Collection[str] = ()
    avoid_brands: Collection[str] = ()
    colours: Collection[str] = ()
    sizes: Mapping[str, str] = field(default_factory=dict)
    size: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    exclude: Collection[str] = ()  # product ids


@dataclass(frozen=True, slots=True)
class Profile:
    """What the customer is known to like: it moves items up, and is never a condition."""

    categories: Collection[str] = ()
    colours: Collection[str] = ()
    bought: Sequence[str] = ()  # product ids, newest first


@dataclass(frozen=True, slots=True)
class Ranked:
    """``reason`` is for a text: ``{"key": "like_bought", "values": {"name": …}}``."""

    id: str
    score: float
    reason: dict[str, Any]


def size_for(item: Item, filters: Filters) -> str | None:
    """The size an item has to have in stock; None if any will do."""
    if not item.size_group:
        return None
    return filters.size or _said_size(item.category, item.size_group, filters.sizes)


def _said_size(category: str, group: str, sizes: Mapping[str, str]) -> str | None:
    department = category.split("/")[0]
    return next((sizes[key] for key in (category, department, group) if key in sizes), None)


def in_category(category: str, wanted: Collection[str]) -> bool:
    return any(category == path or category.startswith(f"{path}/") for path in wanted)


def fits(item: Item, filters: Filters) -> bool:
    """Whether one item meets every wish: the plain statement of what :meth:`Catalogue.mask` computes."""
    size = size_for(item, filters)
    return (
        (not filters.categories or in_category(item.category, filters.categories))
        and (not filters.brands or item.brand in filters.brands)
        and item.brand not in filters.avoid_brands
        and item.id not in filters.exclude
        and (filters.min_price is None or item.price >= filters.min_price)
        and (filters.max_price is None or item.price <= filters.max_price)
        and any(
            stock > 0 and (size is None or has == size) and (not filters.colours or colour in filters.colours)
            for has, colour, stock in item.variants
        )
    )


class Catalogue:
    """Items as columns: made once, asked often."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = list(items)
        self.row = {item.id: row for row, item in enumerate(self.items)}
        self._kinds = sorted({(item.category, item.size_group) for item in self.items})
        kind_code = {kind: code for code, kind in enumerate(self._kinds)}
        self._kind = np.array([kind_code[item.category, item.size_group] for item in self.items], np.int32)
        self._brand = _Column([item.brand for item in self.items])
        self._price = np.array([item.price for item in self.items], np.int64)
        evidence = np.array([item.ratings for item in self.items], np.float32)
        stars = np.array([item.rating for item in self.items], np.float32)
        mean = (stars * evidence + RATING_MEAN * RATING_PRIOR) / (evidence + RATING_PRIOR)
        self.rating: Floats = np.asarray(mean / 5, np.float32)
        stocked = [
            (row, size, colour)
            for row, item in enumerate(self.items)
            for size, colour, stock in item.variants
            if stock > 0
        ]
        self._stocked_row = np.array([row for row, _, _ in stocked], np.int64)
        self._stocked_size = _Column([size for _, size, _ in stocked])
        self._stocked_colour = _Column([colour for _, _, colour in stocked])

    def mask(self, filters: Filters) -> Mask:
        """True for every item that meets all of ``filters``."""
        mask: Mask = np.ones(len(self.items), np.bool_)
        if filters.categories:
            mask &= self.in_categories(filters.categories)
        if filters.brands:
            mask &= self.of_brands(filters.brands)
        if filters.avoid_brands:
            mask &= ~self.of_brands(filters.avoid_brands)
        if filters.min_price is not None:
            mask &= self._price >= filters.min_price
        if filters.max_price is not None:
            mask &= self._price <= filters.max_price
        for product in filters.exclude:
            if product in self.row:
                mask[self.row[product]] = False
        return mask & self._in_stock(filters)

    def with_colour(self, colours: Collection[str]) -> Mask:
        """True for every item in stock in one of the colours."""
        return self._rows_with(self._stocked_colour.among(colours))

    def of_brands(self, brands: Collection[str]) -> Mask:
        return self._brand.among(brands)

    def in_categories(self, categories: Collection[str]) -> Mask:
        kinds = [in_category(category, categories) for category, _ in self._kinds]
        return np.array(kinds, np.bool_)[self._kind]

    def _in_stock(self, filters: Filters) -> Mask:
        good: Mask = np.ones(len(self._stocked_row), np.bool_)
        if filters.colours:
            good &= self._stocked_colour.among(filters.colours)
        if filters.size or filters.sizes:
            wanted = [
                (filters.size or _said_size(category, group, filters.sizes)) if group else None
                for category, group in self._kinds
            ]
            any_size, unknown = -1, -2  # a size that nothing has fits nothing
            codes = [
                any_size if size is None else self._stocked_size.codes.get(size, unknown) for size in wanted
            ]
            needed = np.array(codes, np.int32)[self._kind[self._stocked_row]]
            good &= (needed == any_size) | (needed == self._stocked_size.column)
        return self._rows_with(good)

    def _rows_with(self, stocked: Mask) -> Mask:
        mask: Mask = np.zeros(len(self.items), np.bool_)
        mask[self._stocked_row[stocked]] = True
        return mask


class _Column:
    """A column of names as numbers."""

    def __init__(self, names: Sequence[str]) -> None:
        self.codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
        self.column = np.array([self.codes[name] for name in names], np.int32)

    def among(self, names: Collection[str]) -> Mask:
        chosen = np.zeros(len(self.codes) + 1, np.bool_)  # one more: a column may be empty
        chosen[[self.codes[name] for name in names if name in self.codes]] = True
        return chosen[self.column]


def rank(
    catalogue: Catalogue,
    vectors: Floats | None,
    profile: Profile,
    filters: Filters,
    n: int,
    *,
    relevance: Floats | None = None,
    only: Mask | None = None,
) -> list[Ranked]:
    """The best ``n`` items that meet ``filters``, with the reason that weighs most for each.

    ``vectors`` are unit rows, one an item in the catalogue's order; ``relevance`` how well each item
    answers what was asked; ``only`` the items to choose from. Each may be missing. Equal scores go by
    id, so the same question has the same answer.
    """
    mask = catalogue.mask(filters)
    if only is not None:
        mask &= only
    if n < 1 or not mask.any():
        return []
    evidence = _evidence(catalogue, vectors, profile, relevance)
    score = np.sum(list(evidence.values()), axis=0)
    rows = np.flatnonzero(mask)
    if len(rows) > 4 * n:  # full sorting is for the few that can win, ties included
        edge = np.partition(score[rows], len(rows) - n)[len(rows) - n]
        rows = rows[score[rows] >= edge]
    best = sorted(rows, key=lambda row: (-score[row], catalogue.items[row].id))[:n]
    return [
        Ranked(
            catalogue.items[row].id,
            float(score[row]),
            _reason(catalogue, vectors, profile, filters, evidence, int(row)),
        )
        for row in best
    ]


def varied(catalogue: Catalogue, ranked: Sequence[Ranked], n: int, most: int = 2) -> list[Ranked]:
    """The first ``n`` with at most ``most`` of a category, as long as there are others; order is kept."""
    seen: dict[str, int] = {}
    first: list[Ranked] = []
    rest: list[Ranked] = []
    for one in ranked:
        category = catalogue.items[catalogue.row[one.id]].category
        seen[category] = seen.get(category, 0) + 1
        (first if seen[category] <= most else rest).append(one)
    chosen = {one.id for one in [*first, *rest][:n]}
    return [one for one in ranked if one.id in chosen]


def _evidence(
    catalogue: Catalogue, vectors: Floats | None, profile: Profile, relevance: Floats | None
) -> dict[str, Floats]:
    """Each kind of evidence as one number an item; ratings are always there."""
    evidence: dict[str, Floats] = {"well_rated": catalogue.rating * np.float32(RATING)}
    if relevance is not None:
        evidence["matches"] = relevance
    bought = [catalogue.row[product] for product in profile.bought if product in catalogue.row]
    if vectors is not None and bought:
        taste = vectors[bought].mean(axis=0)
        evidence["like_bought"] = vectors @ (taste / max(float(np.linalg.norm(taste)), 1e-9))
        evidence["like_bought"] *= np.float32(LIKED)
    if profile.categories:
        evidence["favourite_category"] = catalogue.in_categories(profile.categories) * np.float32(CATEGORY)
    if profile.colours:
        evidence["favourite_colour"] = catalogue.with_colour(profile.colours) * np.float32(COLOUR)
    return evidence


def _reason(
    catalogue: Catalogue,
    vectors: Floats | None,
    profile: Profile,
    filters: Filters,
    evidence: Mapping[str, Floats],
    row: int,
) -> dict[str, Any]:
    """What weighs most for this item; the rating only when it is good and nothing personal speaks."""
    item = catalogue.items[row]
    personal = {name: float(values[row]) for name, values in evidence.items() if name != "well_rated"}
    key = max(personal, key=lambda name: personal[name], default="")
    values: dict[str, Any] = {}
    if not key or personal[key] <= 0:
        size = size_for(item, filters)
        good = item.rating >= 4.3
        key = "well_rated" if good else "your_size" if size else "popular"
        values = {"rating": item.rating} if good else {"size": size} if size else {}
    elif key == "like_bought" and vectors is not None:
        bought = [catalogue.row[product] for product in profile.bought if product in catalogue.row]
        nearest = bought[int(np.argmax(vectors[bought] @ vectors[row]))]
        values = {"name": catalogue.items[nearest].name}
    elif key == "favourite_category":
        values = {"category": item.category}
    elif key == "favourite_colour":
        has = {colour for _, colour, stock in item.variants if stock > 0}
        values = {"colour": next(colour for colour in profile.colours if colour in has)}
    return {"key": key, "values": values}

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.decisions.recommender import Catalogue, Filters, Floats, Item, Profile, fits, rank, varied

CATEGORIES = ("women/dresses", "women/tops", "shoes/boots", "home/lamps")
BRANDS, COLOURS, SIZES = ("A", "B", "C"), ("red", "blue"), ("S", "M", "42")

variants = st.lists(
    st.tuples(st.sampled_from(SIZES), st.sampled_from(COLOURS), st.integers(0, 2)), max_size=5
).map(tuple)
items = st.lists(
    st.builds(
        Item,
        id=st.integers(0, 10**6).map(str),
        name=st.just("x"),
        category=st.sampled_from(CATEGORIES),
        brand=st.sampled_from(BRANDS),
        size_group=st.sampled_from(("clothes", "shoes", "")),
        price=st.integers(1, 100),
        rating=st.floats(0, 5),
        ratings=st.integers(0, 100),
        variants=variants,
    ),
    max_size=30,
    unique_by=lambda item: item.id,
)


def some_of(names: tuple[str, ...]) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(names), max_size=2)


filters = st.builds(
    Filters,
    categories=some_of((*CATEGORIES, "women", "home", "wo")),
    brands=some_of((*BRANDS, "Z")),
    avoid_brands=some_of((*BRANDS, "Z")),
    colours=some_of((*COLOURS, "mauve")),
    sizes=st.dictionaries(
        st.sampled_from(("clothes", "shoes", "women", "women/tops")),
        st.sampled_from((*SIZES, "99")),
        max_size=3,
    ),
    size=st.none() | st.sampled_from((*SIZES, "99")),
    min_price=st.none() | st.integers(0, 100),
    max_price=st.none() | st.integers(0, 100),
    exclude=st.sets(st.integers(0, 10**6).map(str), max_size=2),
)
profiles = st.builds(
    Profile,
    categories=some_of(CATEGORIES),
    colours=some_of(COLOURS).map(sorted),
    bought=st.lists(st.integers(0, 10**6).map(str), max_size=3),
)


def vectors_for(catalogue: Catalogue, seed: int) -> Floats:
    rows = np.random.default_rng(seed).normal(size=(len(catalogue.items), 8)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@given(items, filters)
def test_the_mask_says_what_the_plain_rule_says(shop: list[Item], wanted: Filters) -> None:
    assert Catalogue(shop).mask(wanted).tolist() == [fits(item, wanted) for item in shop]


@given(items, filters, profiles, st.integers(0, 12), st.integers(0, 99), st.booleans(), st.booleans())
@settings(max_examples=300)
def test_nothing_that_breaks_a_wish_is_ever_returned_and_nothing_that_fits_is_held_back(
    shop: list[Item], wanted: Filters, profile: Profile, n: int, seed: int, encoder: bool, asked: bool
) -> None:
    catalogue = Catalogue(shop)
    vectors = vectors_for(catalogue, seed) if encoder and shop else None
    relevance = vectors @ vectors[0] if vectors is not None and asked else None
    best = rank(catalogue, vectors, profile, wanted, n, relevance=relevance)
    found = [catalogue.items[catalogue.row[one.id]] for one in best]
    for item in found:
        assert item.brand not in wanted.avoid_brands
        assert wanted.max_price is None or item.price <= wanted.max_price
        assert any(stock > 0 for _, _, stock in item.variants)
        assert fits(item, wanted)
    assert len(found) == min(n, sum(fits(item, wanted) for item in shop))
    assert len({item.id for item in found}) == len(found)


@given(items, profiles, st.integers(1, 5), st.integers(0, 99))
def test_the_best_few_are_the_head_of_the_whole_order(
    shop: list[Item], profile: Profile, n: int, seed: int
) -> None:
    catalogue = Catalogue(shop)
    vectors = vectors_for(catalogue, seed) if shop else None
    whole = rank(catalogue, vectors, profile, Filters(), len(shop))
    assert rank(catalogue, vectors, profile, Filters(), n) == whole[:n]
    assert [one.score for one in whole] == sorted((one.score for one in whole), reverse=True)


def item(name: str, **more: object) -> Item:
    stock = (("M", "red", 1),)
    plain = Item(name, name, "women/dresses", "A", "clothes", 10, 4.0, 10, stock)
    return replace(plain, **more)  # type: ignore[arg-type]


def reasons(
    shop: list[Item], profile: Profile, wanted: Filters | None = None, vectors: Floats | None = None
) -> dict[str, object]:
    best = rank(Catalogue(shop), vectors, profile, wanted or Filters(), len(shop))
    return {one.id: (one.reason["key"], one.reason["values"]) for one in best}


def test_the_reason_is_what_speaks_most_for_the_item() -> None:
    shop = [item("lamp", category="home/lamps"), item("dress"), item("blue", variants=(("M", "blue", 1),))]
    said = reasons(shop, Profile(categories=["home"], colours=["blue"]))
    assert said["lamp"] == ("favourite_category", {"category": "home/lamps"})
    assert said["blue"] == ("favourite_colour", {"colour": "blue"})
    assert said["dress"] == ("popular", {})


def test_without_anything_personal_the_rating_or_the_size_speaks() -> None:
    shop = [item("loved", rating=4.6), item("plain")]
    said = reasons(shop, Profile(), Filters(sizes={"clothes": "M"}))
    assert said == {"loved": ("well_rated", {"rating": 4.6}), "plain": ("your_size", {"size": "M"})}


def test_what_is_like_something_bought_names_it() -> None:
    shop = [item("old"), item("like"), item("unlike")]
    vectors = np.array([[1, 0], [0.9, 0.436], [-1, 0]], np.float32)
    said = reasons(shop, Profile(bought=["old"]), Filters(exclude=["old"]), vectors=vectors)
    assert said["like"] == ("like_bought", {"name": "old"})
    assert said["unlike"] == ("popular", {})


def test_what_was_asked_for_goes_before_what_is_liked() -> None:
    shop = [item("asked"), item("liked", category="home/lamps", rating=5.0, ratings=1000)]
    vectors = np.array([[1, 0], [0, 1]], np.float32)
    asked = np.array([1, 0], np.float32)
    best = rank(Catalogue(shop), vectors, Profile(categories=["home"]), Filters(), 2, relevance=asked)
    assert [one.id for one in best] == ["asked", "liked"]
    assert best[0].reason["key"] == "matches"


def test_a_wish_for_one_category_goes_before_the_one_for_its_kind() -> None:
    sizes = {"clothes": "L", "women/dresses": "M"}
    assert fits(item("dress"), Filters(sizes=sizes))
    assert not fits(item("top", category="women/tops"), Filters(sizes=sizes))
    assert fits(item("lamp", size_group=""), Filters(size="L"))


def test_an_empty_shop_recommends_nothing() -> None:
    assert rank(Catalogue([]), None, Profile(), Filters(), 5) == []


def test_a_mixed_list_has_two_of_a_kind_unless_there_is_nothing_else() -> None:
    shop = [item(f"dress{n}", rating=5.0 - n / 10) for n in range(4)] + [
        item("lamp", category="home/lamps", rating=1.0)
    ]
    catalogue = Catalogue(shop)
    ranked = rank(catalogue, None, Profile(), Filters(), 5)
    assert [one.id for one in varied(catalogue, ranked, 3)] == ["dress0", "dress1", "lamp"]
    assert [one.id for one in varied(catalogue, ranked, 4)] == ["dress0", "dress1", "dress2", "lamp"]
    assert varied(catalogue, ranked, 9) == ranked

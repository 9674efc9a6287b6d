from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from actions.customers import preferences
from actions.decisions.recommender import Filters
from actions.errors import Invalid, NotFound, Refused
from actions.shop import products
from actions.shop.models import Product, Variant
from actions.shop.products import Products
from actions.shop.reference import Reference
from actions.shop.shelf import Floats, VectorFile
from actions.shop.shop import Shop, load_encoder
from tests.actions.world import NOW, World


class Meanings:
    """An encoder that knows three meanings and counts how often it is asked."""

    fingerprint = "meanings-1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.encoded += texts
        words = (("lamp", "light", "bright"), ("dress", "party"), ("boot", "rain"))
        rows = [[0.1 + any(word in text.lower() for word in group) for group in words] for text in texts]
        made = np.array(rows, np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


@pytest.fixture
def finder(reference: Reference, tmp_path: Path) -> Products:
    return Products(reference, VectorFile(tmp_path, None))


def names(found: list[products.Found]) -> list[str]:
    return [one.product.name for one in found]


@pytest.fixture
async def stocked(world: World) -> dict[str, Product]:
    """Three dresses, a boot and a lamp."""
    return {
        "dress": await world.product(name="Amara Wrap Dress", price=199900),
        "dear": await world.product(name="Bela Silk Dress", price=899900, brand="Asterlane"),
        "gone": await world.product({("M", "red"): 0}, name="Cassia Wrap Dress"),
        "boot": await world.product(
            {("42", "black"): 3, ("43", "brown"): 1}, name="Galen Chelsea Boot", category="shoes/boots",
            size_group="shoes", brand="Stridewell",
        ),
        "lamp": await world.product(
            {("", "yellow"): 9}, name="Hira Floor Lamp", category="home/lamps", size_group="",
            brand="Lumiveda",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("কালো বুট", "Galen Chelsea Boot"),
        ("काले जूते", "Galen Chelsea Boot"),
        ("kala joota size 42", "Galen Chelsea Boot"),
        ("μαύρες μπότες", "Galen Chelsea Boot"),
        ("کفش مشکی", "Galen Chelsea Boot"),
        ("κόκκινο φόρεμα", "Dress"),
        ("চাদর না, একটা ল্যাম্প", "Hira Floor Lamp"),
    ],
)
async def test_products_are_found_in_other_languages(
    world: World, stocked: dict[str, Product], finder: Products, said: str, name: str
) -> None:
    async with world.database.read() as session:
        assert name in names(await finder.search(session, said))[0]


@pytest.mark.parametrize(
    "said", ["chelsea boots", "chelsee boot", "BOOTS", "Stridewel", "galen chelsae boot"]
)
async def test_products_are_found_in_spite_of_typos(
    world: World, stocked: dict[str, Product], finder: Products, said: str
) -> None:
    async with world.database.read() as session:
        assert (names(await finder.search(session, said, n=1))) == ["Galen Chelsea Boot"]


@pytest.mark.parametrize("said", ["", "   ", "zzzz qqq", "\x00", "\ud800", "?!"])
async def test_a_text_like_nothing_finds_nothing(
    world: World, stocked: dict[str, Product], finder: Products, said: str
) -> None:
    async with world.database.read() as session:
        assert await finder.search(session, said) == []


async def test_the_wishes_of_a_search_are_kept(
    world: World, stocked: dict[str, Product], finder: Products
) -> None:
    async with world.database.read() as session:
        cheap = await finder.search(session, "dress", Filters(max_price=300000))
        other = await finder.search(
            session, "dress", Filters(avoid_brands=["Norvelle"], categories=["women"])
        )
        boots = await finder.search(session, "boots", Filters(size="43", categories=["shoes"]))
    assert "Bela Silk Dress" not in names(cheap)
    assert names(other) == ["Bela Silk Dress"]
    assert [(one.sizes, one.colours) for one in boots] == [(("43",), ("brown",))]


async def test_what_is_sold_out_is_never_shown_even_if_it_just_happened(
    world: World, stocked: dict[str, Product], finder: Products
) -> None:
    async with world.database.read() as session:
        assert "Cassia Wrap Dress" not in names(await finder.recommend(session, None, n=9))
        assert "Amara Wrap Dress" in names(await finder.search(session, "wrap dress"))
    async with world.database.write() as session:
        gone = update(Variant).where(Variant.product_id == stocked["dress"].id).values(stock=0)
        await session.execute(gone)
    async with world.database.read() as session:
        assert "Amara Wrap Dress" not in names(await finder.search(session, "wrap dress", n=9))


async def test_a_price_that_just_rose_over_the_budget_is_not_shown(
    world: World, stocked: dict[str, Product], finder: Products
) -> None:
    cheap = Filters(max_price=200000)
    async with world.database.read() as session:
        assert "Amara Wrap Dress" in names(await finder.search(session, "wrap dress", cheap))
    async with world.database.write() as session:
        await session.execute(update(Product).where(Product.id == stocked["dress"].id).values(price=200001))
    async with world.database.read() as session:
        assert "Amara Wrap Dress" not in names(await finder.search(session, "wrap dress", cheap, n=9))


async def test_recommendations_keep_to_what_the_customer_has_told(
    world: World, stocked: dict[str, Product], finder: Products, reference: Reference
) -> None:
    customer = await world.customer()
    wishes = {"sizes": {"shoes": "43"}, "avoid_brands": "Lumiveda", "budget": "4000", "colours": "brown"}
    async with world.database.write() as session:
        for name, said in wishes.items():
            await preferences.set_(session, customer.id, name, said, reference, now=NOW)
    async with world.database.read() as session:
        found = await finder.recommend(session, customer.id, n=9)
    assert names(found) == ["Galen Chelsea Boot", "Amara Wrap Dress"]
    assert found[0].reason == {"key": "favourite_colour", "values": {"colour": "brown"}}
    assert found[0].sizes == ("43",)


async def test_what_was_bought_is_not_recommended_again_but_what_is_like_it(
    world: World, stocked: dict[str, Product], finder: Products
) -> None:
    customer = await world.customer()
    await world.order(customer, stocked["dress"], status="delivered", age=9)
    async with world.database.read() as session:
        found = await finder.recommend(session, customer.id, n=9)
    assert (names(found))[0] == "Bela Silk Dress"
    assert "Amara Wrap Dress" not in names(found)
    assert found[0].reason == {"key": "like_bought", "values": {"name": "Amara Wrap Dress"}}


async def test_a_new_product_is_found_without_a_restart(
    world: World, stocked: dict[str, Product], finder: Products, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products, "LOOK_EVERY", 0.0)
    async with world.database.read() as session:
        assert await finder.search(session, "dhurrie") == []
    await world.product({("", "red"): 1}, name="Isla Dhurrie", category="home/rugs", size_group="")
    async with world.database.read() as session:
        assert (names(await finder.search(session, "dhurrie", n=1))) == ["Isla Dhurrie"]


async def test_an_empty_shop_has_nothing_to_show(world: World, finder: Products) -> None:
    async with world.database.read() as session:
        assert await finder.search(session, "dress") == []
        assert await finder.recommend(session, None, text="dress") == []


async def test_an_encoder_finds_by_meaning_and_encodes_each_product_once(
    world: World, stocked: dict[str, Product], reference: Reference, tmp_path: Path
) -> None:
    first, second = Meanings(), Meanings()
    async with world.database.read() as session:
        finder = Products(reference, VectorFile(tmp_path, first))
        found = await finder.recommend(session, None, text="something bright for the lamp corner", n=1)
        assert names(found) == ["Hira Floor Lamp"]
        await Products(reference, VectorFile(tmp_path, second)).warm(session)
    assert len(first.encoded) == len(stocked) + 1
    assert second.encoded == []


async def test_a_broken_vector_file_is_made_again(
    world: World, stocked: dict[str, Product], reference: Reference, tmp_path: Path
) -> None:
    async with world.database.read() as session:
        await Products(reference, VectorFile(tmp_path, Meanings())).warm(session)
        _cut_short(tmp_path)
        again = Meanings()
        await Products(reference, VectorFile(tmp_path, again)).warm(session)
    assert len(again.encoded) == len(stocked)


def _cut_short(folder: Path) -> None:
    (path,) = folder.glob("*.npz")
    path.write_bytes(path.read_bytes()[:100])


def test_without_an_encoder_the_shop_opens_all_the_same(tmp_path: Path) -> None:
    assert load_encoder(tmp_path) is None
    shop = Shop.open(home=tmp_path, encoder=tmp_path / "nothing", clock=NOW)
    assert shop.now() == NOW


async def test_stock_is_told_by_size_and_colour(world: World, stocked: dict[str, Product]) -> None:
    boot = stocked["boot"].id
    async with world.database.read() as session:
        assert [v.stock for v in await products.stock(session, boot, size="42")] == [3]
        assert [v.size for v in await products.stock(session, boot, colour="brown")] == ["43"]
        assert await products.stock(session, boot, size="42", colour="brown") == []
        product = await products.get(session, boot)
        assert product is not None
        assert len(product.variants) == 2
        assert await products.get(session, "nothing") is None


async def test_a_review_counts_once_and_can_be_changed(world: World, stocked: dict[str, Product]) -> None:
    customer, dress = await world.customer(), stocked["dress"]
    await world.order(customer, dress, status="delivered", age=9)
    for rating, text in ((1, "Hm."), (5, " Better than I thought ")):
        async with world.database.write() as session:
            left = await products.review(session, customer.id, dress.id, rating, text, now=NOW)
    assert (left.rating, left.text) == (5, "Better than I thought")
    async with world.database.read() as session:
        now = await session.get_one(Product, dress.id)
    assert (now.ratings, now.rating) == (11, round((42 * 10 + 50) / 11))


async def test_only_good_reviews_of_own_things_are_taken(world: World, stocked: dict[str, Product]) -> None:
    customer, dress = await world.customer(), stocked["dress"]
    async with world.database.write() as session:
        with pytest.raises(Refused, match="not_bought"):
            await products.review(session, customer.id, dress.id, 5, "", now=NOW)
        with pytest.raises(NotFound):
            await products.review(session, customer.id, "nothing", 5, "", now=NOW)
        for rating in (0, 6):
            with pytest.raises(Invalid, match="rating_invalid"):
                await products.review(session, customer.id, dress.id, rating, "", now=NOW)
        with pytest.raises(Invalid, match="note_too_long"):
            await products.review(session, customer.id, dress.id, 5, "x" * 2001, now=NOW)


async def test_a_search_shows_nothing_unlike_what_was_asked_even_if_all_that_is_like_it_is_filtered_out(
    world: World, stocked: dict[str, Product], finder: Products
) -> None:
    async with world.database.read() as session:
        assert await finder.search(session, "chelsea boots", Filters(max_price=100)) == []

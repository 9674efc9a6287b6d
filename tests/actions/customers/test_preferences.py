from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from actions.customers import preferences
from actions.customers.models import Preference
from actions.errors import Invalid, NotFound
from actions.shop import wording
from actions.shop.reference import Reference
from actions.texts import Texts
from tests.actions.world import DAY, NOW, World

SHOP = Reference.load()


@pytest.mark.parametrize(
    ("name", "said", "stored"),
    [
        ("sizes", "medium", {"clothes": "M"}),
        ("sizes", "42", {"shoes": "42"}),
        (
            "sizes",
            {"dresses": "S", "shoes": "uk 8"},
            {"women/dresses": "S", "shoes": "42"},
        ),
        ("sizes", {"women's dresses": "S", "boots": "40"}, {"women/dresses": "S", "shoes/boots": "40"}),
        ("categories", "women's dresses and lamps", ["women/dresses", "home/lamps"]),
        ("categories", ["home"], ["home"]),
        ("avoid_brands", "norvele or Saltmarsh", ["Norvelle", "Saltmarsh"]),
        ("colours", ["Crimson", "navy blue", "red"], ["red", "navy"]),
        ("budget", "under ₹5,000", {"amount": 500000, "currency": "INR"}),
        ("budget", "2k", {"amount": 200000, "currency": "INR"}),
        ("budget", "at most 49,90 €", {"amount": 4990, "currency": "EUR"}),
        ("budget", "৫০০০ taka", {"amount": 500000, "currency": "BDT"}),
        ("budget", "۵۰۰٬۰۰۰ toman", {"amount": 5000000, "currency": "IRR"}),
        ("language", "Bengali please", "bn"),
        ("language", "فارسی", "fa"),
        ("contact_channel", "Whats App", "whatsapp"),
        ("contact_hours", "6 to 9 pm", ["18:00", "21:00"]),
        ("contact_hours", "between 9:30 am and 11", ["09:30", "11:00"]),
        ("contact_hours", "11 to 2 pm", ["11:00", "14:00"]),
        ("contact_hours", "18:00-21:00", ["18:00", "21:00"]),
        ("contact_hours", "evenings", ["17:00", "21:00"]),
    ],
)
def test_wishes_are_understood_as_people_say_them(name: str, said: Any, stored: Any) -> None:
    assert preferences.normalise(name, said, SHOP) == stored


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("sizes", "enormous", "size_unknown"),
        ("sizes", "36", "size_for_what"),
        ("sizes", {"lamps": "M"}, "category_unknown"),
        ("sizes", {"shoes": "M"}, "size_unknown"),
        ("sizes", {}, "size_unknown"),
        ("categories", "spaceships", "category_unknown"),
        ("categories", [], "category_unknown"),
        ("avoid_brands", "Acme", "brand_unknown"),
        ("colours", "loud", "colour_unknown"),
        ("budget", "not much", "budget_unclear"),
        ("budget", "0", "budget_unclear"),
        ("budget", "9" * 40, "budget_unclear"),
        ("budget", {"amount": -5, "currency": "INR"}, "budget_unclear"),
        ("budget", {"amount": 5, "currency": "XXX"}, "budget_unclear"),
        ("language", "Klingon", "language_unknown"),
        ("contact_channel", "pigeon", "channel_unknown"),
        ("contact_hours", "when the moon shines", "hours_unclear"),
        ("contact_hours", "25 to 26", "hours_unclear"),
        ("contact_hours", "9 pm to 6 pm", "hours_unclear"),
        ("shoe_lace", "red", "preference_unknown"),
        ("colours", "   ", "preference_unclear"),
        ("colours", "x" * 301, "preference_unclear"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason(name: str, said: Any, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        preferences.normalise(name, said, SHOP)


@given(st.sampled_from(preferences.NAMES), st.text(max_size=60))
def test_any_text_is_understood_or_refused_and_what_is_stored_is_understood_again(
    name: str, said: str
) -> None:
    try:
        stored = preferences.normalise(name, said, SHOP)
    except Invalid:
        return
    assert preferences.normalise(name, stored, SHOP) == stored


async def test_a_wish_is_kept_with_its_source_and_time(world: World) -> None:
    customer = await world.customer()
    async with world.database.write() as session:
        await preferences.set_(session, customer.id, "colours", "red", SHOP, now=NOW, source="agent")
    async with world.database.read() as session:
        (row,) = await session.scalars(select(Preference))
        assert (row.value, row.source, row.at) == (["red"], "agent", NOW)


async def test_a_correction_replaces_and_an_addition_adds(world: World) -> None:
    customer = await world.customer()

    async def say(name: str, said: Any, **more: Any) -> Any:
        async with world.database.write() as session:
            return await preferences.set_(session, customer.id, name, said, SHOP, now=NOW + DAY, **more)

    assert await say("colours", "red") == ["red"]
    assert await say("colours", "blue and red", add=True) == ["red", "blue"]
    assert await say("colours", "green") == ["green"]
    assert await say("sizes", "M") == {"clothes": "M"}
    assert await say("sizes", {"shoes": "42"}) == {"clothes": "M", "shoes": "42"}
    assert await say("sizes", "L") == {"clothes": "L", "shoes": "42"}
    async with world.database.read() as session:
        assert await preferences.of(session, customer.id) == {
            "sizes": {"clothes": "L", "shoes": "42"}, "colours": ["green"],
        }  # fmt: skip


async def test_a_budget_is_in_the_customers_own_money(world: World) -> None:
    customer = await world.customer(country="GR", locale="el-GR")
    async with world.database.write() as session:
        value = await preferences.set_(session, customer.id, "budget", "50", SHOP, now=NOW)
    assert value == {"amount": 5000, "currency": "EUR"}


async def test_what_is_forgotten_is_gone_in_part_or_whole(world: World) -> None:
    customer = await world.customer()
    wishes = {
        "sizes": {"shoes": "42", "clothes": "M"},
        "colours": "red",
        "language": "greek",
        "budget": "900",
    }
    async with world.database.write() as session:
        for name, said in wishes.items():
            await preferences.set_(session, customer.id, name, said, SHOP, now=NOW)
        assert await preferences.forget(session, customer.id, ["sizes"], "shoes") == ["sizes"]
        assert await preferences.forget(session, customer.id, ["sizes"], "shoes") == []
        assert (await preferences.of(session, customer.id))["sizes"] == {"clothes": "M"}
        assert await preferences.forget(session, customer.id, ["colours"], "red") == ["colours"]
        assert await preferences.forget(session, customer.id, ["language", "colours"]) == ["language"]
        assert await preferences.forget(session, customer.id) == ["sizes", "budget"]
        assert await preferences.of(session, customer.id) == {}


async def test_nobody_has_no_preferences(world: World) -> None:
    async with world.database.write() as session:
        with pytest.raises(NotFound):
            await preferences.set_(session, "nobody", "colours", "red", SHOP, now=NOW)
        assert await preferences.of(session, "nobody") == {}
        assert await preferences.forget(session, "nobody") == []


def test_preferences_are_shown_in_words() -> None:
    texts = Texts.load()
    shown = {
        "sizes": ({"clothes": "M", "women/dresses": "S"}, "clothes: M and dresses: S"),
        "categories": (["home", "men/shirts"], "Home and shirts"),
        "avoid_brands": (["Norvelle"], "Norvelle"),
        "colours": (["red"], "red"),
        "budget": ({"amount": 123456700, "currency": "INR"}, "up to ₹12,34,567.00"),
        "language": ("bn", "Bengali"),
        "contact_channel": ("whatsapp", "WhatsApp"),
        "contact_hours": (["18:00", "21:00"], "18:00 and 21:00"),
    }
    assert set(shown) == set(preferences.NAMES)
    assert {n: wording.preference(texts, n, value, "en-IN")[1] for n, (value, _) in shown.items()} == {
        n: words for n, (_, words) in shown.items()
    }

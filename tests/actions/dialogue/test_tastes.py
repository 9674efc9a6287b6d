from __future__ import annotations

import pytest

from actions.dialogue.address import read_address
from actions.dialogue.tastes import Wish, read_wish
from actions.dialogue.wishes import said_preferences
from tests.actions.dialogue.conftest import Say


def test_a_message_without_a_wish_is_an_empty_one(say: Say) -> None:
    assert not read_wish(say("hello there, how are you"))
    assert Wish(size="M")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a red dress under 3000", {"colours": ("red",), "budget": (300000, "INR")}),
        ("dresses in XL", {"size": "XL"}),
        ("shoes size 42 under 3000", {"size": "42", "budget": (300000, "INR")}),
        ("medium please", {"size": "medium"}),
        ("anything but no Norvelle", {"avoid_brands": ("Norvelle",)}),
        ("something by Norvelle", {"brands": ("Norvelle",)}),
        ("not more than 50 euros", {"budget": (5000, "EUR")}),
        ("I'm looking for it", {"size": None, "budget": None}),
    ],
)
def test_what_a_message_names(say: Say, text: str, wish: dict[str, object]) -> None:
    found = read_wish(say(text, slots={"locale": "en-IN"}))
    assert {name: getattr(found, name) for name in wish} == wish


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("i wear size M", {"sizes": {"clothes": "M"}}),
        ("my shoe size is 39", {"sizes": {"shoes": "39"}}),
        ("i don't like Norvelle", {"avoid_brands": ["Norvelle"]}),
        ("my favourite colour is green", {"colours": ["green"]}),
        ("my budget is 5000", {"budget": {"amount": 500000, "currency": "INR"}}),
        ("contact me on whatsapp", {"contact_channel": "whatsapp"}),
        ("hello", {}),
    ],
)
def test_preferences_in_a_message(say: Say, text: str, said: dict[str, object]) -> None:
    found = said_preferences(say(text, intent="set_preference", slots={"locale": "en-IN"}))
    assert {name: found.get(name) for name in said} == said
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "House 44, Road 11, Banani, Dhaka 1213",
            {"line": "House 44, Road 11, Banani", "city": "Dhaka", "postcode": "1213"},
        ),
        ("12 Lake Road\nKolkata\n700029", {"line": "12 Lake Road", "city": "Kolkata", "postcode": "700029"}),
        ("24 Hill Street", {"line": "24 Hill Street"}),
    ],
)
def test_the_parts_of_an_address(say: Say, text: str, address: dict[str, str]) -> None:
    assert read_address(say(text), text) == address

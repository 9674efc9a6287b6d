from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.customers import preferences
from actions.dialogue.address import read_address
from actions.dialogue.talk import Talk
from actions.dialogue.tastes import Wish, adopt, known_tastes, read_wish, remember
from actions.dialogue.wishes import said_preferences
from actions.tools import Tools
from tests.actions.dialogue.conftest import Say, tracker
from tests.actions.world import NOW, World


def test_a_message_without_a_wish_is_an_empty_one(say: Say) -> None:
    assert not read_wish(say("hello there, how are you"))
    assert Wish(size="M")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a red dress under 3000", {"colours": ("red",), "budget": (300000, "INR")}),
        ("dresses in XL", {"size": "XL"}),
        ("shoes size 42 under 3000", {"size": "42", "budget": (300000, "INR")}),
        ("medium please", {"size": "M"}),
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


async def test_what_was_told_before_signing_in_becomes_the_customers(tools: Tools, world: World) -> None:
    customer = await world.customer()
    async with tools.database.write() as session:
        await preferences.set_(session, customer.id, "colours", ["red"], tools.shop.reference, now=NOW)
    told = {"sizes": {"clothes": "M"}, "colours": ["blue"]}
    slots = {"customer_id": customer.id, "preferences": told}
    talk = Talk(tools, CollectingDispatcher(), tracker("hello", slots=slots))
    await adopt(talk)
    assert await known_tastes(talk) == {"sizes": {"clothes": "M"}, "colours": ["red"]}
    assert talk.get("preferences") is None


async def test_a_strangers_preferences_stay_in_the_talk(tools: Tools) -> None:
    talk = Talk(tools, CollectingDispatcher(), tracker("hello"))
    await remember(talk, "sizes", {"clothes": "M"})
    await remember(talk, "sizes", {"shoes": "39"})
    await remember(talk, "avoid_brands", ["Norvelle"])
    await remember(talk, "avoid_brands", ["Quickstep"], add=True)
    assert await known_tastes(talk) == {
        "sizes": {"clothes": "M", "shoes": "39"},
        "avoid_brands": ["Norvelle", "Quickstep"],
    }

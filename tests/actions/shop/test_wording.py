from __future__ import annotations

import pytest

from actions.shop import wording
from actions.shop.models import Offer
from actions.texts import Texts
from tests.actions.world import DAY, NOW

TEXTS = Texts.load()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ({"key": "matches", "values": {}}, "Matches what you asked for"),
        ({"key": "like_bought", "values": {"name": "Wren {Lamp}"}}, "Goes with your Wren {Lamp}"),
        ({"key": "favourite_category", "values": {"category": "home/lamps"}}, "You like lamps"),
        ({"key": "favourite_colour", "values": {"colour": "teal"}}, "In teal, as you like"),
        ({"key": "well_rated", "values": {"rating": 4.6}}, "Rated 4.6 out of 5"),
        ({"key": "your_size", "values": {"size": "king"}}, "In stock in your size, king"),
        ({"key": "popular", "values": {}}, "Popular with other customers"),
    ],
)
def test_every_reason_of_the_recommender_has_its_words(why: dict[str, object], words: str) -> None:
    assert wording.reason(TEXTS, why, "en") == words


@pytest.mark.parametrize(
    ("kind", "category", "words"),
    [
        ("percent", "home", "15% off Home with code ABC"),
        ("percent", None, "15% off everything with code ABC"),
        ("free_delivery", None, "free delivery with code ABC"),
        ("points", None, "15 times the points with code ABC"),
    ],
)
def test_every_kind_of_offer_has_its_words(kind: str, category: str | None, words: str) -> None:
    row = Offer(code="ABC", kind=kind, value=15, category=category, starts_at=NOW, ends_at=NOW + DAY)
    assert wording.offer(TEXTS, row, "en") == words


def test_sizes_without_a_word_are_shown_as_they_are() -> None:
    assert [wording.size(TEXTS, size, "en") for size in ("XL", "42", "king")] == ["XL", "42", "king"]

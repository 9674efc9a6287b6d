"""What a message names, in any language: tables of texts, and what holds for any text at all."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.finder import Finders
from bot.reading.language import read_folder

DATA = Path(__file__).parents[3] / "data" / "entities"
TODAY = date(2026, 11, 21)  # a Saturday


@pytest.fixture(scope="module")
def finders() -> Finders:
    return Finders(read_folder(DATA))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is SO-100123", {"order_number": "SO-100123"}),
        ("where is so 100123?", {"order_number": "SO-100123"}),
        ("#100245", {"order_number": "SO-100245"}),
        ("100245", {"order_number": "SO-100245"}),
        ("my order number is 100245.", {"order_number": "SO-100245"}),
        ("it's asha.verma+x@Mail.example.co", {"email": "asha.verma+x@mail.example.co"}),
        ("red dresses under 2000", {"colour": "red", "category": "dresses", "money": "2000"}),
        ("navy blue jacket below rs. 3,499", {"colour": "navy", "category": "jackets", "money": "3499 INR"}),
        ("€20.50 or $20", {"money": "20 USD"}),
        ("€49,90", {"money": "49.90 EUR"}),
        ("৳৪৯৯", {"money": "499 BDT"}),
        ("₹1,20,000", {"money": "120000 INR"}),
        ("1.2 lakh rupees", {"money": "120000 INR"}),
        ("two thousand five hundred rupees", {"money": "2500 INR"}),
        ("1 200 €", {"money": "1200 EUR"}),
        ("budget 2k", {"money": "2000"}),
        ("2 pairs, size 42", {"quantity": "2", "size": "42"}),
        ("two red shirts", {"quantity": "2", "colour": "red", "category": "shirts"}),
        ("do you have it in XL", {"size": "XL"}),
        ("uk 8 please", {"size": "UK 8"}),
        ("M", {"size": "M"}),
        ("deliver to bangalore tomorrow", {"city": "Bengaluru", "date": "2026-11-22"}),
        ("call +91 98123 45678", {"phone": "+919812345678"}),
        ("something by tamarind & co", {"brand": "Tamarind & Co"}),
        ("it came on 12/03/2026", {"date": "2026-03-12"}),
        ("it came on 2026-03-12", {"date": "2026-03-12"}),
        ("in 10 days", {"date": "2026-12-01"}),
        ("3 days ago", {"date": "2026-11-18"}),
        ("next tuesday", {"date": "2026-11-24"}),
        ("i ordered it last friday", {"date": "2026-11-20"}),
        ("it was due on tuesday", {"date": "2026-11-17"}),
        ("last week", {"date": "2026-11-09/2026-11-15"}),
        ("12th march 2027", {"date": "2027-03-12"}),
        ("my name is Asha Verma", {"person": "Asha Verma"}),
        ("i'm Nikos Pappas", {"person": "Nikos Pappas"}),
        (
            "send it to 12 MG Road, Bengaluru 560038",
            {"address": "12 MG Road, Bengaluru 560038", "city": "Bengaluru"},
        ),
        (
            "flat 4, rose garden lane, pune 411001",
            {"address": "flat 4, rose garden lane, pune 411001", "city": "Pune"},
        ),
    ],
)
def test_what_an_english_message_names_is_found(
    finders: Finders, text: str, expected: dict[str, str]
) -> None:
    assert {one.entity: one.value for one in finders.find(text, "en", TODAY)} == expected


@pytest.mark.parametrize(
    "text",
    [
        "I'm Tom's friend",
        "5 stars",
        "i'll be there",
        "so what",
        "m&s",
        "20% off",
        "i am very angry",
        "from 3 to 5 pm",
    ],
)
def test_nothing_is_found_where_nothing_is(finders: Finders, text: str) -> None:
    assert finders.find(text, "en", TODAY) == []


def test_spans_point_at_the_words_and_do_not_overlap(finders: Finders) -> None:
    text = "navy blue dresses, size m, SO-100123, under 2000 rupees"
    found = finders.find(text, "en", TODAY)
    said = ["navy blue", "dresses", "m", "SO-100123", "2000 rupees"]
    assert [text[one.start : one.end] for one in found] == said
    assert all(one.end <= other.start for one, other in pairwise(found))


_LETTERS = st.text(
    st.one_of(
        st.characters(max_codepoint=0x2FF),
        st.characters(min_codepoint=0x370, max_codepoint=0x3FF),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0x900, max_codepoint=0x9FF),
        st.sampled_from("\u200c\u200d\ud800😀₹৳€﷼½ﷲÅ"),
    ),
    max_size=80,
)
_PIECES = st.lists(
    st.one_of(
        _LETTERS,
        st.sampled_from(
            ["so 100123", "12 march", "last week", "₹1,20,000", "size", "xl", "in 3 days", "my name is",
             "road", "31 feb", "99999999999999999999", "lakh", "12/13/2026", "31/02/1404", "next", "under",
             ",", "-"]
        ),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_PIECES, st.sampled_from(["en", "hi", "bn", "fa", "el", "xx", None]))
def test_any_text_is_searched_without_harm(finders: Finders, pieces: list[str], language: str | None) -> None:
    text = " ".join(pieces)
    found = finders.find(text, language, TODAY)
    assert all(0 <= one.start < one.end <= len(text) and one.value for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(
        one.value.isascii() for one in found if one.entity in ("money", "quantity", "phone", "order_number")
    )


@pytest.mark.parametrize(
    "piece", ["a", "1", "size ", "12 ", "next ", "road 1, ", "my name is ", "1,", "lakh ", "क", "+91 "]
)
def test_a_flood_is_cut_off(finders: Finders, piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    assert all(one.end <= 2_000 for one in finders.find(text, "en", TODAY))

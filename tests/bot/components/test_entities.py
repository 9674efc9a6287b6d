"""Entities by rules, with the rules of the repository."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException

from bot.components.lexicon import Lexicon, read_rules

DATA = Path(__file__).parents[3] / "data" / "entities"


@pytest.fixture(scope="module")
def english() -> Lexicon:
    return Lexicon("en", read_rules(DATA / "en.yml"))


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
        ("৳৪৯৯", {"money": "499 BDT"}),
        ("2 pairs, size 42", {"quantity": "2", "size": "42"}),
        ("do you have it in XL", {"size": "XL"}),
        ("M", {"size": "M"}),
        ("deliver to bangalore tomorrow", {"city": "Bengaluru", "date": "tomorrow"}),
        ("call +91 98123 45678", {"phone": "+919812345678"}),
        ("something by tamarind & co", {"brand": "Tamarind & Co"}),
        ("it came on 12/03/2026", {"date": "12/03/2026"}),
    ],
)
def test_what_a_message_names_is_found(english: Lexicon, text: str, expected: dict[str, str]) -> None:
    assert {one.entity: one.value for one in english.find(text)} == expected


@pytest.mark.parametrize(
    "text", ["I'm Tom's friend", "in 10 days", "5 stars", "i'll be there", "so what", "m&s"]
)
def test_nothing_is_found_where_nothing_is(english: Lexicon, text: str) -> None:
    assert english.find(text) == []


def test_spans_point_at_the_words_and_do_not_overlap(english: Lexicon) -> None:
    text = "navy blue dresses, size m, SO-100123, under 2000 rupees"
    found = english.find(text)
    assert [text[one.start : one.end] for one in found] == ["navy blue", "dresses", "m", "100123", "2000"]
    assert all(one.end <= other.start for one, other in pairwise(found))


def rules(tmp_path: Path, content: str) -> Path:
    (tmp_path / "entities").mkdir()
    file = tmp_path / "entities" / "xx.yml"
    file.write_text(content)
    return file


def test_a_pattern_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match=r"xx\.yml: a pattern of size"):
        read_rules(rules(tmp_path, "patterns: {size: [{find: '('}]}"))


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match=r"colours\.yml"):
        read_rules(rules(tmp_path, "lists: {colour: {file: shop/colours.yml, path: '*'}}"))


def test_another_language_is_only_data(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "colours.yml").write_text("red: {words: [κόκκινο, κόκκινη]}\n")
    found = Lexicon("hi", read_rules(rules(tmp_path, "lists: {colour: {file: shop/colours.yml, path: '*'}}")))
    assert [one.value for one in found.find("μια ΚΌΚΚΙΝΗ φούστα")] == ["red"]

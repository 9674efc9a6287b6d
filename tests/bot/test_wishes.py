"""A message is cut where two wishes join, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manners import manners
from bot.wishes import FALLBACK, LONGEST, MOST_PARTS, Read

WISHES = manners().wishes


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in WISHES.parts(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("track my order and also tell me your hours", ["track my order", "tell me your hours"]),
        ("where is it? do you have a code", ["where is it", "do you have a code"]),
        ("मेरा ऑर्डर कहाँ है और रिफंड कब मिलेगा", ["मेरा ऑर्डर कहाँ है", "रिफंड कब मिलेगा"]),
        ("mera order kahan hai aur refund kab milega", ["mera order kahan hai", "refund kab milega"]),
        ("আমার অর্ডার কোথায় আর রিফান্ড কবে পাব", ["আমার অর্ডার কোথায়", "রিফান্ড কবে পাব"]),
        ("سفارشم کجاست و ساعت کاری چیه", ["سفارشم کجاست", "ساعت کاری چیه"]),
        ("πού είναι το δέμα και πότε ανοίγετε", ["πού είναι το δέμα", "πότε ανοίγετε"]),
    ],
)
def test_a_message_is_cut_where_wishes_join(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "hi, where is my order",
        "red and blue",
        "rock and roll",
        "",
        "and and and",
        "Dr. Who",
    ],
)
def test_a_message_with_one_wish_stays_whole(text: str) -> None:
    assert cut(text) == []


def test_a_long_story_is_not_cut() -> None:
    assert cut("it came late and it was torn. " * (LONGEST // 20)) == []


@given(st.text(max_size=700))
def test_parts_never_overlap_and_lie_within_the_text(text: str) -> None:
    spans = WISHES.parts(text)
    assert len(spans) <= MOST_PARTS
    assert len(spans) != 1
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(0 <= place <= len(text) for place in flat)


def read(intent: str, confidence: float = 0.9) -> Read:
    return Read(intent, confidence, intent)


def unsure(best: str, confidence: float = 0.9) -> Read:
    return Read(FALLBACK, confidence, best)


@pytest.mark.parametrize(
    ("whole", "parts", "chosen"),
    [
        # two of them, in their order
        (read("track_order"), [read("track_order"), read("offers")], [0, 1]),
        (read(FALLBACK), [read("gift_wrap"), read("track_order")], [0, 1]),
        # one wish said twice, or in two ways
        (read("return_item"), [read("return_item"), read("get_refund")], []),
        (read("track_order"), [read("track_order"), read("track_order")], []),
        # a part that is not sure, or no wish
        (read("track_order"), [read("track_order"), read("offers", 0.3)], []),
        (read("track_order"), [read("track_order"), read("thank")], []),
        (read("track_order"), [read(FALLBACK), read("track_order")], []),
        # the whole means something else than its parts
        (read("complete_story"), [read("track_order"), read("offers")], []),
        # a part in doubt beside one that is not; and nothing but doubt
        (read("track_order"), [unsure("gift_wrap"), read("track_order")], [0, 1]),
        (read("track_order"), [unsure("gift_wrap", 0.5), read("track_order")], []),
        (unsure("track_order"), [unsure("gift_wrap"), unsure("track_order")], []),
        # courtesy or doubt hid a wish
        (read("thank"), [read("thank"), read("offers")], [1]),
        (read(FALLBACK), [read(FALLBACK), read("offers")], [1]),
        (unsure("get_refund", 0.4), [read("return_item"), read("get_refund")], [1]),
        # who wants a person wants nothing else
        (read("track_order"), [read("track_order"), read("contact_human")], [1]),
        (read("contact_human"), [read("track_order"), read("contact_human")], []),
    ],
)
def test_the_parts_that_are_wishes_are_chosen(whole: Read, parts: list[Read], chosen: list[int]) -> None:
    assert WISHES.choose(whole, parts) == chosen


def test_a_parse_without_an_intent_is_read_as_doubt() -> None:
    assert Read.of({}) == Read(FALLBACK, 0.0, FALLBACK)

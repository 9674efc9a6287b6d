"""What comes from outside is cleaned or refused with a clear code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.conversations.hygiene import (
    TEXT_LIMIT,
    clean_id,
    clean_locale,
    clean_name,
    clean_payload,
    clean_text,
)
from handoff.errors import Invalid


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  hello \r\n there ", "hello \n there"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("\ud800broken\udfff", "\ufffdbroken\ufffd"),
        ("left\u202eright", "leftright"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"),
        ("\U0001fae8", "\U0001fae8"),  # newer than Python 3.11's tables
        ("می‌خواهم", "می‌خواهم"),
        ("\u200fسلام", "\u200fسلام"),
        ("e\u0301", "é"),
        ("x" * TEXT_LIMIT, "x" * TEXT_LIMIT),
    ],
)
def test_texts_are_cleaned_and_otherwise_left_alone(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize("raw", ["", "   ", "\n\t", "\x00", "\u202e", "\u200d\u200d", "\ufeff"])
def test_a_text_with_nothing_to_see_is_empty(raw: str) -> None:
    with pytest.raises(Invalid, match="text_empty"):
        clean_text(raw)


def test_a_text_too_long_is_refused_not_cut() -> None:
    with pytest.raises(Invalid, match="text_too_long"):
        clean_text("x" * (TEXT_LIMIT + 1))


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_typed_comes_out_storable_or_refused(raw: str) -> None:
    try:
        clean = clean_text(raw)
    except Invalid:
        return
    clean.encode()
    assert "\x00" not in clean
    assert clean_text(clean) == clean


@pytest.mark.parametrize("raw", ["", "/x\x00", "/x\ud800", "/" + "x" * 2_000])
def test_a_payload_is_never_mended(raw: str) -> None:
    with pytest.raises(Invalid, match="unknown_payload"):
        clean_payload(raw)


@pytest.mark.parametrize("raw", ["", "a\x00", "a\nb", "x" * 256, "\ud800"])
def test_ids_are_printable_and_not_too_long(raw: str) -> None:
    with pytest.raises(Invalid, match="bad_id"):
        clean_id(raw, "contact")


def test_a_wrong_locale_or_name_does_not_cost_the_message() -> None:
    assert clean_locale("en_IN") == "en-IN"
    assert clean_locale("<b>") is None
    assert clean_name(" Ann\x00\u202e ") == "Ann"
    assert clean_name("\x00") is None

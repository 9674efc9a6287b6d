"""Which web pages may talk to us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.realtime.origins import is_allowed, is_own, normal


@pytest.mark.parametrize(
    ("origin", "plain"),
    [
        ("https://Shop.example", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("http://[::1]:80", "http://[::1]"),
        ("null", None),
        ("", None),
        ("file://", None),
        ("https://", None),
        ("https://shop.example:port", None),
        ("javascript:alert(1)", None),
    ],
)
def test_an_origin_is_compared_in_one_form(origin: str, plain: str | None) -> None:
    assert normal(origin) == plain


def test_our_own_pages_are_those_of_the_host_that_is_asked() -> None:
    assert is_own("https://desk.example", host="desk.example")
    assert is_own("http://127.0.0.1:8000", host="127.0.0.1:8000")
    assert is_own("https://public.example", host="10.0.0.7:8000", public_url="https://public.example/")
    assert not is_own("https://evil.example", host="desk.example", public_url="https://desk.example")
    assert not is_own("https://desk.example.evil.example", host="desk.example")
    assert not is_own("http://127.0.0.1:8001", host="127.0.0.1:8000")


def test_what_is_no_browser_names_no_origin() -> None:
    assert is_own(None, host="desk.example")


def test_an_inbox_allows_the_pages_it_names_and_no_others() -> None:
    allowed = ["https://shop.example/", "https://other.example"]
    assert is_allowed("https://SHOP.example", allowed, host="setu.example")
    assert not is_allowed("http://shop.example", allowed, host="setu.example")
    assert not is_allowed("null", ["null"], host="setu.example")
    assert is_allowed("https://anything.example", ["*"], host="setu.example")
    assert not is_allowed("null", ["*"], host="setu.example")


@given(st.text())
def test_no_text_breaks_it(origin: str) -> None:
    assert not is_allowed(origin, [], host="setu.example") or normal(origin) in (
        "https://setu.example",
        "http://setu.example",
    )

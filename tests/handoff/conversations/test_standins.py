"""Payloads too long for a platform's button, and what comes back for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.conversations.standins import LENGTH, MARK, means, shortened


@given(st.text(min_size=1, max_size=2000), st.integers(LENGTH, 300))
def test_every_payload_fits_and_means_itself(payload: str, limit: int) -> None:
    short = shortened(payload, limit)
    assert len(short.encode("utf-8", "surrogatepass")) <= limit
    assert means(short, payload)


@given(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=100))
def test_no_payload_means_another(one: str, other: str) -> None:
    if one != other:
        assert not means(shortened(one, LENGTH), other)


def test_a_payload_that_looks_like_a_stand_in_is_not_taken_for_one() -> None:
    looks = shortened("/cancel_order" + "x" * 100, LENGTH)
    assert looks.startswith(MARK)
    assert shortened(looks, 64) != looks
    assert not means(shortened(looks, 64), "/cancel_order" + "x" * 100)


@pytest.mark.parametrize("offered", [None, "", 7, ["/affirm"], {}])
def test_what_is_no_payload_is_meant_by_nothing(offered: object) -> None:
    assert not means("", offered)
    assert not means("/affirm", offered)

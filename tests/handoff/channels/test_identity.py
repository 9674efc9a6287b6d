"""The proof of who a customer is."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.channels.identity import sign, verify
from handoff.errors import Unauthorised

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = int(NOW.timestamp()) + 60
SECRET = "the inbox's secret"


def refused(data: Any, secret: str | None = SECRET) -> str:
    with pytest.raises(Unauthorised) as refusal:
        verify(secret, data, NOW)
    return refusal.value.code


def test_a_signature_made_as_documented_holds() -> None:
    signature = hmac.new(SECRET.encode(), f"c1.{LATER}".encode(), hashlib.sha256).hexdigest()
    assert verify(SECRET, {"customer": "c1", "expires": LATER, "signature": signature}, NOW) == "c1"
    assert asdict(sign(SECRET, "c1", LATER))["signature"] == signature


def test_it_ends_at_the_second_it_says() -> None:
    assert refused(asdict(sign(SECRET, "c1", int(NOW.timestamp())))) == "identity_expired"


@pytest.mark.parametrize(
    "change", [{"customer": "c2"}, {"expires": LATER + 1}, {"signature": "0" * 64}, {"signature": ""}]
)
def test_nothing_of_it_can_be_changed(change: dict[str, Any]) -> None:
    assert refused(asdict(sign(SECRET, "c1", LATER)) | change) == "identity_invalid"


def test_another_inboxes_secret_and_no_secret_prove_nothing() -> None:
    good = asdict(sign(SECRET, "c1", LATER))
    assert refused(good, "another") == "identity_invalid"
    assert refused(asdict(sign("", "c1", LATER)), "") == "identity_invalid"
    assert refused(good, None) == "identity_invalid"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=3
)


@given(st.dictionaries(st.sampled_from(["customer", "expires", "signature", "x"]), JSON) | JSON)
def test_whatever_else_is_sent_is_refused_clearly(data: Any) -> None:
    assert refused(data) in ("identity_invalid", "identity_expired")


@pytest.mark.parametrize("customer", ["", "x" * 33, "a\x00b", "ü", "a\nb"])
def test_an_id_that_cannot_be_one_is_refused_even_if_signed(customer: str) -> None:
    assert refused(asdict(sign(SECRET, customer, LATER))) == "identity_invalid"

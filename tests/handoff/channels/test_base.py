"""When to call again, and how secrets are kept."""

from __future__ import annotations

import pytest

from handoff.channels.rest import retry_after
from handoff.channels.vault import Vault


def test_retry_after_is_a_number_or_a_date() -> None:
    assert retry_after("7", 0) == 7
    assert retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 10) == 50
    assert retry_after("soon", 0) is None
    assert retry_after(None, 0) is None


def test_secrets_open_only_with_the_key_they_were_sealed_with() -> None:
    sealed = Vault("k" * 40).seal("hush")
    assert "hush" not in sealed
    assert Vault("k" * 40).open(sealed) == "hush"
    with pytest.raises(ValueError, match="another"):
        Vault("x" * 40).open(sealed)

"""Where outgoing calls may go, when to call again, and how secrets are kept."""

from __future__ import annotations

import pytest

from handoff.channels.addresses import check_public
from handoff.channels.base import SendFailed
from handoff.channels.rest import retry_after
from handoff.channels.vault import Vault


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost:8000/x",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://0.0.0.0/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http:///nohost",
    ],
)
async def test_calls_into_the_own_network_are_refused_for_good(url: str) -> None:
    with pytest.raises(SendFailed) as refused:
        await check_public(url)
    assert refused.value.final


async def test_a_public_address_may_be_called() -> None:
    await check_public("https://93.184.215.14/hook")


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

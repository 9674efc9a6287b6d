"""Rich messages on channels that cannot show them, and where outgoing calls may go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.db import now
from handoff.channels.addresses import check_public
from handoff.channels.base import Capabilities, SendFailed, degrade, pieces
from handoff.channels.rest import retry_after
from handoff.channels.vault import Vault
from handoff.conversations.views import MessageView

RICH: dict[str, Any] = {
    "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}],
    "cards": [{"id": "1", "title": "Linen shirt", "price": "€39", "reason": "your size"}],
}


def message(**rest: Any) -> MessageView:
    values = {"id": "m", "conversation_id": "c", "number": 1, "sender": "bot", "text": "Look"}
    return MessageView(**(values | {"created_at": now()} | rest))


def test_cards_become_lines_and_buttons_numbered_choices() -> None:
    assert degrade(message(rich=RICH), Capabilities()) == [
        "Look\n• Linen shirt · €39 · your size\n1. Yes\n2. No"
    ]


def test_what_a_channel_can_show_is_left_to_it() -> None:
    assert degrade(message(rich=RICH), Capabilities(buttons=3, cards=True)) == ["Look"]


def test_too_many_buttons_become_text() -> None:
    assert degrade(message(rich={"buttons": RICH["buttons"]}), Capabilities(buttons=1)) == [
        "Look\n1. Yes\n2. No"
    ]


@given(st.text(max_size=300), st.integers(1, 50))
def test_pieces_fit_and_lose_no_word(text: str, limit: int) -> None:
    cut = pieces(text, limit)
    assert all(0 < len(piece) <= limit for piece in cut if piece)
    assert "".join("".join(cut).split()) == "".join(text.split())


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

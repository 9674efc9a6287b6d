"""The start of a widget over HTTP."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from handoff.channels.identity import sign
from handoff.channels.registry import Made
from tests.support.gateway import Gateway, gateway

SHOP = "https://shop.example"


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Gateway]:
    async with gateway(database_url) as made:
        yield made


def identity(
    inbox: Made, customer: str = "c1", seconds: int = 60, secret: str | None = None
) -> dict[str, Any]:
    return asdict(sign(secret or inbox.secret, customer, int(time.time()) + seconds))


async def test_a_start_gives_all_that_the_widget_shows_first(running: Gateway) -> None:
    inbox = await running.inbox(
        welcome="Hi!", theme="dark", callback_url="https://internal.example", origins=[SHOP]
    )
    answer = (await running.start(inbox, locale="en-IN", page="https://shop.example/p")).json()
    assert answer["conversation"] == {
        "id": answer["conversation"]["id"],
        "status": "bot",
        "owner": "bot",
        "agent": None,
        "queue_position": None,
        "last_number": 0,
        "read_by_agent": 0,
    }
    assert answer["messages"] == []
    assert answer["options"] == {"welcome": "Hi!", "theme": "dark", "name": "Shop"}
    assert answer["limits"]["text"] == 10_000
    assert answer["texts"]
    assert "internal.example" not in str(answer)
    assert inbox.secret not in str(answer)


async def test_a_widget_that_comes_back_sees_what_was_said(running: Gateway) -> None:
    inbox = await running.inbox()
    visitor = await running.visit(inbox)
    await visitor.say("Hello")
    await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    again = (await running.start(inbox, token=visitor.token)).json()
    assert [m["text"] for m in again["messages"]] == ["Hello", "re: Hello"]
    assert again["token"] == visitor.token


async def test_a_known_customer_is_known_to_the_bot(running: Gateway) -> None:
    inbox = await running.inbox()
    visitor = await running.visit(inbox, identity=identity(inbox, "c1"))
    await visitor.say("Where is my order?")
    await visitor.socket.until("message", lambda data: data["message"]["sender"] == "bot")
    assert running.bot.asked[0].customer_id == "c1"


async def test_a_proof_that_does_not_hold_is_refused_readably(running: Gateway) -> None:
    inbox, other = await running.inbox(origins=[SHOP]), await running.inbox()
    bad = {
        "identity_expired": [identity(inbox, seconds=-1)],
        "identity_invalid": [identity(other), identity(inbox, secret="guess"), {}, {"customer": "c1"}],
    }
    for code, identities in bad.items():
        for one in identities:
            refused = await running.start(inbox, identity=one, origin=SHOP)
            assert (refused.status_code, refused.json()["error"]["code"]) == (401, code)
            assert refused.headers["access-control-allow-origin"] == SHOP


async def test_only_pages_that_the_inbox_allows_may_start(running: Gateway) -> None:
    inbox = await running.inbox(origins=[SHOP])
    assert (await running.start(inbox, origin=SHOP)).headers["access-control-allow-origin"] == SHOP
    assert (await running.start(inbox, origin=running.url)).status_code == 200
    for origin in (
        "https://evil.example",
        "http://shop.example",
        "null",
        "https://shop.example.evil.example",
    ):
        refused = await running.start(inbox, origin=origin)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin_refused")
        assert "access-control-allow-origin" not in refused.headers


async def test_a_browser_may_ask_before_it_starts(running: Gateway) -> None:
    inbox = await running.inbox(origins=[SHOP])
    async with httpx.AsyncClient(base_url=running.url) as http:
        asked = await http.options(f"/api/widget/{inbox.inbox.id}/start", headers={"Origin": SHOP})
        refused = await http.options(
            f"/api/widget/{inbox.inbox.id}/start", headers={"Origin": "https://evil.example"}
        )
    assert (asked.status_code, asked.headers["access-control-allow-headers"]) == (204, "content-type")
    assert "access-control-allow-credentials" not in asked.headers
    assert refused.status_code == 403


async def test_an_inbox_of_another_channel_or_none_has_no_widget(running: Gateway) -> None:
    rest = await running.inboxes.create("rest", "REST")
    assert (await running.start(rest)).status_code == 404
    async with httpx.AsyncClient(base_url=running.url) as http:
        for inbox_id in ("unknown", "a%00b", "..%2f"):
            assert (await http.post(f"/api/widget/{inbox_id}/start", json={})).status_code == 404


async def test_bad_input_gets_a_clear_error(running: Gateway) -> None:
    inbox = await running.inbox()
    for body in ({"token": 1}, {"token": "x" * 300}, {"identity": "c1"}, {"locale": ["en"]}, {"extra": 1}):
        refused = await running.start(inbox, **body)
        assert refused.status_code == 422
        assert refused.json()["error"]["message"]

"""The widget's search over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from handoff.channels.registry import Made
from tests.support.gateway import Gateway

SHOP = "https://shop.example"


async def search(running: Gateway, inbox: Made, origin: str | None = None, **query: Any) -> httpx.Response:
    headers = {"Origin": origin} if origin else {}
    async with httpx.AsyncClient(base_url=running.url) as http:
        return await http.get(f"/api/widget/{inbox.inbox.id}/search", params=query, headers=headers)


async def test_answers_come_with_their_page_and_language(running: Gateway) -> None:
    answer = await search(running, await running.inbox(), q="is a return free", language="en-IN")
    assert answer.json()["answers"][0] == {
        "title": "What it costs",
        "article": "Returns",
        "text": "A return is free. See refunds.",
        "url": "https://chat.example/help/en/returns#s1",
        "language": "en",
        "direction": "ltr",
        "other": "",
    }


async def test_an_answer_from_another_language_says_which(running: Gateway) -> None:
    answer = await search(running, await running.inbox(), q="may I wash wool", language="el")
    assert answer.json()["answers"][0]["other"]


async def test_nothing_found_is_an_empty_list(running: Gateway) -> None:
    assert (await search(running, await running.inbox(), q="🙂")).json() == {"answers": []}


async def test_only_pages_that_the_inbox_allows_may_ask(running: Gateway) -> None:
    inbox = await running.inbox(origins=[SHOP])
    allowed = await search(running, inbox, SHOP, q="wool")
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert (await search(running, inbox, "https://evil.example", q="wool")).status_code == 403


async def test_too_many_and_too_long_questions_are_refused(running: Gateway) -> None:
    inbox = await running.inbox(origins=[SHOP])
    assert (await search(running, inbox, q="w" * 201)).status_code == 422
    answers = [await search(running, inbox, SHOP, q="wool") for _ in range(40)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["access-control-allow-origin"] == SHOP


async def test_the_widget_is_told_whether_there_is_help(running: Gateway) -> None:
    assert (await running.start(await running.inbox())).json()["help"] is True

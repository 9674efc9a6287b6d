"""The bot's client: one home for each conversation, and every failure has a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from bot.contract import Said, TurnRequest
from handoff.conversations.ports import BotFailure
from handoff.rasa import RasaBot, ranked

UNDERSTOOD = {"intent": "greet", "confidence": 0.9, "in_scope": 0.8}
Answer = Callable[[httpx.Request], httpx.Response]
REQUEST = TurnRequest("c1", "m1", text="hi", meanwhile=(Said("agent", "hello"),))


def bot(answer: Answer, servers: tuple[str, ...] = ("http://a",)) -> RasaBot:
    return RasaBot(servers, "token", 1.0, httpx.MockTransport(answer))


async def kind(answer: Answer) -> str:
    with pytest.raises(BotFailure) as failure:
        await bot(answer).turn(REQUEST)
    return failure.value.kind


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json={"replies": [{"text": "hi"}], "understanding": UNDERSTOOD} | body)


async def test_a_turn_goes_out_with_the_token_and_comes_back_typed() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return ok(handoff={"reason": "asked", "note": "x"}, doubtful=True)

    reply = await bot(answer).turn(REQUEST)
    assert (reply.replies[0].text, reply.doubtful) == ("hi", True)
    assert reply.handoff is not None
    assert reply.handoff.reason == "asked"
    assert seen[0].headers["Authorization"] == "Bearer token"
    assert orjson.loads(seen[0].content)["meanwhile"] == [{"sender": "agent", "text": "hello"}]


@pytest.mark.parametrize(
    "body",
    [
        {"replies": "?"},
        {"replies": [{"surprise": 1}]},
        {"replies": [{}]},
        {"replies": None},
        {"understanding": {"intent": "x"}},
        {"understanding": {**UNDERSTOOD, "confidence": "high"}},
        {"understanding": {**UNDERSTOOD, "sentiment": {"score": "bad"}}},
        {"replies": [{"text": "x", "buttons": "no"}]},
        {"handoff": {"why": "?"}},
    ],
)
async def test_an_answer_that_breaks_the_contract_is_invalid(body: dict[str, Any]) -> None:
    assert await kind(lambda _request: ok(**body)) == "invalid"


async def test_what_is_no_json_is_invalid() -> None:
    assert await kind(lambda _request: httpx.Response(200, content=b"<html>")) == "invalid"


async def test_any_other_status_is_a_failure() -> None:
    assert await kind(lambda _request: httpx.Response(500, json={})) == "status"


async def test_time_outs_and_broken_lines_have_names() -> None:
    def late(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("cut")

    def closed(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    assert await kind(late) == "timeout"
    assert await kind(broken) == "unreachable"
    assert await kind(closed) == "unreachable"


async def test_a_server_that_is_not_there_is_passed_over() -> None:
    servers = ("http://a", "http://b", "http://c")
    home, second, _ = ranked(servers, "c1")
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(f"http://{request.url.host}")
        if asked[-1] == home:
            raise httpx.ConnectError("down")
        return ok()

    await bot(answer, servers).turn(REQUEST)
    assert asked == [home, second]


def test_a_conversation_has_one_home_and_few_move_when_a_server_goes() -> None:
    servers = [f"http://s{n}" for n in range(4)]
    conversations = [f"c{n}" for n in range(400)]
    homes = {c: ranked(servers, c)[0] for c in conversations}
    assert all(list(homes.values()).count(server) > 60 for server in servers)
    without = {c: ranked(servers[1:], c)[0] for c in conversations}
    moved = [c for c in conversations if homes[c] != without[c]]
    assert moved == [c for c in conversations if homes[c] == servers[0]]


async def test_ready_when_one_server_is() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if request.url.host == "b" else 503)

    assert await bot(answer, ("http://a", "http://b")).ready()
    assert not await bot(answer).ready()

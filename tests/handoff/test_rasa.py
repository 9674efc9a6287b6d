"""The bot's client: one home for each conversation, and every failure has a name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.contract import Said, TurnRequest
from handoff.conversations.ports import BotFailure
from handoff.rasa import PATH, RasaBot, ranked
from tests.support.processes import free_port
from tests.support.serving import serving

UNDERSTOOD = {"intent": "greet", "confidence": 0.9, "in_scope": 0.8}
REQUEST = TurnRequest("c1", "m1", text="hi", meanwhile=(Said("agent", "hello"),))
Answer = Callable[[Request, Any], Response]


def ok(**body: Any) -> Response:
    return JSONResponse({"replies": [{"text": "hi"}], "understanding": UNDERSTOOD} | body)


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """A bot server of a few lines."""
    app = FastAPI()

    @app.post(PATH)
    async def turn(request: Request) -> Response:
        return answer(request, await request.json())

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    async with serving(app) as url:
        yield url


@asynccontextmanager
async def client(*servers: str, patience: float = 5.0) -> AsyncIterator[RasaBot]:
    bot = RasaBot(servers, "token", patience)
    yield bot
    await bot.close()


async def failure(*servers: str, patience: float = 5.0) -> str:
    async with client(*servers, patience=patience) as bot:
        with pytest.raises(BotFailure) as failed:
            await bot.turn(REQUEST)
    return failed.value.kind


@asynccontextmanager
async def rude(bytes_: bytes | None) -> AsyncIterator[str]:
    """Takes a connection, says ``bytes_`` and hangs up; with None it says nothing and keeps it."""
    done = asyncio.Event()

    async def take(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if bytes_ is None:
            await done.wait()
        else:
            writer.write(bytes_)
        writer.close()

    listening = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        done.set()
        listening.close()


async def test_a_turn_goes_out_with_the_token_and_comes_back_typed() -> None:
    seen: list[tuple[str, Any]] = []

    def answer(request: Request, body: Any) -> Response:
        seen.append((request.headers["Authorization"], body))
        return ok(handoff={"reason": "asked", "note": "x"}, doubtful=True)

    async with server(answer) as url, client(url) as bot:
        reply = await bot.turn(REQUEST)
    assert (reply.replies[0].text, reply.doubtful) == ("hi", True)
    assert reply.handoff is not None
    assert reply.handoff.reason == "asked"
    ((authorization, body),) = seen
    assert authorization == "Bearer token"
    assert body["meanwhile"] == [{"sender": "agent", "text": "hello"}]


async def test_an_answer_that_breaks_the_contract_is_invalid(subtests: pytest.Subtests) -> None:
    broken: list[dict[str, Any]] = [
        {"replies": "?"},
        {"replies": [{"surprise": 1}]},
        {"replies": [{}]},
        {"replies": None},
        {"understanding": {"intent": "x"}},
        {"understanding": {**UNDERSTOOD, "confidence": "high"}},
        {"understanding": {**UNDERSTOOD, "sentiment": {"score": "bad"}}},
        {"replies": [{"text": "x", "buttons": "no"}]},
        {"handoff": {"why": "?"}},
    ]
    answers = iter(broken)
    async with server(lambda _request, _body: ok(**next(answers))) as url:
        for body in broken:
            with subtests.test(str(body)):
                assert await failure(url) == "invalid"


async def test_what_is_no_json_is_invalid() -> None:
    async with server(lambda _request, _body: Response("<html>")) as url:
        assert await failure(url) == "invalid"


async def test_any_other_status_is_a_failure() -> None:
    async with server(lambda _request, _body: Response(status_code=500)) as url:
        assert await failure(url) == "status"


async def test_silence_rubbish_and_a_closed_door_have_names() -> None:
    async with rude(None) as silent:
        assert await failure(silent, patience=0.1) == "timeout"
    async with rude(b"SSH-2.0\r\n") as rubbish:
        assert await failure(rubbish) == "unreachable"
    async with rude(b"") as gone:
        assert await failure(gone) == "unreachable"
    assert await failure(f"http://127.0.0.1:{free_port()}") == "unreachable"


async def test_a_server_that_is_not_there_is_passed_over() -> None:
    async with server(lambda _request, _body: ok()) as url:
        nobody = f"http://127.0.0.1:{free_port()}"
        addresses = (f"{nobody}/{number}" for number in count())  # one of them comes first, sooner or later
        closed = next(address for address in addresses if ranked([address, url], "c1")[0] == address)
        async with client(closed, url) as bot:
            assert (await bot.turn(REQUEST)).replies[0].text == "hi"
            assert await bot.ready()
        async with client(closed) as bot:
            assert not await bot.ready()


def test_a_conversation_has_one_home_and_few_move_when_a_server_goes() -> None:
    servers = [f"http://s{n}" for n in range(4)]
    conversations = [f"c{n}" for n in range(400)]
    homes = {c: ranked(servers, c)[0] for c in conversations}
    assert all(list(homes.values()).count(server) > 60 for server in servers)
    without = {c: ranked(servers[1:], c)[0] for c in conversations}
    moved = [c for c in conversations if homes[c] != without[c]]
    assert moved == [c for c in conversations if homes[c] == servers[0]]

"""Models over HTTP, for the gateway alone: ``/webhooks/setu/model`` and ``/webhooks/setu/read``.

* ``GET /model`` → ``{"live", "shadow", "spare"}``, each ``{"name", "sha256", "loaded_at"}`` or null.
* ``PUT /model?as=live|shadow|spare``, an archive with ``X-Name``, ``X-Sha256`` and ``X-Signature``, the hex
  HMAC-SHA256 of ``name.sha256`` with the bot's token: 403 if that is wrong, 422 if it cannot be loaded.
* ``POST /model/live`` ``{"name", "sha256"}``: one that is here already takes the turns from now on, or 404.
* ``DELETE /model?as=shadow|spare``.
* ``POST /read`` ``{"texts": [{"text", "language"?}], "as": "live"|"shadow"}``
  → ``{"model", "readings", "ms"}``:
  :mod:`bot.readings` says what a reading is.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from rasa.core.agent import Agent
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as answer

from bot.archives import LARGEST, Envelope
from bot.input import BadInput, neutral
from bot.models import Loaded, Models, Role
from bot.readings import Asked, reading, with_wishes

ROLES: dict[str, Role] = {"live": "live", "shadow": "shadow", "spare": "spare"}
MOST_TEXTS = 200
LONGEST_TEXT = 2_000  # characters
FEW = 2  # texts read before turns get their chance again


def add_routes(routes: Blueprint, guarded: Callable[[Any], Any], token: bytes) -> None:
    """``guarded``: what turns a handler into one that nobody reaches without the token."""
    one_at_a_time = asyncio.Semaphore(1)

    @routes.get("/model")  # type: ignore[untyped-decorator]
    @guarded
    async def tell(request: Request, agent: Agent) -> HTTPResponse:
        del agent
        return answer(_models(request).as_dict())

    @routes.put("/model", stream=True)  # type: ignore[untyped-decorator]
    @guarded
    async def put(request: Request, agent: Agent) -> HTTPResponse:
        del agent
        role, envelope = _role(request), Envelope.of(request.headers)
        envelope.check(token)
        request.stream.request_max_size = LARGEST + 1  # the server's own bound is for turns
        loaded = await _models(request).put(role, envelope, _pieces(request))
        return answer(loaded.as_dict())

    @routes.post("/model/live")  # type: ignore[untyped-decorator]
    @guarded
    async def go_live(request: Request, agent: Agent) -> HTTPResponse:
        del agent
        asked = _json(request)
        loaded = await _models(request).go_live(str(asked.get("name")), str(asked.get("sha256")))
        return answer(loaded.as_dict())

    @routes.delete("/model")  # type: ignore[untyped-decorator]
    @guarded
    async def drop(request: Request, agent: Agent) -> HTTPResponse:
        del agent
        await _models(request).drop(_role(request))
        return empty()

    @routes.post("/read")  # type: ignore[untyped-decorator]
    @guarded
    async def read(request: Request, agent: Agent) -> HTTPResponse:
        del agent
        asked = _json(request)
        model = _models(request).of(ROLES.get(str(asked.get("as") or "live"), "live"))
        async with one_at_a_time:
            readings, spent = await _read(model, _texts(asked.get("texts")))
        return answer({"model": model.name, "readings": readings, "ms": spent})


async def _read(model: Loaded, texts: Sequence[Asked]) -> tuple[list[Any], list[float]]:
    """A few at a time in a thread, so that turns come in between; with the milliseconds of each."""
    readings: list[Any] = []
    spent: list[float] = []

    def some(few: Sequence[Asked]) -> None:
        for one in few:
            begun = time.thread_time()  # what it takes, not what it waits for turns
            (parsed,) = with_wishes([one], model.processor.understand)
            readings.append(reading(parsed, model.name))
            spent.append(round((time.thread_time() - begun) * 1000, 2))

    for start in range(0, len(texts), FEW):
        await asyncio.to_thread(some, texts[start : start + FEW])
    return readings, spent


def _texts(asked: Any) -> list[Asked]:
    try:
        texts = [Asked(one["text"], one.get("language")) for one in asked]
    except (TypeError, KeyError, AttributeError) as error:
        raise BadInput("texts must be a list of {text, language}") from error
    if not all(isinstance(text, str) and isinstance(tongue, str | None) for text, tongue in texts):
        raise BadInput("a text and its language must be strings")
    if not 0 < len(texts) <= MOST_TEXTS or max(len(text) for text, _ in texts) > LONGEST_TEXT:
        raise BadInput(f"1 to {MOST_TEXTS} texts of at most {LONGEST_TEXT} characters, please")
    return [one._replace(text=neutral(one.text)) for one in texts]


def _json(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadInput("this is not JSON") from error
    if not isinstance(asked, dict):
        raise BadInput("an object is expected")
    return asked


def _role(request: Request) -> Role:
    try:
        return ROLES[request.args.get("as", "")]
    except KeyError:
        raise BadInput(f"as must be one of {', '.join(ROLES)}") from None


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    while (piece := await request.stream.read()) is not None:
        yield piece


def _models(request: Request) -> Models:
    models: Models = request.app.ctx.models
    return models

"""What the page with the phones asks: a view of all of them as it changes, and things to do.

``GET /_sim/events`` is a stream of views; ``POST /_sim/do {what, …}`` does one thing. JSON only, so
that no other site's form can reach it, and only under a local name.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from handoff.simulators import words
from handoff.simulators.customers import Customer, NotPossible
from handoff.simulators.simulator import Simulator
from handoff.simulators.view import view

LOCAL = ("localhost", "127.0.0.1", "::1")
PACE = 0.08  # seconds between views at least
HEARTBEAT = 15.0
LONGEST = 20_000  # characters of what a customer writes
LARGEST = 24 * 1024 * 1024  # bytes of a file

Given = dict[str, Any]


def install(app: FastAPI, simulator: Simulator) -> None:
    def only_here(request: Request) -> None:
        """A site elsewhere whose name was made to lead here is not let in to play customer."""
        if request.url.hostname not in (*LOCAL, urlsplit(simulator.api_url).hostname):
            raise HTTPException(403, "not under this name")

    api = APIRouter(prefix="/_sim", dependencies=[Depends(only_here)])

    @api.get("/events")
    async def events() -> Response:
        return StreamingResponse(_views(simulator), media_type="text/event-stream")

    @api.get("/view")
    async def once() -> Response:
        return Response(orjson.dumps(view(simulator)), media_type="application/json")

    @api.get("/texts")
    async def texts(language: str = "en") -> Response:
        return Response(orjson.dumps(words.of(language)), media_type="application/json")

    @api.post("/do")
    async def do(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return _refused(415, "only JSON")
        try:
            given = orjson.loads(await request.body())
            answer = _do(simulator, given)
        except NotPossible as why:
            return _refused(409, str(why))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            return _refused(422, f"{type(wrong).__name__}: {wrong}")
        return Response(orjson.dumps({"id": answer}), media_type="application/json")

    app.include_router(api)


def _refused(status: int, why: str) -> Response:
    return Response(orjson.dumps({"error": why}), status, media_type="application/json")


async def _views(simulator: Simulator) -> AsyncIterator[bytes]:
    while True:
        seen = simulator.revision
        yield b"data: " + orjson.dumps(view(simulator)) + b"\n\n"
        await asyncio.sleep(PACE)
        try:
            await simulator.until(lambda seen=seen: simulator.revision != seen, HEARTBEAT)  # type: ignore[misc]
        except TimeoutError:
            yield b": still here\n\n"


def _do(simulator: Simulator, given: Given) -> str:
    what = str(given["what"])
    if what in _SIMULATOR:
        _SIMULATOR[what](simulator, given)
        simulator.touch()
        return ""
    account = next((a for a in simulator.accounts if a.id == given["account"]), None)
    if account is None or given["contact"] not in account.threads:
        raise NotPossible("there is no such phone")
    customer = Customer(simulator, account, account.threads[given["contact"]])
    return _CUSTOMER[what](customer, given) or ""


def _forward(simulator: Simulator, given: Given) -> None:
    simulator.clock.forward(float(given["hours"]) * 3600)


def _outage(simulator: Simulator, given: Given) -> None:
    simulator.go_dark(None) if given["on"] else simulator.light()


def _faults(simulator: Simulator, given: Given) -> None:
    simulator.faults = replace(
        simulator.faults, **{name: float(share) for name, share in given["faults"].items()}
    )


def _approve(simulator: Simulator, given: Given) -> None:
    for account in simulator.accounts:
        for template in account.templates:
            if template.id == given["template"]:
                template.status = "APPROVED"


def _tap(customer: Customer, given: Given) -> str:
    for shown in customer.seen:
        if shown.id == given["message"]:
            return customer.tap_on(shown, shown.taps[int(given["tap"])])
    raise NotPossible("there is no such message")


def _file(customer: Customer, given: Given) -> str:
    try:
        data = base64.b64decode(given["data"], validate=True)
    except binascii.Error as wrong:
        raise ValueError("no Base64") from wrong
    if len(data) > LARGEST:
        raise NotPossible("the file is too large")
    return customer.send_file(
        data, str(given["name"])[:120], str(given["type"]), str(given.get("text") or "")
    )


def _say(customer: Customer, given: Given) -> str:
    text = str(given["text"])
    if not text.strip() or len(text) > LONGEST:
        raise NotPossible("there is nothing to say, or too much")
    return customer.say(text, given.get("reply_to"))


_SIMULATOR: dict[str, Callable[[Simulator, Given], None]] = {
    "forward": _forward,
    "outage": _outage,
    "faults": _faults,
    "approve": _approve,
}
_CUSTOMER: dict[str, Callable[[Customer, Given], str | None]] = {
    "say": _say,
    "tap": _tap,
    "file": _file,
    "place": lambda customer, given: customer.send_location(
        float(given["latitude"]), float(given["longitude"])
    ),
    "edit": lambda customer, given: customer.edit(given["message"], str(given["text"])[:LONGEST]),
    "unsend": lambda customer, given: customer.unsend(given["message"]),
    "react": lambda customer, given: customer.react(given["message"], str(given["emoji"])[:8]),
    "read": lambda customer, _: customer.read(),
    "block": lambda customer, given: customer.block(bool(given["on"])),
    "online": lambda customer, given: customer.come_back() if given["on"] else customer.go_offline(),
    "elsewhere": lambda customer, given: customer.answered_elsewhere(str(given["text"])[:LONGEST]),
    "control": lambda customer, given: customer.moved(bool(given["inbox"])),
}

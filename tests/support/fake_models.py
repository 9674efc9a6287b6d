"""Bots that only hold models, over a transport of httpx: one may refuse, be away, or start again."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import httpx

from handoff.workbench.promotion.decide import Held, Wanted

TOKEN = "bot-token-of-the-tests"
Told = dict[str, Any]


class FakeHolder:
    """One bot. ``refuses`` are hashes; ``reads`` gives its readings by model and text."""

    def __init__(self, url: str, first: Wanted | None = None) -> None:
        self.url = url
        self.first = first
        self.away = False
        self.refuses: set[str] = set()
        self.refuses_to_change: set[str] = set()
        self.taken: list[tuple[str, str]] = []  # (role, name) of archives that came
        self.lives: list[str] = []  # models that were live, in order
        self.reads: Mapping[tuple[str, str], Told] = {}
        self.asked: list[tuple[str, str]] = []  # (model, text) read
        self.roles: dict[str, Wanted | None] = {}
        self.start()

    def start(self) -> None:
        """As a bot that has just been started, with the model it was made with."""
        self.roles = {"live": self.first, "shadow": None, "spare": None}

    @property
    def live(self) -> str | None:
        held = self.roles["live"]
        return held.name if held else None

    def held(self) -> Held:
        return Held(self.roles["live"], self.roles["shadow"], self.roles["spare"])

    async def answer(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if self.away:
            raise httpx.ConnectError("away", request=request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _error(401, "unauthorised")
        path, role = request.url.path.removeprefix("/webhooks/setu"), request.url.params.get("as", "")
        if (request.method, path) == ("GET", "/model"):
            return httpx.Response(200, json={name: _told(one) for name, one in self.roles.items()})
        if (request.method, path) == ("PUT", "/model"):
            return self._put(role, request.headers, body)
        if (request.method, path) == ("DELETE", "/model"):
            self.roles[role] = None
            return httpx.Response(204)
        asked = httpx.Response(200, content=body).json()
        if path == "/model/live":
            return self._go_live(Wanted(asked["name"], asked["sha256"]))
        return self._read(asked)

    def _put(self, role: str, headers: httpx.Headers, body: bytes) -> httpx.Response:
        one = Wanted(headers["x-name"], headers["x-sha256"])
        signed = hmac.new(TOKEN.encode(), f"{one.name}.{one.sha256}".encode(), hashlib.sha256).hexdigest()
        if headers["x-signature"] != signed:
            return _error(403, "bad_signature")
        if hashlib.sha256(body).hexdigest() != one.sha256:
            return _error(422, "invalid")
        if one.sha256 in self.refuses:
            return _error(422, "cannot_load")
        self.taken.append((role, one.name))
        return self._hold(role, one)

    def _go_live(self, one: Wanted) -> httpx.Response:
        if one.sha256 in self.refuses_to_change:
            return _error(500, "failed")
        if one not in self.roles.values():
            return _error(404, "no_model")
        return self._hold("live", one)

    def _hold(self, role: str, one: Wanted) -> httpx.Response:
        if role == "live" and one != self.roles["live"]:
            self.roles["spare"] = self.roles["live"]
            self.lives.append(one.name)
        self.roles[role] = one
        return httpx.Response(200, json=_told(one))

    def _read(self, asked: Told) -> httpx.Response:
        one = self.roles[asked["as"]]
        if one is None:
            return _error(404, "no_model")
        texts = [text["text"] for text in asked["texts"]]
        self.asked += [(one.name, text) for text in texts]
        readings = [self.reads.get((one.name, text), reading("greet")) for text in texts]
        told = {"model": one.name, "readings": readings, "ms": [5.0] * len(texts)}
        return httpx.Response(200, json=told)


def reading(intent: str, *, doubtful: bool = False) -> Told:
    return {"intent": intent, "confidence": 0.9, "doubtful": doubtful}


def transport(*bots: FakeHolder) -> httpx.MockTransport:
    by_host = {httpx.URL(bot.url).host: bot for bot in bots}

    async def handle(request: httpx.Request) -> httpx.Response:
        return await by_host[request.url.host].answer(request)

    return httpx.MockTransport(handle)


def _told(one: Wanted | None) -> Told | None:
    return {"name": one.name, "sha256": one.sha256, "loaded_at": "2026-11-16T09:30:00+00:00"} if one else None


def _error(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": f"it is {code}"}})

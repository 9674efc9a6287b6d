"""An action server for the small bot of the tests (aiohttp, in the bot's environment)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.support.processes import free_port


class FakeActions:
    """Answers the small bot's actions and remembers each call's body."""

    def __init__(self, port: int, token: str = "actions") -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.token = token
        self.calls: list[dict[str, Any]] = []
        self.connections: set[tuple[str, int]] = set()
        self.called = asyncio.Event()
        self.wait: asyncio.Event | None = None

    async def webhook(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": "token"}, status=401)
        self.connections.add(request.transport.get_extra_info("peername"))
        call = await request.json()
        self.calls.append(call)
        self.called.set()
        if self.wait is not None:
            await self.wait.wait()
        events, responses = self.act(call["next_action"], call["tracker"])
        if call["next_action"] == "action_garbled":
            return web.json_response({"events": [{"no": "event"}], "responses": "none"})
        if events is None:
            return web.json_response({"error": "the action failed"}, status=500)
        return web.json_response({"events": events, "responses": responses})

    def act(self, name: str, tracker: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
        seen = {"event": "slot", "name": "seen", "value": (tracker["slots"].get("seen") or 0) + 1}
        if name == "action_facts":
            return [seen], [{"text": f"A fact for {tracker['slots'].get('customer_id')}"}]
        if name == "action_card":
            card = {"id": "p1", "title": "Lamp", "buttons": [{"title": "More", "payload": "/ask_facts"}]}
            return [seen], [{"text": "Look", "custom": {"cards": [card]}}]
        if name == "action_person":
            return [seen], [{"text": "A person comes", "custom": {"handoff": {"reason": "asked"}}}]
        if name in ("action_silent", "validate_order_form"):
            return [], []
        return None, []

    def app(self) -> web.Application:
        app = web.Application(client_max_size=2**22)
        app.router.add_post("/webhook", self.webhook)
        return app


@asynccontextmanager
async def fake_actions(port: int | None = None) -> AsyncIterator[FakeActions]:
    """The fake on a free port for the length of a ``with`` block."""
    fake = FakeActions(port or free_port())
    runner = web.AppRunner(fake.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", fake.port).start()
    try:
        yield fake
    finally:
        await runner.cleanup()

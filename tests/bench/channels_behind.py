"""What is behind the gateway while its webhooks are measured, in one process: the fake bot, and platforms
that take every call at once. ``python -m tests.bench.channels_behind PORT``. ``GET /calls``: how many."""

from __future__ import annotations

import sys
from typing import Any

import orjson
import uvicorn

from tests.support.fake_bot import FakeBotServer, Scope

BOT_PATHS = ("/health", "/webhooks/setu/turn", "/asked", "/mode")


class Behind:
    def __init__(self) -> None:
        self._bot = FakeBotServer()
        self._calls = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] in BOT_PATHS:
            await self._bot(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        if scope["path"] != "/calls":
            self._calls += 1
        content = orjson.dumps(self._agreed(scope["path"]))
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _agreed(self, path: str) -> dict[str, Any]:
        number = self._calls
        if path == "/calls":
            return {"calls": number}
        if path.startswith("/bot"):  # Telegram
            chat = {"id": 1, "type": "private"}
            return {"ok": True, "result": {"message_id": 10_000_000 + number, "date": 0, "chat": chat}}
        return {
            "recipient_id": "1",
            "message_id": f"m_answer{number}",
            "messaging_product": "whatsapp",
            "messages": [{"id": f"wamid.ANSWER{number}"}],
        }


if __name__ == "__main__":
    uvicorn.run(Behind(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)

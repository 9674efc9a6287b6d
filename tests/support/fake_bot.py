"""A bot server as a process: answers turns over HTTP, hangs or fails when told to.

``python -m tests.support.fake_bot PORT``. ``POST /mode {"mode": "answer|hang|fail|empty|rubbish"}``
changes what turns get; ``GET /asked`` lists the message ids asked so far. A turn asked again
with the same message id gets the same answer and is not counted as acted upon again.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import orjson
import uvicorn

Scope = dict[str, Any]


class FakeBotServer:
    def __init__(self) -> None:
        self.mode = "answer"
        self.asked: list[str] = []
        self.acted: dict[str, str] = {}
        self.replies: dict[str, list[dict[str, Any]]] = {}  # to a text or payload, instead of "re: …"
        self.gives_up_at: str | None = None  # the text at which it wants a person
        self._changed = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, answer = await self._answer(scope["path"], orjson.loads(body) if body else {})
        content = orjson.dumps(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, path: str, data: dict[str, Any]) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "ok"}
        if path == "/asked":
            return 200, {"asked": self.asked, "acted": self.acted}
        if path == "/mode":
            async with self._changed:
                self.mode = data["mode"]
                self._changed.notify_all()
            return 200, {}
        if path.endswith("/vectors"):
            return 501, {"error": {"code": "no_encoder", "message": ""}}
        if path.endswith("/model"):
            return 200, {"live": None, "shadow": None, "spare": None}
        return await self._turn(data)

    async def _turn(self, data: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append(data["message_id"])
        async with self._changed:
            await self._changed.wait_for(lambda: self.mode != "hang")
        if self.mode == "fail":
            return 500, {"error": {"code": "broken", "message": ""}}
        if self.mode == "rubbish":
            return 200, {"replies": "?"}
        said = self.acted.setdefault(data["message_id"], f"re: {data.get('text') or data.get('payload')}")
        replies = self.replies.get(said.removeprefix("re: "), [{"text": said}])
        replies = [] if self.mode == "empty" else replies
        understanding = {"intent": "greet", "confidence": 0.9, "in_scope": 0.9, "language": "en"}
        wish = {"handoff": {"reason": "asked", "note": ""}} if data.get("text") == self.gives_up_at else {}
        return 200, {"replies": replies, "understanding": understanding, **wish}


if __name__ == "__main__":
    uvicorn.run(FakeBotServer(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)

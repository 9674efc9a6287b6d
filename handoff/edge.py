"""The outermost layer of the gateway: size of requests, headers of answers, one trace id for each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff.errors import Say, SetuError, TooLarge

PAGES = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox"
STEADY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"x-frame-options", b"DENY"),
)
_TRACE = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Edge:
    """ASGI middleware. ``limit``: bytes of a body; ``policy`` gives the content policy of a path."""

    def __init__(self, app: ASGIApp, *, limit: int, texts: Say, policy: Callable[[str], str]) -> None:
        self._app = app
        self._limit = limit
        self._texts = texts
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace = _trace(headers.get(b"x-request-id"))
        extra = [
            *STEADY,
            (b"x-request-id", trace),
            (b"content-security-policy", self._policy(scope["path"]).encode()),
        ]
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in extra if h[0] not in present)]
            await send(message)

        with structlog.contextvars.bound_contextvars(trace=trace.decode()):
            try:
                declared = headers.get(b"content-length", b"0")
                if not declared.isdigit() or int(declared) > self._limit:
                    raise TooLarge("too_large", limit=self._limit)
                await self._app(scope, self._counted(receive), answer)
            except TooLarge as refused:
                if not started:
                    await self._refuse(refused, answer)

    def _counted(self, receive: Receive) -> Receive:
        """Bytes are counted as they come: a length that was not told, or was a lie, changes nothing."""
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._limit:
                    raise TooLarge("too_large", limit=self._limit)
            return message

        return counted

    async def _refuse(self, error: SetuError, send: Send) -> None:
        body = orjson.dumps(error.body(self._texts))
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send(
            {
                "type": "http.response.start",
                "status": error.status,
                "headers": [*headers, (b"connection", b"close")],
            }
        )
        await send({"type": "http.response.body", "body": body})


def _trace(given: bytes | None) -> bytes:
    """The caller's trace id if it is a harmless one, else a new one."""
    return given if given and _TRACE.fullmatch(given) else secrets.token_hex(8).encode()

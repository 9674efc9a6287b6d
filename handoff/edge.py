"""The outermost layer of the gateway: size of requests, headers of answers, one trace id for each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff.errors import NotFound, Say, SetuError, TooLarge

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
    """ASGI middleware. ``limit``: bytes of a body; ``policy`` gives the content policy of a path.

    Bodies are read whole before the application sees anything of them, except on paths where ``streams``
    gives a limit of their own: there they are passed on as they come, counted all the same.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, texts: Say, policy: Callable[[str], str],
        streams: Callable[[str], int | None] = lambda _path: None,
    ) -> None:  # fmt: skip
        self._app = app
        self._limit = limit
        self._streams = streams
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

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in extra if h[0] not in present)]
            await send(message)

        with structlog.contextvars.bound_contextvars(trace=trace.decode()):
            # No name of ours holds a NUL, and PostgreSQL cannot even be asked for one.
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                await self._refuse(NotFound("not_found"), answer)
                return
            if b"content-length" in headers or b"transfer-encoding" in headers:
                declared, streamed = headers.get(b"content-length", b"0"), self._streams(scope["path"])
                try:
                    if streamed is None:
                        receive = await self._whole(declared, receive)
                    else:
                        receive = _counted(declared, receive, streamed)
                except TooLarge as refused:
                    await self._refuse(refused, answer)
                    return
            await self._app(scope, receive, answer)

    async def _whole(self, declared: bytes, receive: Receive) -> Receive:
        """Read the body, counting: a length that was not told, or was a lie, changes nothing."""
        if not declared.isdigit() or int(declared) > self._limit:
            raise TooLarge("too_large", limit=self._limit)
        parts: list[bytes] = []
        taken, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return _replay([message], receive)
            parts.append(message.get("body", b""))
            taken += len(parts[-1])
            if taken > self._limit:
                raise TooLarge("too_large", limit=self._limit)
            more = message.get("more_body", False)
        return _replay([{"type": "http.request", "body": b"".join(parts), "more_body": False}], receive)

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


def _counted(declared: bytes, receive: Receive, limit: int) -> Receive:
    """The body as it comes; ``TooLarge`` for whoever reads on when it has become too much."""
    if not declared.isdigit() or int(declared) > limit:
        raise TooLarge("too_large", limit=limit)
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge("too_large", limit=limit)
        return message

    return counting


def _replay(messages: list[Message], then: Receive) -> Receive:
    async def receive() -> Message:
        return messages.pop(0) if messages else await then()

    return receive


def _trace(given: bytes | None) -> bytes:
    """The caller's trace id if it is a harmless one, else a new one."""
    return given if given and _TRACE.fullmatch(given) else secrets.token_hex(8).encode()

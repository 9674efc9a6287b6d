"""What the fake gateways of the browser tests have in common: a free port, faults, our pages, a door.

They run in the test's own event loop, so a test reads and changes their state directly.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from handoff import pages
from tests.support import serving as servers

ROOT = Path(__file__).parents[2]
WEB = ROOT / "handoff" / "web"
COOKIE = "setu_desk"
PASSWORD = "open sesame"
Json = dict[str, Any]


async def until(true: Callable[[], bool], wait: float = 15) -> None:
    """Waits for something on the gateway's side; TimeoutError if it never comes."""
    async with asyncio.timeout(wait):
        while not true():  # noqa: ASYNC110 (any state of a fake may be waited for)
            await asyncio.sleep(0.01)


class Fake:
    """Serves ``app``; where it ``blocks``, nothing gets through."""

    until = staticmethod(until)

    def __init__(self) -> None:
        self.app = FastAPI()
        self.url = ""
        self.down = False  # neither HTTP nor sockets

    def blocks(self, _scope: Json) -> bool:
        return self.down

    async def answer(self, scope: Json, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)

    async def __call__(self, scope: Json, receive: Any, send: Any) -> None:
        if not self.blocks(scope):
            await self.answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1013})
        else:
            await Response(status_code=503)(scope, receive, send)


Started = TypeVar("Started", bound=Fake)


@asynccontextmanager
async def serving(fake: Started) -> AsyncIterator[Started]:
    """The fake on a free port of this machine, ``fake.url`` telling which; stopped at the end."""
    async with servers.serving(fake) as fake.url:
        yield fake


class Refusal(Exception):
    """What is answered in place of what was asked for."""

    def __init__(self, status: int, code: str, message: str | None = None) -> None:
        super().__init__(code)
        error = {"code": code, "message": message or f"Refused: {code}."}
        self.answer = JSONResponse({"error": error}, status)


class FakeHouse(Fake):
    """Behind the pages of people who sign in: ``me`` is the one who may."""

    def __init__(self, me: Json) -> None:
        super().__init__()
        self.me: Json = dict(me)
        self.tokens: set[str] = set()
        self.calls: list[tuple[str, Json]] = []  # state-changing calls as they came
        self.refuse: tuple[int, str] | tuple[int, str, str] | None = None  # the answer to every write
        self._edge()
        self._door()
        pages.install(self.app)

    def token(self) -> str:
        token = secrets.token_urlsafe(8)
        self.tokens.add(token)
        return token

    def called(self, name: str) -> list[Any]:
        """The bodies of the calls whose path ends so."""
        return [body for path, body in self.calls if path.endswith(name)]

    def knows(self, request: Request) -> bool:
        return request.cookies.get(COOKIE) in self.tokens

    def who(self, request: Request) -> None:
        if not self.knows(request):
            raise Refusal(401, "not_signed_in", "Please sign in.")

    def trainer(self, request: Request) -> Json:
        """Who is at the workbench, as it is told at the start."""
        decides = self.me["role"] != "trainer"
        me = self.me | {"can": {"override": decides, "assign": decides}}
        here = self.knows(request)
        return {"signed_in": here, "me": me if here and me["role"] != "agent" else None}

    async def written(self, request: Request) -> Json:
        """The body of a state-changing call: noted, then taken or refused."""
        self.who(request)
        assert request.headers["x-setu"] == "1"
        body: Json = await request.json()
        self.calls.append((request.url.path, body))
        if self.refuse:
            raise Refusal(*self.refuse)
        return body

    def _edge(self) -> None:
        @self.app.middleware("http")
        async def guard(request: Request, call_next: Any) -> Response:
            response: Response = await call_next(request)
            response.headers["Content-Security-Policy"] = pages.policy(request.url.path)
            return response

        @self.app.exception_handler(Refusal)
        async def refused(_request: Request, refusal: Refusal) -> Response:
            return refusal.answer

    def _door(self) -> None:
        @self.app.post("/api/desk/sign-in")
        async def sign_in(body: dict[str, str]) -> Response:
            if body != {"email": self.me["email"], "password": PASSWORD}:
                raise Refusal(401, "wrong_credentials", "E-mail or password is wrong.")
            answer = JSONResponse({"agent": self.me})
            answer.set_cookie(COOKIE, self.token(), httponly=True, samesite="lax")
            return answer

        @self.app.post("/api/desk/sign-out")
        async def sign_out() -> Json:
            self.tokens.clear()
            return {}

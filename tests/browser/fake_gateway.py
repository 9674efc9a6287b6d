"""A gateway for the widget's tests: the real one's protocol on a real Socket.IO server, faults on demand."""

from __future__ import annotations

import asyncio
import io
import mimetypes
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import socketio
import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from PIL import Image
from starlette.middleware.gzip import GZipMiddleware

from tests.browser.fake import ROOT, WEB, Fake

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
Reply = Callable[["Talk", dict[str, Any]], Awaitable[None]]
Scope = dict[str, Any]


@dataclass
class Talk:
    """One contact with the one conversation of theirs."""

    token: str
    customer: str | None
    locale: str
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    messages: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    reads: list[int] = field(default_factory=list)
    typing: list[bool] = field(default_factory=list)

    def conversation(self) -> dict[str, Any]:
        base = {"status": "bot", "owner": "bot", "agent": None, "queue_position": None, "read_by_agent": 0}
        return {**base, "id": self.id, "last_number": len(self.messages), **self.state}

    def texts(self) -> list[str]:
        """What the customer said, in order, as stored."""
        return [m["payload"] or m["text"] for m in self.messages if m["sender"] == "customer"]


class FakeGateway(Fake):
    """Talks by token; `replies` decides what is answered; the rest are levers for faults."""

    def __init__(self) -> None:
        super().__init__()
        self.sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", ping_interval=5)
        self._inner = socketio.ASGIApp(self.sio, other_asgi_app=self.app)
        self.texts: dict[str, Any] = yaml.safe_load((ROOT / "data/texts/en.yml").read_text(encoding="utf-8"))
        self.talks: dict[str, Talk] = {}
        self.sids: dict[str, Talk] = {}
        self.options: dict[str, Any] = {}
        self.limit = 2000
        self.no_websocket = False
        self.unproven = {"forged"}  # signatures that do not hold
        self.refused_sockets = 0  # this many of the next sockets are refused
        self.mute = False  # hears everything, answers no sync
        self.swallow_acks = 0  # messages to store without acknowledging
        self.refuse: dict[str, Any] | None = None  # the answer to every send
        self.reply: Reply | None = None
        self.refusals = 0
        self.starts = 0
        self.failing_starts = 0  # this many of the next start calls fail
        self.syncs = 0
        self.searches: list[tuple[str, str]] = []  # (text, language)
        self.answers: list[dict[str, str]] = []  # of every search
        self.file_limit = 1024 * 1024
        self.files: dict[str, tuple[dict[str, Any], bytes]] = {}  # id → (entry, bytes)
        self.refuse_file: tuple[int, str] | None = None  # status and words for every upload
        self.upload_gate = asyncio.Event()  # uploads hang while it is closed
        self.upload_gate.set()
        self._routes()
        self._events()

    # --- levers -------------------------------------------------------------------------------------------

    @property
    def talk(self) -> Talk:
        """The only talk there is."""
        (talk,) = self.talks.values()
        return talk

    async def say(
        self, talk: Talk, sender: str, text: str = "", *, name: str = "", **rich: Any
    ) -> dict[str, Any]:
        """A message from bot, agent or system reaches the customer."""
        message = self._store(talk, sender, text, name=name, rich=rich)
        await self.emit(talk, "message", {"message": message})
        return message

    async def change(self, talk: Talk, **state: Any) -> None:
        """The conversation's owner, place or agent changes."""
        talk.state.update(state)
        await self.emit(talk, "conversation", talk.conversation())

    async def emit(self, talk: Talk, event: str, data: dict[str, Any]) -> None:
        for sid, other in list(self.sids.items()):
            if other is talk:
                await self.sio.emit(event, data, to=sid, namespace="/widget")

    async def cut(self) -> None:
        """Every line breaks and none can be made."""
        self.down = True
        for sid in list(self.sio.eio.sockets):
            await self.sio.eio.disconnect(sid)

    def mend(self) -> None:
        self.down = False

    # --- the protocol -------------------------------------------------------------------------------------

    def _store(self, talk: Talk, sender: str, text: str, **more: Any) -> dict[str, Any]:
        name = more.get("name")
        message = {
            "id": secrets.token_hex(8),
            "number": len(talk.messages) + 1,
            "sender": sender,
            "author": {"id": name, "name": name} if name else None,
            "text": text,
            "rich": more.get("rich") or {},
            "payload": more.get("payload"),
            "client_id": more.get("client_id"),
            "created_at": datetime.now(UTC).isoformat(),
        }
        talk.messages.append(message)
        return message

    def file(self, name: str, body: bytes, **more: Any) -> dict[str, Any]:
        """A file that is ready, as messages name it."""
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind = media_type.partition("/")[0]
        width, height = Image.open(io.BytesIO(body)).size if kind == "image" else (None, None)
        entry = {
            "id": secrets.token_urlsafe(24),
            "kind": kind if kind in ("image", "audio", "video") else "file",
            "name": name,
            "type": media_type,
            "size": len(body),
            "state": "ready",
            "width": width,
            "height": height,
        } | more
        self.files[entry["id"]] = (entry, body)
        return entry

    async def renew(self, talk: Talk, message: dict[str, Any], **change: Any) -> None:
        """A message changes and is published again under its id."""
        message.update(change)
        await self.emit(talk, "message", {"message": message})

    def _title(self, talk: Talk, payload: str) -> str:
        """As the real one: only what was offered can be tapped; it is shown by its button's words."""
        offers = [
            {"title": "Talk to a person", "payload": "/contact_human"},
            *self.options.get("buttons", []),
        ]
        for message in talk.messages:
            rich = message["rich"]
            offers += rich.get("buttons", [])
            offers += [button for card in rich.get("cards", []) for button in card.get("buttons", [])]
        return str(next(button["title"] for button in offers if button["payload"] == payload))

    def _routes(self) -> None:
        app = self.app
        app.add_middleware(GZipMiddleware, minimum_size=200)

        @app.post("/api/widget/{inbox}/start")
        async def start(inbox: str, request: Request) -> Response:
            self.starts += 1
            if self.starts <= self.failing_starts:
                return Response(status_code=503)
            body = await request.json()
            identity = body.get("identity") or {}
            if identity.get("signature") in self.unproven:
                error = {"code": "identity_invalid", "message": "We could not confirm who you are."}
                return JSONResponse({"error": error}, 401)
            token = body.get("token")
            if token not in self.talks:
                token = secrets.token_urlsafe(24)
                self.talks[token] = Talk(token, identity.get("customer"), body.get("locale") or "en")
            talk = self.talks[token]
            return JSONResponse(
                {
                    "token": token,
                    "contact": {"id": talk.id, "name": None, "locale": body.get("locale")},
                    "conversation": talk.conversation(),
                    "messages": talk.messages[-50:],
                    "texts": self.texts["widget"],
                    "options": self.options,
                    "limits": {"text": self.limit, "file": self.file_limit},
                    "help": True,
                }
            )

        @app.post("/api/widget/{inbox}/files")
        async def upload(inbox: str, request: Request) -> Response:
            if request.headers["authorization"].removeprefix("Bearer ") not in self.talks:
                return JSONResponse({"error": {"code": "token_unknown", "message": "Who are you?"}}, 401)
            body = await request.body()
            await self.upload_gate.wait()
            if self.refuse_file:
                status, message = self.refuse_file
                return JSONResponse({"error": {"code": "refused", "message": message}}, status)
            return JSONResponse({"file": self.file(unquote(request.headers["x-name"]), body)})

        @app.get("/files/{id}")
        async def served(id: str) -> Response:
            entry, body = self.files[id]
            return Response(body, media_type=entry["type"])

        @app.get("/api/widget/{inbox}/search")
        async def search(inbox: str, q: str, language: str) -> dict[str, Any]:
            self.searches.append((q, language))
            return {"answers": self.answers}

        @app.get("/page")
        async def page(lang: str = "en", theme: str = "auto", identity: str = "") -> Response:
            signed = f"data-identity='{identity}'" if identity else ""
            return self._html(
                f"<!doctype html><html lang={lang}><meta charset=utf-8><title>A shop</title>"
                "<meta name=viewport content='width=device-width, initial-scale=1'>"
                "<main><h1>A shop</h1><a href='/page'>A link of the shop</a></main>"
                "<script type=module src=/widget/setu.js data-inbox=demo "
                f"data-theme={theme} {signed}></script></html>"
            )

        @app.get("/favicon.ico")
        async def icon() -> Response:
            return Response(status_code=204)

        @app.get("/")
        async def demo() -> Response:
            return self._html((WEB / "demo" / "index.html").read_text(encoding="utf-8"))

        @app.get("/api/demo/shop")
        async def front() -> dict[str, Any]:
            return {"inbox": "demo", "locales": ["en-IN", "el-GR", "fa-IR"], "texts": self.texts["demo"]}

        @app.get("/api/demo/customers")
        async def customers() -> list[dict[str, str]]:
            return [{"id": "c1", "name": "Meera Nair", "locale": "en-IN", "story": "a parcel is late"}]

        @app.post("/api/demo/identity")
        async def identity(request: Request) -> dict[str, Any]:
            customer = (await request.json())["customer"]
            return {"customer": customer, "expires": 2_000_000_000, "signature": "good"}

        @app.get("/api/demo/products")
        async def products(limit: int) -> list[dict[str, str]]:
            return [
                {
                    "id": str(at),
                    "title": ("Linen shirt", "Wool throw", "Brass reading lamp", "Wrap dress")[at % 4],
                    "subtitle": "Norvelle",
                    "price": f"€ {29 + at * 3}.00",
                    "image": f"/media/products/{at}.svg",
                }
                for at in range(limit)
            ]

        @app.get("/media/products/{name}.svg")
        async def picture(name: str) -> Response:
            colour = f"hsl({int(name) * 41 % 360},35%,72%)"
            body = f"<rect width='200' height='200' fill='{colour}'/>"
            svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 200'>{body}</svg>"
            return Response(svg, media_type="image/svg+xml")

        for folder in ("widget", "vendor", "demo"):
            app.mount(f"/{folder}", StaticFiles(directory=WEB / folder), name=folder)

    @staticmethod
    def _html(text: str) -> HTMLResponse:
        return HTMLResponse(text, headers={"content-security-policy": POLICY})

    def _events(self) -> None:
        on = self.sio.on

        @on("connect", namespace="/widget")
        async def connect(sid: str, _environ: Any, auth: dict[str, str]) -> None:
            self.refused_sockets -= 1
            if self.refused_sockets >= 0 or auth.get("token") not in self.talks:
                raise socketio.exceptions.ConnectionRefusedError("unauthorised")
            self.sids[sid] = self.talks[auth["token"]]

        @on("disconnect", namespace="/widget")
        async def disconnect(sid: str, *_reason: Any) -> None:
            self.sids.pop(sid, None)

        @on("send", namespace="/widget")
        async def send(sid: str, data: dict[str, Any]) -> dict[str, Any]:
            talk = self.sids[sid]
            if self.refuse:
                self.refusals += 1
                return {"ok": False, "error": self.refuse}
            known = next((m for m in talk.messages if m["client_id"] == data["client_id"]), None)
            payload = data.get("payload")
            text = self._title(talk, payload) if payload else data.get("text", "")
            files = [self.files[id][0] for id in data.get("files", [])]
            message = known or self._store(
                talk,
                "customer",
                text,
                payload=payload,
                client_id=data["client_id"],
                rich={"files": files} if files else {},
            )
            if self.swallow_acks > 0:
                self.swallow_acks -= 1
                await self.sio.eio.disconnect(self.sio.manager.eio_sid_from_sid(sid, "/widget"))
                await asyncio.Event().wait()
            if not known:
                await self.emit(talk, "message", {"message": message})
                if self.reply:
                    self._later = asyncio.create_task(self.reply(talk, message))
            return {"ok": True, "message": message}

        @on("sync", namespace="/widget")
        async def sync(sid: str, data: dict[str, Any]) -> dict[str, Any]:
            self.syncs += 1
            if self.mute:
                await asyncio.Event().wait()
            talk = self.sids.setdefault(sid, self.talk)
            missed = [m for m in talk.messages if m["number"] > data["after"] and not m.get("private")]
            return {"ok": True, "messages": missed, "conversation": talk.conversation()}

        @on("read", namespace="/widget")
        async def read(sid: str, data: dict[str, Any]) -> None:
            self.sids[sid].reads.append(data["number"])

        @on("typing", namespace="/widget")
        async def typing(sid: str, data: dict[str, Any]) -> None:
            self.sids[sid].typing.append(data["on"])

    def blocks(self, scope: Scope) -> bool:
        return self.down or (self.no_websocket and scope["type"] == "websocket")

    async def answer(self, scope: Scope, receive: Any, send: Any) -> None:
        await self._inner(scope, receive, send)

"""What the fake gateway of the desk's tests knows of channels: windows, files, pushes, linked contacts."""

from __future__ import annotations

import asyncio
import secrets
import struct
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.browser.desk_data import Json, ago

if TYPE_CHECKING:
    from tests.browser.fake_desk import FakeDesk, Talk

CAN: Json = {
    "files": True,
    "images": True,
    "edits": False,
    "deletions": False,
    "text_limit": None,
    "typing": True,
    "read_receipts": True,
}
OPEN: Json = {"open": True, "closes_at": None, "human_until": None, "template_only": False}
TEMPLATES: list[Json] = [
    {
        "name": "parcel_news",
        "language": "en",
        "body": "Hello {{1}}, there is news of your order {{2}}. Write to us to hear more.",
        "variables": 2,
        "category": "UTILITY",
    },
    {
        "name": "sorry_late",
        "language": "fa",
        "body": "سلام، از دیرکرد پاسخ پوزش می‌خواهیم.",
        "variables": 0,
        "category": "UTILITY",
    },
]
INBOXES: list[Json] = [
    {"id": "i-shop", "name": "Shop website", "channel": "web"},
    {"id": "i-wa", "name": "Shop WhatsApp", "channel": "whatsapp"},
    {"id": "i-fb", "name": "Lamps & More", "channel": "messenger"},
    {"id": "i-fb2", "name": "Outlet", "channel": "messenger"},
    {"id": "i-tg", "name": "@shopbot", "channel": "telegram"},
]


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture with a soft gradient, so that screenshots show something."""
    rows = b"".join(
        b"\0"
        + b"".join(
            bytes(min(255, part + 60 * x // width + 40 * y // height) for part in colour)
            for x in range(width)
        )
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class FakeChannels:
    """Levers: ``reach`` and ``links`` by conversation; ``hold`` keeps uploads waiting, ``refuse`` refuses."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.reach: dict[str, Json] = {}
        self.links: dict[str, Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.entries: dict[str, Json] = {}
        self.hold: asyncio.Event | None = None
        self.refuse: tuple[int, str, str] | None = None
        self.inboxes: list[Json] = []
        self.asked: list[Json] = []  # the questions for lists

    def window(
        self, talk_id: str, *, can: Json | None = None, templates: bool = False, **window: Any
    ) -> None:
        self.reach[talk_id] = {
            "window": OPEN | window,
            "can": CAN | (can or {}),
            "templates": TEMPLATES if templates else [],
        }

    def picture(self, name: str, width: int = 240, height: int = 160, **more: Any) -> Json:
        body = png(width, height, (120, 90, 60))
        return self.file("image", name, body, "image/png") | {"width": width, "height": height} | more

    def file(self, kind: str, name: str, body: bytes = b"x", type: str = "application/pdf") -> Json:
        key = secrets.token_urlsafe(24)
        self.files[key] = (type, body)
        entry: Json = {"id": key, "kind": kind, "name": name, "type": type, "size": len(body)}
        entry |= {"state": "ready", "width": None, "height": None}
        self.entries[key] = entry
        return entry

    def contacts(self, talk: Talk, *contacts: Json) -> None:
        """Several contacts talk in one thread; the first is the one that answers go to."""
        talk.card["contacts"] = list(contacts)
        talk.row["also"] = [one["id"] for one in contacts if one["id"] != talk.row["contact"]["id"]]

    async def changed(self, talk_id: str, message: Json, **change: Any) -> None:
        """The message comes again under its id."""
        message |= change
        await self.desk.emit("message", {"conversation_id": talk_id, "message": message})

    async def delivered(self, talk_id: str, number: int, **delivery: Any) -> None:
        message = self.desk.talks[talk_id].messages[number - 1]
        message["delivery"] = told(**delivery)
        news = {"conversation_id": talk_id, "number": number, "delivery": message["delivery"]}
        await self.desk.emit("delivery", news)

    def routes(self, app: FastAPI) -> None:
        base = "/api/desk/conversations/{talk_id}"

        @app.get("/api/desk/filters")
        async def filters() -> Json:
            return {"inboxes": self.inboxes}

        @app.get(base + "/reach")
        async def reach(talk_id: str) -> Any:
            return self.reach.get(talk_id, {"window": OPEN, "can": CAN, "templates": []})

        @app.post(base + "/messages/{number}/{what}")
        async def change(request: Request, talk_id: str, number: int, what: str) -> Any:
            talk, body = await self.desk.write(request, talk_id)
            message = talk.messages[number - 1]
            message |= {
                "resend": {"delivery": told("due")},
                "edit": {"text": body.get("text"), "edited_at": ago()},
                "delete": {"deleted_at": ago(), "text": ""},
            }[what]
            await self.desk.tell(talk, message)
            return {"message": message}

        @app.get(base + "/links")
        async def links(talk_id: str) -> Any:
            contact = self.desk.talks[talk_id].row["contact"]
            alone = {"id": contact["id"], "channel": "web", "inbox": "Shop website"}
            alone |= {"name": contact["name"], "handle": None, "current": True}
            return self.links.get(talk_id, {"contacts": [alone], "links": [], "candidates": []})

        @app.post(base + "/links/code")
        async def code(request: Request, talk_id: str) -> Any:
            await self.desk.write(request, talk_id)
            return {}

        @app.post(base + "/links/merge")
        async def merge(request: Request, talk_id: str) -> Any:
            _talk, body = await self.desk.write(request, talk_id)
            found = self.links[talk_id]
            [one] = [c for c in found["candidates"] if c["conversation_id"] == body["conversation_id"]]
            found["candidates"].remove(one)
            found["contacts"].append(one["contact"] | {"current": False})
            link = {"id": "l-1", "contact": one["contact"], "from": one["conversation_id"], "proof": "agent"}
            found["links"].append(link | {"agent": "Meera Nair", "at": ago(), "undone_at": None})
            return {"link": link}

        @app.post(base + "/links/{link}/undo")
        async def undo(request: Request, talk_id: str, link: str) -> Any:
            await self.desk.write(request, talk_id)
            [one] = [known for known in self.links[talk_id]["links"] if known["id"] == link]
            one["undone_at"] = ago()
            return {}

        @app.post("/api/desk/files")
        async def upload(request: Request) -> Any:
            assert request.headers["x-setu"] == "1"
            body = await request.body()
            if self.hold:
                await self.hold.wait()
            if self.refuse:
                status, code, message = self.refuse
                return JSONResponse({"error": {"code": code, "message": message}}, status)
            type = request.headers["content-type"]
            kind = type.split("/")[0] if type.split("/")[0] in ("image", "audio", "video") else "file"
            return {"file": self.file(kind, unquote(request.headers["x-name"]), body, type)}

        @app.get("/files/{key}")
        async def served(key: str) -> Response:
            type, body = self.files[key]
            return Response(body, media_type=type)


def told(
    state: str = "sent", mark: str | None = None, error: str | None = None, code: str | None = None
) -> Json:
    """A delivery as the gateway tells the desk of it."""
    return {"state": state, "mark": mark, "error": error, "code": code, "parts": 1}

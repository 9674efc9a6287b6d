"""A gateway for the desk's tests: the real protocol over a real Socket.IO server, with faults on demand."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import socketio
import yaml
from fastapi import FastAPI, Request

from tests.browser import desk_data as data
from tests.browser.desk_data import Json, ago
from tests.browser.fake import COOKIE, ROOT, FakeHouse, Refusal
from tests.browser.fake_channels import FakeChannels

PAGE = 100


@dataclass
class Talk:
    """One conversation as the gateway keeps it."""

    row: Json
    messages: list[Json] = field(default_factory=list)
    card: Json = field(default_factory=dict)

    def add(self, sender: str, text: str, **more: Any) -> Json:
        message: Json = {
            "id": secrets.token_hex(8),
            "number": len(self.messages) + 1,
            "sender": sender,
            "author": None,
            "text": text,
            "rich": {},
            "payload": None,
            "client_id": None,
            "created_at": ago(),
            "private": False,
            "epoch": self.row["epoch"],
            "understanding": None,
            "dropped": False,
            "edited_at": None,
            "deleted_at": None,
            "contact_id": self.row["contact"]["id"],
            "delivery": None,
            **more,
        }
        self.messages.append(message)
        self.row |= {"last_number": message["number"], "last_message": message}
        self.row["last_message_at"] = message["created_at"]
        if sender == "customer":
            self.row["unread"] += 1
        return message


class FakeDesk(FakeHouse):
    """`talks` by id; the rest are levers for faults."""

    def __init__(self) -> None:
        super().__init__(data.MEERA)
        self.sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", ping_interval=5)
        self._inner = socketio.ASGIApp(self.sio, self.app)
        self.texts: Json = yaml.safe_load((ROOT / "data/texts/en.yml").read_text(encoding="utf-8"))["desk"]
        self.talks: dict[str, Talk] = {}
        self.typing: list[Json] = []
        self.watched: list[str] = []
        self.silent = False  # no news is sent
        self.suggestions: list[Json] = []  # of every talk
        self.channels = FakeChannels(self)
        self.lines: set[Any] = set()  # of open WebSockets
        self._fill()
        self._routes(self.app)
        self._sockets()

    # --- levers ---------------------------------------------------------------------------------------------

    async def tell(self, talk: Talk, message: Json | None = None) -> None:
        """Every desk hears of a changed row, and of a message."""
        if self.silent:
            return
        if message:
            news = {"conversation_id": talk.row["id"], "message": message}
            await self.sio.emit("message", news, namespace="/desk")
        await self.sio.emit("conversation", talk.row, namespace="/desk")

    async def customer_says(self, talk_id: str, text: str, **more: Any) -> Json:
        talk = self.talks[talk_id]
        message = talk.add("customer", text, **more)
        await self.tell(talk, message)
        return message

    async def change(self, talk_id: str, **row: Any) -> None:
        talk = self.talks[talk_id]
        talk.row |= row
        talk.row["epoch"] += 1
        await self.tell(talk)

    async def emit(self, event: str, news: Any) -> None:
        await self.sio.emit(event, news, namespace="/desk")

    async def cut(self) -> None:
        """Every line breaks and none can be made."""
        self.down = True
        for send in list(self.lines):
            with suppress(RuntimeError):  # closed already from the other side
                await send({"type": "websocket.close", "code": 1012})

    def mend(self) -> None:
        self.down = False

    async def answer(self, scope: Json, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            self.lines.add(send)
        await self._inner(scope, receive, send)
        self.lines.discard(send)

    @staticmethod
    def now() -> str:
        return ago()

    # --- data -----------------------------------------------------------------------------------------------

    def new_talk(
        self, talk_id: str, name: str | None, locale: str, channel: str, status: str, **more: Any
    ) -> Talk:
        agent = more.pop("agent", None)
        row: Json = {
            "id": talk_id,
            "status": status,
            "agent": agent and {"id": agent["id"], "name": agent["name"]},
            "contact": {"id": f"k-{talk_id}", "name": name, "customer_id": None, "locale": locale},
            "inbox": {"id": "i-shop", "name": "Shop website", "channel": channel},
            "also": [],
            "merged_into": None,
            "language": locale.split("-")[0],
            "epoch": 1,
            "reason": None,
            "mood": None,
            "queued_at": None,
            "snoozed_until": None,
            "unread": 0,
            "read_by_agent": 0,
            "read_by_customer": 0,
            "last_number": 0,
            "last_message": None,
            **more,
        }
        empty: Json = {"reason": None, "evidence": [], "mood": [], "confidence": [], "understood": None}
        empty |= {"slots": {}, "customer": None, "orders": [], "summary": [], "previous": []}
        self.talks[talk_id] = Talk(row, card=empty)
        return self.talks[talk_id]

    def _fill(self) -> None:
        aarav = self.new_talk(
            "t-aarav",
            "Aarav Sharma",
            "en-IN",
            "web",
            "queued",
            reason="asked",
            mood=-0.52,
            queued_at=ago(minutes=4),
        )
        aarav.card = data.CARD
        for sender, text, minutes, more in data.LATE_PARCEL:
            aarav.add(sender, text, created_at=ago(minutes=minutes), **more)
        aarav.row |= {"unread": 5, "read_by_agent": 0}
        for talk_id, name, locale, channel, status, agent, reason, mood, unread, waited, words in data.OTHERS:
            talk = self.new_talk(
                talk_id, name, locale, channel, status, agent=agent, reason=reason, mood=mood
            )
            talk.add("bot", "Hello! How can I help?", created_at=ago(minutes=waited + 9))
            talk.add("customer", words, created_at=ago(minutes=waited + 1))
            talk.row["unread"] = unread
            if status == "queued":
                talk.row["queued_at"] = ago(minutes=waited)
            if status == "snoozed":
                talk.row["snoozed_until"] = ago(hours=-14)

    def seen(self) -> list[Json]:
        everything = self.me["role"] == "supervisor"
        rows = [talk.row for talk in self.talks.values()]
        return [r for r in rows if everything or r["status"] != "assigned" or self._mine(r)]

    def _mine(self, row: Json) -> bool:
        return bool(row["agent"] and row["agent"]["id"] == self.me["id"])

    def _views(self) -> dict[str, list[Json]]:
        rows = self.seen()
        by = {s: [r for r in rows if r["status"] == s] for s in ("queued", "bot", "resolved", "elsewhere")}
        mine = [r for r in rows if self._mine(r) and r["status"] in ("assigned", "snoozed")]
        return {
            "queue": by["queued"],
            "mine": mine,
            "bot": by["bot"],
            "resolved": by["resolved"],
            "elsewhere": by["elsewhere"],
            "all": rows,
        }

    # --- HTTP -----------------------------------------------------------------------------------------------

    async def write(self, request: Request, talk_id: str) -> tuple[Talk, Json]:
        body = await self.written(request)
        return self.talks[talk_id], body

    def _routes(self, app: FastAPI) -> None:
        @app.get("/api/desk/texts")
        async def texts(request: Request) -> Json:
            return {"texts": self.texts, "signed_in": self.knows(request)}

        @app.get("/api/desk/me")
        async def me(request: Request) -> Json:
            self.who(request)
            return {"agent": self.me, "texts": self.texts, "languages": ["en"]}

        @app.put("/api/desk/me/availability")
        async def availability(request: Request) -> Json:
            body = await self.written(request)
            self.me["availability"] = body["value"]
            return {"agent": self.me}

        @app.get("/api/desk/agents")
        async def agents() -> Any:
            return {"agents": data.TEAM}

        @app.get("/api/desk/conversations")
        async def listed(
            request: Request, view: str, channel: str | None = None, inbox: str | None = None
        ) -> Json:
            self.who(request)
            views = self._views()
            self.channels.asked.append({"view": view, "channel": channel, "inbox": inbox})
            rows = [
                row
                for row in views[view]
                if channel in (None, row["inbox"]["channel"]) and inbox in (None, row["inbox"]["id"])
            ]
            return {"conversations": rows, "counts": {name: len(found) for name, found in views.items()}}

        @app.get("/api/desk/conversations/{talk_id}")
        async def opened(request: Request, talk_id: str) -> Json:
            self.who(request)
            if talk_id not in self.talks:
                raise Refusal(404, "conversation_unknown", "This conversation does not exist.")
            talk = self.talks[talk_id]
            return {"conversation": talk.row, "messages": talk.messages[-PAGE:], "card": talk.card}

        @app.get("/api/desk/conversations/{talk_id}/messages")
        async def messages(talk_id: str, after: int | None = None, before: int | None = None) -> Json:
            found = self.talks[talk_id].messages
            if after is not None:
                return {"messages": [m for m in found if m["number"] > after][:PAGE]}
            return {"messages": [m for m in found if m["number"] < (before or 0)][-PAGE:]}

        @app.post("/api/desk/conversations/{talk_id}/{move}")
        async def move(request: Request, talk_id: str, move: str) -> Any:
            talk, body = await self.write(request, talk_id)
            return await self._moved(talk, move, body)

        @app.get("/api/desk/canned")
        async def canned() -> Any:
            return {"canned": data.CANNED}

        @app.get("/api/desk/conversations/{id}/suggestions")
        async def suggestions(id: str) -> Json:
            return {"number": len(self.talks[id].messages), "suggestions": self.suggestions}

        @app.get("/api/desk/next-steps")
        async def steps() -> Any:
            return {"steps": data.STEPS}

        @app.get("/api/desk/search")
        async def search(q: str) -> Json:
            found = [
                (t, m) for t in self.talks.values() for m in t.messages if q.lower() in m["text"].lower()
            ]
            hits = [{"conversation": t.row, "message": m, "snippet": m["text"]} for t, m in found]
            return {"hits": hits}

        self.channels.routes(app)

    async def _moved(self, talk: Talk, move: str, body: Json) -> Any:
        me = {"id": self.me["id"], "name": self.me["name"]}
        if move in ("reply", "note"):
            return await self._wrote(talk, body, me, private=move == "note")
        if move == "read":
            talk.row |= {"read_by_agent": body["number"], "unread": 0}
            await self.tell(talk)
            return {}
        change: Json = {
            "claim": {"status": "assigned", "agent": me},
            "hand-back": {"status": "bot", "agent": None, "reason": None},
            "resolve": {"status": "resolved", "agent": None},
            "snooze": {"status": "snoozed", "snoozed_until": body.get("until")},
            "transfer": {"agent": {"id": body.get("agent_id"), "name": "Tomas Lind"}},
        }[move]
        await self.change(talk.row["id"], **change)
        return {"conversation": talk.row}

    async def _wrote(self, talk: Talk, body: Json, me: Json, *, private: bool) -> Any:
        known = [m for m in talk.messages if m["client_id"] == body["client_id"]]
        message = (
            known[0]
            if known
            else talk.add(
                "agent",
                body["text"],
                author=me,
                client_id=body["client_id"],
                private=private,
                rich=self._rich(body),
            )
        )
        if not known:
            await self.tell(talk, message)
        return {"message": message}

    def _rich(self, body: Json) -> Json:
        rich = {name: body[name] for name in ("reply_to", "template") if name in body}
        files = [self.channels.entries[key] for key in body.get("files", [])]
        return rich | ({"files": files} if files else {})

    # --- sockets --------------------------------------------------------------------------------------------

    def _sockets(self) -> None:
        @self.sio.on("connect", namespace="/desk")
        async def connect(_sid: str, environ: Json) -> bool:
            cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(COOKIE)
            return bool(cookie and cookie.value in self.tokens)

        @self.sio.on("watch", namespace="/desk")
        async def watch(_sid: str, body: Json) -> Json:
            self.watched.append(body["conversation"])
            return {"ok": True}

        @self.sio.on("typing", namespace="/desk")
        async def typing(_sid: str, body: Json) -> Json:
            self.typing.append(body)
            return {"ok": True}

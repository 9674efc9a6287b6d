"""A gateway for tests: the real front, sockets and HTTP on a free port, with a fake bot behind it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import socketio
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff import answers, pages
from handoff.agents.models import Agent
from handoff.agents.passwords import Passwords
from handoff.agents.presence import Duty
from handoff.agents.service import Accounts
from handoff.attachments.assembly import make_filing
from handoff.attachments.rules import Rules
from handoff.channels.registry import Channels, Inboxes, Made
from handoff.channels.vault import Vault
from handoff.channels.web import WebChannel
from handoff.conversations import reading
from handoff.conversations.context import Context, Holder
from handoff.conversations.models import Conversation
from handoff.conversations.policy import Thresholds
from handoff.conversations.ports import NoFiles
from handoff.conversations.rates import Rates
from handoff.conversations.service import Conversations
from handoff.conversations.views import ConversationView
from handoff.front import Front, make_front
from handoff.inboxes.checking import Checks
from handoff.inboxes.service import Care
from handoff.realtime.hub import SocketHub
from handoff.realtime.hubs import Hubs
from handoff.realtime.server import make_server
from handoff.realtime.webchat_hub import WebchatHub
from handoff.workbench.assembly import Workbench, make_workbench
from handoff.workbench.context import Context as WorkbenchContext
from tests.support.conversations import FakeBot
from tests.support.processes import free_port
from tests.support.sockets import Socket, open_socket

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the tests are not about argon2


@dataclass
class Visitor:
    """A customer at a widget."""

    token: str
    conversation_id: str
    socket: Socket

    async def say(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        answer = await self.socket.call("send", {"client_id": client_id or text, "text": text})
        assert answer["ok"], answer
        return dict(answer["message"])


class Browser:
    """An agent's browser: the cookie, calls of the desk, and its live connection."""

    def __init__(self, gateway: Gateway, agent: Agent) -> None:
        self.gateway = gateway
        self.agent = agent
        self.http = httpx.AsyncClient(base_url=gateway.url, headers={"X-Setu": "1", "Origin": gateway.url})
        self.socket: Socket | None = None

    @property
    def cookie(self) -> str:
        return f"setu_desk={self.http.cookies['setu_desk']}"

    @property
    def live(self) -> Socket:
        assert self.socket is not None, "the desk is not open"
        return self.socket

    async def sign_in(self, password: str = PASSWORD) -> httpx.Response:
        body = {"email": self.agent.email, "password": password}
        return await self.http.post("/api/desk/sign-in", json=body)

    async def open_desk(self, availability: str = "online") -> Browser:
        self.socket = await self.gateway.socket("/desk", cookie=self.cookie)
        answer = await self.socket.call("availability", {"value": availability})
        assert answer["ok"], answer
        return self

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.http.get(f"/api/desk/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.http.post(f"/api/desk/{path}", json=body or {})

    async def act(self, conversation_id: str, what: str, **body: Any) -> Any:
        """Do something with a conversation that must work."""
        answer = await self.post(f"conversations/{conversation_id}/{what}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Gateway:
    """One running gateway. Several may share a database (and a Redis)."""

    def __init__(self, database: Database, conversations: Conversations, bot: FakeBot, front: Front,
                 inboxes: Inboxes, url: str, sockets: Any, webchat: WebchatHub) -> None:  # fmt: skip
        self.database = database
        self.conversations = conversations
        self.bot = bot
        self.front = front
        self.inboxes = inboxes
        self.url = url
        self.sockets = sockets  # the Socket.IO server
        self.webchat = webchat
        self.workbench: Workbench | None = None
        self.workspace = Path()
        self._sockets: list[Socket] = []
        self._browsers: list[Browser] = []

    async def inbox(self, **options: Any) -> Made:
        return await self.inboxes.create("web", "Shop", options)

    async def visit(self, inbox: Made, **body: Any) -> Visitor:
        """Start a widget and open its socket."""
        started = await self.start(inbox, **body)
        assert started.status_code == 200, started.text
        data = started.json()
        socket = await self.socket("/widget", {"token": data["token"]})
        return Visitor(data["token"], data["conversation"]["id"], socket)

    async def start(self, inbox: Made, *, origin: str | None = None, **body: Any) -> httpx.Response:
        headers = {"Origin": origin} if origin else {}
        async with httpx.AsyncClient(base_url=self.url) as http:
            return await http.post(f"/api/widget/{inbox.inbox.id}/start", json=body, headers=headers)

    async def socket(self, namespace: str, auth: dict[str, Any] | None = None, **how: Any) -> Socket:
        """An open socket, closed with the gateway; raises :class:`tests.support.sockets.Refused`."""
        made = await open_socket(self.url, namespace, auth, **how)
        self._sockets.append(made)
        return made

    async def hire(self, name: str = "Maria", role: str = "agent", **more: Any) -> Agent:
        """An account, with the password :data:`PASSWORD`."""
        email = f"{name.lower()}@example.org"
        accounts = Accounts(self.database, Passwords(CHEAP))
        return await accounts.create(email=email, name=name, password=PASSWORD, role=role, **more)

    async def browser(self, agent: Agent) -> Browser:
        """A browser in which the agent is signed in."""
        browser = Browser(self, agent)
        self._browsers.append(browser)
        answer = await browser.sign_in()
        assert answer.status_code == 200, answer.text
        return browser

    async def desk(
        self, name: str = "Maria", role: str = "agent", *, availability: str = "online", **more: Any
    ) -> Browser:
        """A new agent with the desk open."""
        browser = await self.browser(await self.hire(name, role, **more))
        return await browser.open_desk(availability)

    async def view(self, conversation_id: str) -> ConversationView:
        async with self.database.read() as session:
            return await reading.view(session, conversation_id)

    async def loads(self) -> dict[str, tuple[int, int]]:
        """Agent's id → (load as kept, conversations really assigned)."""
        async with self.database.read() as session:
            assigned: dict[str, int] = {}
            for owner in await session.scalars(
                select(Conversation.agent_id).where(Conversation.status == "assigned")
            ):
                assigned[str(owner)] = assigned.get(str(owner), 0) + 1
            return {a.id: (a.load, assigned.get(a.id, 0)) for a in await session.scalars(select(Agent))}

    async def close(self) -> None:
        for socket in self._sockets:
            await socket.close()
        for browser in self._browsers:
            await browser.http.aclose()


@asynccontextmanager
async def gateway(
    database_url: str,
    redis_url: str | None = None,
    *,
    bot: FakeBot | None = None,
    public_url: str = "",
    knowledge: Knowledge | None = None,
    channels: Channels | None = None,
    home: Path | None = None,
    workspace: Path | None = None,
) -> AsyncIterator[Gateway]:
    """A gateway on a free port, its heart beating, until the end of the block; with a ``home`` it keeps
    files there, with a ``workspace`` it has a workbench for the training data there (its regular work
    is in ``workbench.work`` and does not run by itself)."""
    database, port = Database(database_url), free_port()
    server = make_server(redis_url)
    hub, webchat = SocketHub(server, database), WebchatHub(server, "https://chat.example")
    texts = Texts.load()
    channels = channels or Channels({"web": WebChannel()})
    files = make_filing(database, home, Rules()).attachments if home else None
    context = Context(
        database=database,
        hub=Hubs(hub, webchat),
        presence=Duty(),
        texts=texts,
        thresholds=Thresholds(),
        turn_timeout=5,
        holder=Holder.at(f"127.0.0.1:{port}"),
        pushes=channels.pushes,
        files=files or NoFiles(),
    )
    bot = bot or FakeBot()
    conversations = Conversations(context, bot, Rates(per_second=1000, burst=1000))
    inboxes = Inboxes(database, Vault("for tests only, for tests only, for tests"))
    front = make_front(
        server=server,
        hub=hub,
        webchat=webchat,
        conversations=conversations,
        inboxes=inboxes,
        texts=texts,
        reference=Reference.load(),
        knowledge=knowledge,
        attachments=files,
        channels=channels,
        care=Care(database, inboxes, channels, Checks(database, inboxes, channels), "https://chat.example"),
        base_url="https://chat.example",
        public_url=public_url,
        demo=True,
        passwords=Passwords(CHEAP),
        searches=Rates(per_second=0.01, burst=30),
    )
    workbench = workspace and make_workbench(
        WorkbenchContext(
            database=database,
            texts=texts,
            knowledge=knowledge or Knowledge([]),
            door=front.door,
            root=workspace,
            models=workspace / "models",
            home=home or workspace,
            python=Path(sys.executable),
            bot_urls=[],
            bot_token="for tests",
            holder=context.holder.token,
        )
    )
    app = FastAPI()
    answers.install(app, texts)
    for router in (*front.routers, *(workbench.routers if workbench else ())):
        app.include_router(router)
    pages.install(app)
    async with serving(socketio.ASGIApp(server, app), port):
        heart = asyncio.create_task(front.heart.run())
        url = f"http://127.0.0.1:{port}"
        made = Gateway(database, conversations, bot, front, inboxes, url, server, webchat)
        made.workbench, made.workspace = workbench or None, workspace or Path()
        try:
            yield made
        finally:
            await made.close()
            heart.cancel()
            await asyncio.gather(heart, return_exceptions=True)
            bot.open()
            await conversations.turns.settle()
            await hub.close()
            await server.shutdown()
    await database.close()


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    """Uvicorn in this event loop."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", ws="websockets-sansio",
                            lifespan="off", timeout_graceful_shutdown=1)  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task

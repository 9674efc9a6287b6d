"""A whole gateway in the test's own process, its bot and its callbacks' receiver faked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from actions.db import new_id, now
from handoff.agents.models import Agent
from handoff.app import create_app
from handoff.channels.registry import Made
from handoff.conversations import reading
from handoff.conversations.views import MessageView
from handoff.gateway import Gateway, build
from handoff.settings import Settings
from tests.support.fake_bot import FakeBotServer
from tests.support.serving import serving


@dataclass
class Receiver:
    """Gets the callbacks; answers with ``statuses`` in turn, then 200."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # of answers that are no success
    got: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        return httpx.Response(status, headers=self.headers if status >= 300 else None)

    def texts(self) -> list[str]:
        return [orjson.loads(request.content)["message"]["text"] for request in self.got]


@dataclass
class Running:
    """``client`` speaks to the gateway as ``inbox``."""

    gateway: Gateway
    bot: FakeBotServer
    receiver: Receiver
    inbox: Made
    client: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/api/inboxes/{self.inbox.inbox.id}/messages"

    async def post(self, text: str | None = "Hello", contact: str = "ann", **rest: Any) -> httpx.Response:
        body = {"contact": contact, "id": new_id(), "text": text, "wait": 5} | rest
        return await self.client.post(self.path, json={k: v for k, v in body.items() if v is not None})

    async def agent(self) -> str:
        """Maria, at her desk."""
        row = Agent(
            id=new_id(),
            email=f"{new_id()}@example.org",
            name="Maria",
            password_hash="",
            availability="online",
            seen_at=now(),
        )
        async with self.gateway.database.write() as session:
            session.add(row)
        return row.id

    async def thread(self, conversation_id: str) -> list[MessageView]:
        async with self.gateway.database.read() as session:
            return await reading.messages(session, conversation_id, after=0, private=True)

    async def fetch(self, contact: str = "ann", after: int = 0) -> Any:
        answer = await self.client.get(self.path, params={"contact": contact, "after": after})
        return answer.json()


def settings(database_url: str, **rest: Any) -> Settings:
    values = {"bot_token": "b", "secret_key": "k" * 40, "gateway_port": 0, "private_callbacks": True}
    return Settings(database_url=database_url, **(values | rest))


@asynccontextmanager
async def running(
    database_url: str,
    *,
    options: dict[str, Any] | None = None,
    at_work: bool = True,
    to_platforms: httpx.AsyncBaseTransport | None = None,
    **rest: Any,
) -> AsyncIterator[Running]:
    """A gateway with one REST inbox; ``at_work``: its regular work runs too."""
    bot, receiver = FakeBotServer(), Receiver()
    async with AsyncExitStack() as stack:
        rest["bot_urls"] = [await stack.enter_async_context(serving(bot))]
        made_of = settings(database_url, **rest)
        gateway = build(made_of, to_callbacks=httpx.MockTransport(receiver), to_platforms=to_platforms)
        await stack.enter_async_context(gateway.working() if at_work else gateway.opened())
        made = await gateway.inboxes.create("rest", "Test", options)
        transport = httpx.ASGITransport(app=create_app(gateway), raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {made.token}"}
        client = httpx.AsyncClient(transport=transport, base_url="http://setu", headers=headers)
        await stack.enter_async_context(client)
        yield Running(gateway, bot, receiver, made, client)

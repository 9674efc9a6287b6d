"""The workbench without a gateway: its own calls, made in this process for somebody at the terminal.

So a command is one or two calls of what the page calls, and can do nothing that the page could not.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request
from sqlalchemy import select

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.knowledge.serving import load as load_articles
from actions.texts import Texts
from handoff import answers
from handoff.agents.models import Agent
from handoff.agents.roles import WORKBENCH
from handoff.errors import Invalid
from handoff.once import fail
from handoff.settings import Settings
from handoff.telemetry import log_json
from handoff.workbench.assembly import Workbench, make_workbench
from handoff.workbench.context import Context

PATIENCE = 600.0  # seconds; a replay or an upload to several bots takes its time


class AtTheTerminal:
    """A door that lets in whoever has the shell: they could write to the database as well."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def trainer(self, request: Request) -> Agent:
        del request
        return self._agent


class Calls:
    """The workbench's HTTP, below ``/api/workbench``."""

    def __init__(self, client: httpx.AsyncClient, workbench: Workbench) -> None:
        self._client = client
        self._workbench = workbench

    async def get(self, path: str, **query: Any) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        return _told(await self._client.get(path, params=given))

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        if isinstance(body, bytes):
            return _told(await self._client.post(path, content=body, headers=headers))
        return _told(await self._client.post(path, json=body or {}))

    @asynccontextmanager
    async def working(self, name: str) -> AsyncIterator[None]:
        """One of the workbench's regular works goes on meanwhile, as it does in a gateway."""
        task = asyncio.create_task(self._workbench.work[name]())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def opened(database: Database, settings: Settings, email: str | None) -> AsyncIterator[Calls]:
    """``email``: who does it, for the record; may be left out where only one person works there."""
    log_json("WARNING")  # the default would print what was at work, with what customers wrote
    agent, texts = await _who(database, email), Texts.load()
    knowledge = load_articles(settings.knowledge, None, settings.home)
    workbench = make_workbench(_context(database, settings, texts, knowledge, agent))
    app = FastAPI()
    answers.install(app, texts)
    for router in workbench.routers:
        app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    base = "http://localhost/api/workbench"
    async with httpx.AsyncClient(transport=transport, base_url=base, timeout=PATIENCE) as client:
        yield Calls(client, workbench)


async def _who(database: Database, email: str | None) -> Agent:
    there = select(Agent).where(Agent.role.in_(WORKBENCH), Agent.disabled.is_(False))
    if email:
        there = there.where(Agent.email == email.strip().lower())
    async with database.read() as session:
        people = (await session.scalars(there)).all()
    if len(people) != 1:
        raise Invalid("who_works" if people or not email else "nobody_works")
    return people[0]


def _context(
    database: Database, settings: Settings, texts: Texts, knowledge: Knowledge, agent: Agent
) -> Context:
    return Context(
        database=database,
        texts=texts,
        knowledge=knowledge,
        door=AtTheTerminal(agent),
        root=settings.workspace,
        models=settings.models,
        home=settings.home,
        python=settings.bot_python,
        bot_urls=settings.bot_urls,
        bot_token=settings.bot_token.get_secret_value(),
        holder=f"terminal.{secrets.token_hex(6)}",
    )


def _told(answer: httpx.Response) -> Any:
    """What was answered; an error ends the command with its sentence."""
    told = answer.json()
    if answer.is_error:
        fail(told["error"]["message"])
    return told

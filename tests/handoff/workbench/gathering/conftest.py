"""A shop whose customers write, a gateway that gathers what they wrote, and trainers at their queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import select

from actions.db import Database, new_id
from actions.knowledge.search import Knowledge
from actions.texts import Texts
from bot.contract import Reply, TurnReply, TurnRequest, Understanding
from handoff import answers
from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.gathering import api, gather
from handoff.workbench.models import Annotation, Utterance
from tests.support.conversations import Clock, House
from tests.support.conversations import build as build_house


class FakeDoor:
    """Whoever ``who`` names is signed in."""

    def __init__(self, database: Database) -> None:
        self.database, self.who = database, ""

    async def trainer(self, _request: Request) -> Agent:
        async with self.database.read() as session:
            return await session.get_one(Agent, self.who)


def understood(
    intent: str = "track_order", confidence: float = 0.9, second: float = 0.05, **rest: Any
) -> Understanding:
    ranking = [{"name": intent, "confidence": confidence}, {"name": "cancel_order", "confidence": second}]
    rest = {
        "in_scope": 0.9,
        "language": "en",
        "script": "Latn",
        "sentiment": {"label": "", "score": 0.0},
    } | rest
    return Understanding(intent, confidence, ranking=ranking, **rest)


@dataclass
class Bench:
    """``says``: how the bot understands the next messages, by text; else as ``understood()``."""

    house: House
    context: Context
    door: FakeDoor
    http: httpx.AsyncClient
    says: dict[str, Understanding] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        return self.house.clock

    def answer(self, request: TurnRequest) -> TurnReply:
        return TurnReply([Reply(text="ok")], self.says.get(request.text or "", understood()))

    async def write(self, text: str, contact: str = "ann", as_: Understanding | None = None) -> None:
        if as_ is not None:
            self.says[text] = as_
        await self.house.write(text, contact)
        self.clock.pass_(20)

    async def gathered(self) -> None:
        """All that was written is in the queue."""
        self.clock.pass_(60)
        while await gather.gather(self.context):
            pass

    async def looked_back(self) -> None:
        self.clock.pass_(3600)
        while await gather.look_back(self.context):
            pass

    async def trainer(self, name: str = "Tara", role: str = "trainer") -> str:
        """Somebody of that role, signed in from now on."""
        self.door.who = await self.house.agent(name)
        async with self.house.database.write() as session:
            (await session.get_one(Agent, self.door.who)).role = role
        return self.door.who

    async def rows(self) -> list[Utterance]:
        async with self.house.database.read() as session:
            return list(
                (await session.scalars(select(Utterance).order_by(Utterance.first_at, Utterance.id))).all()
            )

    async def row(self, text: str) -> Utterance:
        return next(row for row in await self.rows() if row.text == text)

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.http.get(f"/api/workbench{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.post(f"/api/workbench{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def label(self, utterance: str, intent: str, agent: str) -> None:
        async with self.house.database.write() as session:
            session.add(
                Annotation(
                    utterance_id=utterance, agent_id=agent, batch=new_id(), kind="intent", intent=intent
                )
            )

    async def fill(self, rows: list[dict[str, Any]]) -> list[str]:
        """Utterances as they are given, each alone in its group."""
        made = []
        for i, row in enumerate(rows):
            id = new_id()
            given = {"id": id, "key": f"{i:04}-{id}", "text": f"message {i}", "group_id": id} | row
            made.append(Utterance(**given))
        async with self.house.database.write() as session:
            session.add_all(made)
        return [row.id for row in made]


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    house = await build_house(database)
    door = FakeDoor(database)
    texts = Texts.load()
    context = Context(
        database=database,
        texts=texts,
        knowledge=Knowledge([]),
        door=door,
        root=Path.cwd(),
        models=tmp_path,
        home=tmp_path,
        python=Path("python"),
        bot_urls=[],
        bot_token="",
        holder="one",
        clock=house.clock,
    )
    app = FastAPI()
    app.include_router(api.router(context))
    answers.install(app, texts)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        made = Bench(house, context, door, http)
        house.bot.answer = made.answer
        yield made
        await house.conversations.turns.stop()


async def together(*calls: Any) -> list[Any]:
    return list(await asyncio.gather(*calls, return_exceptions=True))

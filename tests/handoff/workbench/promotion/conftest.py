"""Three bots, models in a folder, people, and what changes the ones by the others' will."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.ops import model as ops
from handoff.workbench.context import Context
from handoff.workbench.models import Audit, Model, Run
from handoff.workbench.promotion.assembly import Models, make_models
from handoff.workbench.promotion.decide import Wanted
from handoff.workbench.promotion.records import Origin
from tests.support.fake_models import TOKEN, FakeHolder, transport

START = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
PASSED: dict[str, Any] = {"passed": True, "lines": [{"code": "macro_f1", "passed": True}]}
FAILED: dict[str, Any] = {
    "passed": False,
    "lines": [
        {"code": "macro_f1", "passed": True},
        {"code": "intent", "passed": False, "subject": "get_refund", "value": -0.08, "limit": -0.03},
    ],
}


class NoDoor:
    async def trainer(self, request: object) -> Agent:
        raise AssertionError("nobody comes in here")


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class House:
    """A gateway's workbench, its bots and its folder. ``runs`` counts trainings."""

    context: Context
    models: Models
    bots: list[FakeHolder]
    clock: Clock
    people: dict[str, Agent]
    runs: int = 0

    async def trained(
        self, name: str, verdict: dict[str, Any] | None = PASSED, champion: str | None = None, **run: Any
    ) -> Wanted:
        """A model of a run that came to this verdict; compared with what is live, if nothing is said."""
        made = self.archive(name)
        live = (await self.models.promotions.listed())["live"]
        self.runs += 1
        async with self.context.database.write() as session:
            row = Run(
                number=self.runs,
                agent_id=self.people["asha"].id,
                champion=champion or live,
                challenger=name,
                verdict=verdict,
                **{"state": "done", **run},
            )
            session.add(row)
            await session.flush()
            at = self.clock() + timedelta(seconds=self.runs)
            session.add(
                Model(name=name, sha256=made.sha256, size=9, recipe="r1", run_id=row.id, trained_at=at)
            )
        return made

    def archive(self, name: str) -> Wanted:
        content = f"archive of {name}".encode()
        (self.context.models / f"{name}.tar.gz").write_bytes(content)
        return Wanted(name, hashlib.sha256(content).hexdigest())

    async def promote(self, name: str, who: str = "asha", why: str | None = None) -> None:
        await self.models.promotions.promote(self.people[who], name, why)

    async def roll_back(self) -> None:
        await self.models.promotions.roll_back(self.people["asha"])

    async def look(self) -> None:
        await self.models.reconcile.look()

    async def live(self) -> str | None:
        return (await self.models.promotions.listed())["live"]

    def lives(self) -> list[str | None]:
        return [bot.live for bot in self.bots]

    async def states(self) -> list[str]:
        return [server["state"] for server in await self.models.reconcile.servers()]

    async def audited(self) -> list[tuple[str, str | None]]:
        async with self.context.database.read() as session:
            rows = await session.execute(select(Audit.what, Audit.about).order_by(Audit.id))
            return [(what, about) for what, about in rows]

    def pointer(self) -> ops.Promoted | None:
        return ops.promoted(self.context.home)

    def beside(self, holder: str) -> House:
        """Another gateway over the same database and bots."""
        context = replace(self.context, holder=holder)
        return replace(self, context=context, models=_models(context, self.bots))


def _models(context: Context, bots: list[FakeHolder]) -> Models:
    calls = httpx.AsyncClient(transport=transport(*bots))
    return make_models(context, Origin(lambda: "r1", lambda: "d1"), calls)


async def make_house(database: Database, root: Path, bots: int = 3) -> House:
    models, clock = root / "models", Clock()
    models.mkdir()
    names = [f"http://bot-{number}:5005" for number in range(bots)]
    context = Context(
        database=database,
        texts=Texts.load(),
        knowledge=Knowledge([]),
        door=NoDoor(),
        root=root,
        models=models,
        home=root,
        python=Path("python"),
        bot_urls=names,
        bot_token=TOKEN,
        holder="one",
        clock=clock,
    )
    people = {
        name: Agent(email=f"{name}@example.org", name=name.title(), password_hash="none", role=role)
        for name, role in (("asha", "trainer"), ("sunil", "supervisor"))
    }
    async with database.write() as session:
        session.add_all(people.values())
    holders = [FakeHolder(name) for name in names]
    house = House(context, _models(context, holders), holders, clock, people)
    first = house.archive("setu-first")
    for bot in holders:
        bot.first = first
        bot.start()
    return house


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """With the first model on record."""
    made = await make_house(database, tmp_path)
    await made.look()
    yield made
    await made.models.calls.aclose()


Made = Callable[[], House]

"""A small workspace, people, and utterances to label, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database, new_id
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.labels.giving import Asked, Given, Giving
from handoff.workbench.labels.grounds import Grounds
from handoff.workbench.labels.meaning import Label, Mark
from handoff.workbench.labels.proposals import Proposals
from handoff.workbench.labels.taking import Taking
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Change, Utterance

DOMAIN = """\
version: "3.1"
intents:
  - track_order
  - cancel_order
  - get_invoice
  - handed_back
entities:
  - order_number
  - email
  - address: {influence_conversation: false}
  - next
"""
ENGLISH = """\
version: "3.1"

nlu:
  - intent: track_order
    examples: |
      - where is my order
      - track [SO-100456](order_number)
  - intent: cancel_order
    examples: |
      - cancel my order
"""
HINDI = """\
version: "3.1"

nlu:
  - intent: track_order
    examples: |
      - मेरा ऑर्डर कहाँ है
"""


class FakeChanges:
    """Keeps what was proposed; files are another part's business."""

    async def propose(
        self,
        session: AsyncSession,
        agent: Agent,
        title: str,
        operations: Sequence[dict[str, Any]],
        labels: Sequence[str] = (),
    ) -> Change:
        change = Change(id=new_id(), title=title, operations=list(operations), author_id=agent.id)
        session.add(change)
        return change


class Clock:
    """Moves on by itself, so that nothing happens at the same time as another."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Bench:
    """The parts under test, and short ways to use them."""

    database: Database
    context: Context
    words: Words
    giving: Giving
    taking: Taking
    proposals: Proposals
    clock: Clock
    grounds: Grounds
    people: dict[str, Agent] = field(default_factory=dict)

    async def hire(self, name: str, role: str = "trainer") -> Agent:
        row = Agent(id=new_id(), email=f"{name}@example.org", name=name, password_hash="", role=role)
        async with self.database.write() as session:
            session.add(row)
        self.people[name] = row
        return row

    async def wrote(self, text: str = "where is it", **more: Any) -> str:
        row = Utterance(id=new_id(), key=new_id(), text=text, language="en")
        for name, value in more.items():
            setattr(row, name, value)
        async with self.database.write() as session:
            session.add(row)
        return row.id

    async def label(
        self, who: str, *ids: str, intent: str | None = "track_order", similar: bool = False,
        anyway: bool = False, **more: Any,
    ) -> Given:  # fmt: skip
        """``intent`` None: cannot tell."""
        said = label(intent, **more)
        asked = [Asked(id, said, anyway) for id in ids]
        async with self.database.write() as session:
            return await self.giving.give(session, self.people[who], asked, similar)

    async def settle(self, who: str, id: str, intent: str = "track_order", similar: bool = False) -> Given:
        async with self.database.write() as session:
            return await self.giving.settle(session, self.people[who], id, label(intent), similar)

    async def undo(self, who: str, batch: str | None = None) -> dict[str, Any]:
        async with self.database.write() as session:
            return await self.giving.undo(session, self.people[who], batch)

    async def take(self, who: str) -> tuple[Change, dict[str, int]]:
        async with self.database.write() as session:
            change, made = await self.taking.take(session, self.people[who], "en")
            return change, made.left

    async def row(self, id: str) -> Utterance:
        async with self.database.read() as session:
            return cast(Utterance, await session.get(Utterance, id))

    async def state(self, id: str) -> str:
        return (await self.row(id)).state

    async def change(self, id: str, **values: Any) -> None:
        async with self.database.write() as session:
            row = cast(Utterance, await session.get(Utterance, id))
            for name, value in values.items():
                setattr(row, name, value)


def label(intent: str | None = "track_order", **more: Any) -> Label:
    kind = more.pop("kind", "intent" if intent else "skip")
    entities = tuple(Mark(*one) for one in more.pop("entities", ()))
    return Label(agent="", kind=kind, intent=intent, entities=entities, **more)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    for path, content in (
        ("domain.yml", DOMAIN),
        ("data/nlu/en/orders.yml", ENGLISH),
        ("data/nlu/hi/orders.yml", HINDI),
        ("data/foreign/en.yml", "foreign:\n  - will it rain tomorrow\n"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8")
    return root


@pytest.fixture
async def bench(database: Database, workspace: Path) -> Bench:
    clock = Clock()
    nothing = cast(Any, None)
    context = Context(
        database=database, texts=Texts.load(), knowledge=nothing, door=nothing, root=workspace,
        models=workspace, home=workspace, python=workspace, bot_urls=(), bot_token="", holder="here",
        clock=clock,
    )  # fmt: skip
    examples = Examples(workspace)
    words, grounds = Words(workspace, examples), Grounds(workspace, examples)
    taking = Taking(context, words, FakeChanges())
    made = Bench(
        database, context, words, Giving(context, words, grounds), taking,
        Proposals(context, words, taking), clock, grounds,
    )  # fmt: skip
    for name, role in (("ann", "trainer"), ("bo", "trainer"), ("cy", "trainer"), ("sue", "supervisor")):
        await made.hire(name, role)
    return made

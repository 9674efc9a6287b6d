"""A workspace of one's own: the real training data, copied."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from actions.db import Database, new_id
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.models import Audit, Change

ROOT = Path(__file__).parents[4]
PARTS = ("orders", "talk")  # enough to work with, and quickly read


class Folder:
    """Files of a folder, with some of them replaced."""

    def __init__(self, root: Path, other: Mapping[str, str | None] | None = None) -> None:
        self.root = root
        self.other = dict(other or {})

    def read(self, path: str) -> str | None:
        if path in self.other:
            return self.other[path]
        file = self.root / path
        return file.read_bytes().decode() if file.is_file() else None

    def names(self, folder: str) -> list[str]:
        return sorted(one.name for one in (self.root / folder).glob("*"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """``data``, ``domain.yml`` and the conversation tests, without what is big and not needed."""
    root = tmp_path / "workspace"
    for part in ("rules", "responses", "foreign", "texts", "knowledge", "entities", "language", "shop"):
        shutil.copytree(ROOT / "data" / part, root / "data" / part)
    for file in ROOT.glob("data/nlu/*/*.yml"):
        if file.stem in PARTS:
            copy = root / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    shutil.copytree(
        ROOT / "tests/stories", root / "tests/stories", ignore=shutil.ignore_patterns("*.py*", "__*")
    )
    shutil.copytree(ROOT / "tests/nlu", root / "tests/nlu")
    shutil.copy(ROOT / "domain.yml", root)
    return root


@dataclass
class Bench:
    """Changes of a workspace, and people who make them."""

    context: Context
    changes: Changes
    root: Path
    ann: Agent
    bo: Agent

    async def propose(self, *operations: dict[str, Any], title: str = "A change", **more: Any) -> Change:
        async with self.context.database.write() as session:
            return await self.changes.propose(session, self.ann, title, operations, **more)

    async def add(self, *texts: str, intent: str = "track_order", **more: Any) -> Change:
        return await self.propose(
            *({"op": "add_example", "intent": intent, "language": "en", "text": text} for text in texts),
            **more,
        )

    async def row(self, change: Change) -> Change:
        async with self.context.database.read() as session:
            found = await session.get(Change, change.id)
            assert found is not None
            return found

    async def audited(self, about: str) -> list[Audit]:
        async with self.context.database.read() as session:
            asked = select(Audit).where(Audit.about == about).order_by(Audit.id)
            return list((await session.scalars(asked)).all())

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()


@pytest.fixture
async def bench(database: Database, workspace: Path, tmp_path: Path) -> Bench:
    nothing = cast(Any, None)
    context = Context(
        database=database, texts=Texts.load(), knowledge=nothing, door=nothing, root=workspace,
        models=tmp_path, home=tmp_path / "home", python=tmp_path, bot_urls=(), bot_token="", holder="here",
    )  # fmt: skip
    people = [
        Agent(id=new_id(), email=f"{name.lower()}@example.org", name=name, password_hash="", role="trainer")
        for name in ("Ann", "Bo")
    ]
    async with database.write() as session:
        session.add_all(people)
    return Bench(context, Changes(context), workspace, *people)

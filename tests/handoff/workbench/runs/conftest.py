"""A workspace with a trainer of our own, and what works on it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.agents.passwords import Passwords
from handoff.agents.service import Accounts
from handoff.workbench.context import Context
from handoff.workbench.runs.worker import Worker
from tests.support import fake_trainer
from tests.support.gateway import CHEAP


class NoDoor:
    async def trainer(self, request: object) -> Agent:
        raise AssertionError("nobody comes in here")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fake_trainer.install(tmp_path / "workspace")


@pytest.fixture
async def worker(root: Path) -> AsyncIterator[Worker]:
    made = Worker(Path(sys.executable), root)
    yield made
    await made.stop()


@pytest.fixture
async def context(database_url: str, root: Path) -> AsyncIterator[Context]:
    database = Database(database_url)
    models = root / "models"
    models.mkdir()
    yield Context(
        database=database,
        texts=Texts.load(),
        knowledge=Knowledge([]),
        door=NoDoor(),
        root=root,
        models=models,
        home=root,
        python=Path(sys.executable),
        bot_urls=[],
        bot_token="",
        holder="one",
    )
    await database.close()


@pytest.fixture
async def asha(context: Context) -> Agent:
    accounts = Accounts(context.database, Passwords(CHEAP))
    return await accounts.create(
        email="asha@example.org", name="Asha", password="long enough", role="trainer"
    )

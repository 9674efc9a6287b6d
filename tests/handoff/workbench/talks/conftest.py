"""A workspace with conversation tests, and a context over an empty database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from actions.db import Database
from actions.texts import Texts
from handoff.workbench.context import Context


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "data" / "responses").mkdir(parents=True)
    (folder / "data" / "responses" / "en.yml").write_text(
        "responses:\n  utter_greet: [{text: 'Hello {name}!'}, {text: Hi there}]\n  utter_bye: [{text: Bye}]\n"
    )
    return folder


@pytest.fixture
def context(database: Database, root: Path, tmp_path: Path) -> Context:
    nothing = cast(Any, None)
    return Context(
        database=database,
        texts=Texts.load(),
        knowledge=nothing,
        door=nothing,
        root=root,
        models=tmp_path / "models",
        home=tmp_path / "home",
        python=tmp_path,
        bot_urls=(),
        bot_token="",
        holder="here",
        clock=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC),
    )

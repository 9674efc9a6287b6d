"""A small shop of our own with a frozen set, and a worker that reads what it was told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from actions.db import Database
from actions.texts import Texts
from handoff.workbench.context import Context

LINES = [
    {"text": "kindly cancel all of it", "label": "cancel_order", "language": "en", "script": "Latn"},
    {"text": "where is my order", "label": "track_order", "language": "en", "script": "Latn"},  # learnt
    {"text": "is it on its way by now", "label": "track_order", "language": "en", "script": "Latn"},
    {
        "text": "cancel it and send the bill again",
        "label": "cancel_order",
        "wishes": ["cancel_order", "get_invoice"],
        "language": "en",
        "script": "Latn",
    },
    {"text": "who won the match", "label": "oos", "language": "en", "script": "Latn"},
    {"text": "कहाँ पहुँचा मेरा सामान", "label": "track_order", "language": "hi", "script": "Deva"},
]


EXAMPLES = """\
nlu:
- intent: track_order
  examples: |
    - Where is my order?
    - hello
"""


class FakeWorker:
    """Reads a text as the model's table says, others as ``track_order``; remembers what it was asked."""

    def __init__(self, tables: dict[str, dict[str, Any]] | None = None) -> None:
        self.tables = tables or {}
        self.asked: list[tuple[str, list[str], bool]] = []
        self.ms = 12.0

    async def ask(
        self, do: str, tell: Callable[[str, float], None] | None = None, /, **given: Any
    ) -> dict[str, Any]:
        assert do == "read"
        name = Path(given["model"]).name.removesuffix(".tar.gz")
        texts = [one["text"] for one in given["texts"]]
        self.asked.append((name, texts, given["time"]))
        if tell:
            tell("reading", 1.0)
        table = self.tables.get(name, {})
        return {
            "model": name,
            "readings": [as_told(table.get(text, "track_order")) for text in texts],
            "ms": [self.ms] * len(texts) if given["time"] else [],
        }


def as_told(intent: str | None) -> dict[str, Any]:
    """The JSON of a sure reading; None: one in doubt."""
    name, sure = intent or "track_order", 0.9 if intent else 0.3
    return {
        "intent": name,
        "confidence": sure,
        "ranking": [{"name": name, "confidence": sure}],
        "doubtful": intent is None,
        "wishes": [],
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    files = {
        "tests/nlu/shop_en.jsonl": "\n".join(json.dumps(line) for line in LINES) + "\n\nno line\n",
        "data/nlu/en/orders.yml": EXAMPLES,
        "data/foreign/en.yml": "foreign:\n- will it rain\n",
        "data/manners.yml": "{}\n",
        "data/responses/en.yml": "responses: {}\n",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.fixture
def archives(tmp_path: Path) -> tuple[Path, Path]:
    """A champion and a challenger; nobody loads them."""
    both = tmp_path / "old.tar.gz", tmp_path / "new.tar.gz"
    for path in both:
        path.write_bytes(path.name.encode())
    return both


@pytest.fixture
def context(database: Database, root: Path, tmp_path: Path) -> Context:
    nothing = cast(Any, None)
    return Context(
        database=database,
        texts=Texts.load(),
        knowledge=nothing,
        door=nothing,
        root=root,
        models=tmp_path,
        home=tmp_path / "home",
        python=tmp_path,
        bot_urls=(),
        bot_token="",
        holder="here",
        clock=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC),
    )

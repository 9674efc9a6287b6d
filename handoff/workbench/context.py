"""What every part of the workbench works with, handed on as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from fastapi import Request

from actions.db import Database, now
from actions.knowledge.search import Knowledge
from actions.texts import Texts
from handoff.agents.models import Agent


class Door(Protocol):
    async def trainer(self, request: Request) -> Agent: ...


@dataclass(frozen=True, slots=True)
class Context:
    """``root``: the folder with ``data/``, ``domain.yml``, ``config.yml`` and ``tests/``; ``models``: where
    trained archives lie; ``python``: the interpreter of the bot's environment; ``holder`` names this
    gateway in leases."""

    database: Database
    texts: Texts
    knowledge: Knowledge
    door: Door
    root: Path
    models: Path
    home: Path
    python: Path
    bot_urls: Sequence[str]
    bot_token: str
    holder: str
    clock: Callable[[], datetime] = now

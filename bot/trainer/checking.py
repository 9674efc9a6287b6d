"""Checks before training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.trainer.line import Tell


def check(root: Path, tell: Tell) -> dict[str, Any]:
    tell("checking", 0.0)
    del root
    return {"problems": [], "data": {"examples": 0, "intents": 0, "languages": {}}}

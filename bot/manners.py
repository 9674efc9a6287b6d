"""What the bot minds beside the rules: two wishes in one message, and a kind word when the mood is low."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.wishes import Wishes

FILE = Path(__file__).parent.parent / "data" / "manners.yml"


@dataclass(frozen=True, slots=True)
class Empathy:
    """When to say that one is sorry before the answer."""

    at: float
    again_after: int
    besides: frozenset[str]

    def wanted(self, intent: str | None, sentiment: Mapping[str, Any], messages_since: int | None) -> bool:
        """``sentiment`` of the message; ``messages_since`` it was last said, None if never."""
        if intent is None or intent in self.besides:
            return False
        recent = messages_since is not None and messages_since < self.again_after
        return not recent and float(sentiment.get("score") or 0.0) <= self.at


@dataclass(frozen=True, slots=True)
class Manners:
    wishes: Wishes
    empathy: Empathy


@cache
def manners(file: Path = FILE) -> Manners:
    """Read once; raises ``OSError`` or ``KeyError`` for a file that is missing or lacks a part."""
    rules = yaml.safe_load(file.read_text("utf-8"))
    said = rules["empathy"]
    empathy = Empathy(float(said["at"]), int(said["again_after"]), frozenset(said["not"]))
    return Manners(Wishes(rules["wishes"]), empathy)

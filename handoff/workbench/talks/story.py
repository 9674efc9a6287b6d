"""A conversation test read from YAML, and what the bot's responses look like. Pure but for the reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

STEP = {"user", "tap", "handed_back", "expect"}
EXPECT = {
    "intent",
    "replies",
    "says",
    "never",
    "buttons",
    "cards",
    "slots",
    "form",
    "handoff",
    "doubtful",
}
BLANK = re.compile(r"\{[a-z_]+\}")


class StoryError(Exception):
    """The file is not a story; the sentence says where."""


@dataclass(frozen=True)
class Story:
    """One conversation, step by step."""

    title: str
    customer: str | None
    locale: str | None
    steps: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> Story:
        """As :meth:`parse`, from a file."""
        return cls.parse(path.name, path.read_text("utf-8"))

    @classmethod
    def parse(cls, name: str, text: str) -> Story:
        """Raises :class:`StoryError` on words that the format does not know."""
        try:
            content = yaml.load(text, yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise StoryError(f"{name}: {error}") from error
        if not isinstance(content, dict):
            raise StoryError(f"{name}: a story is a mapping")
        unknown = content.keys() - {"conversation", "customer", "locale", "steps"}
        for number, step in enumerate(content.get("steps") or [], 1):
            if not isinstance(step, dict):
                raise StoryError(f"{name}: step {number} is not a mapping")
            unknown |= step.keys() - STEP | (step.get("expect") or {}).keys() - EXPECT
            if len(step.keys() & {"user", "tap", "handed_back"}) != 1:
                raise StoryError(f"{name}: step {number} needs one of user, tap, handed_back")
        if unknown or not content.get("conversation") or not content.get("steps"):
            raise StoryError(
                f"{name}: needs conversation and steps; unknown: {', '.join(sorted(unknown)) or '–'}"
            )
        return cls(content["conversation"], content.get("customer"), content.get("locale"), content["steps"])


class Responses:
    """What the bot's responses look like, whatever fills their blanks."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._patterns: dict[str, list[re.Pattern[str]]] = {}
        for path in files:
            for name, variations in (yaml.safe_load(path.read_text("utf-8")) or {})["responses"].items():
                texts = [variation.get("text", "") for variation in variations]
                self._patterns.setdefault(name, []).extend(_pattern(text) for text in texts)

    def matches(self, name: str, text: str) -> bool:
        if name not in self._patterns:
            raise StoryError(f"there is no response {name}")
        return any(pattern.fullmatch(text.strip()) for pattern in self._patterns[name])


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in BLANK.split(text.strip())), re.DOTALL)

"""Codes in words for agents: intents, reasons, evidence (``handoff:`` in data/texts)."""

from __future__ import annotations

from typing import Any

from handoff.errors import Say


class Titles:
    """A code without a text is shown as plain words: new intents and reasons are data of others."""

    def __init__(self, texts: Say, language: str | None) -> None:
        self._texts = texts
        self._language = language

    def of(self, group: str, code: str, **values: Any) -> str:
        try:
            return self._texts.say(f"handoff.{group}.{code}", self._language, **values)
        except KeyError:
            return code.replace("_", " ")

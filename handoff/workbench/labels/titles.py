"""What intents and entities are called, and what they mean, as the data say now.

The gateway's own catalogue is read at its start; an intent that was added since has its words in the files.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from actions.texts import Texts

QUOTES = {"en": ("“", "”"), "fa": ("«", "»"), "el": ("«", "»")}


def unfilled(text: str) -> str:
    """As it has to stand in the catalogue to be read as it is: braces there are blanks to be filled in."""
    return text.replace("{", "{{").replace("}", "}}")


class Titles:
    def __init__(self, texts: Texts, root: Path) -> None:
        self._texts = texts
        self._folder = root / "data" / "texts"
        self._stamps = self._stamp()

    async def fresh(self) -> None:
        """Read the texts again if they have changed."""
        stamps = self._stamp()
        if stamps != self._stamps:
            self._texts = await asyncio.to_thread(Texts.load, self._folder)
            self._stamps = stamps

    def intent(self, name: str, language: str) -> str:
        return self._say(f"handoff.intents.{name}", language) or plain(name)

    def definition(self, name: str, language: str) -> str:
        """What a customer wants, and what it is not; other intents in it by their titles."""
        key = f"workbench.definitions.{name}"
        if not self._texts.has(key):
            return ""
        left, right = QUOTES.get(language, QUOTES["en"])
        names = self._texts.section("handoff", language)["intents"]
        return self._texts.say(
            key, language, **{other: f"{left}{title}{right}" for other, title in names.items()}
        )

    def entity(self, name: str, language: str) -> str:
        return self._say(f"workbench.entities.{name}", language) or plain(name)

    def _say(self, key: str, language: str) -> str | None:
        return self._texts.say(key, language) if self._texts.has(key) else None

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        files = sorted(self._folder.glob("*.yml"))
        return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def plain(name: str) -> str:
    """For what has no title yet."""
    return name.replace("_", " ").capitalize()

"""Replies kept ready: read from ``data/desk/canned.<lang>.yml`` once, changed in the database later."""

from __future__ import annotations

from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import CannedReply

FOLDER = Path("data/desk")


def load(folder: Path = FOLDER) -> dict[str, dict[str, str]]:
    """Language → shortcut → text; ``ValueError`` names the file that is not a plain mapping."""
    replies: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("canned.*.yml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        if not isinstance(content, dict) or not all(isinstance(text, str) for text in content.values()):
            raise ValueError(f"{file}: expected one text for each shortcut")
        replies[file.name.split(".")[1]] = content
    return replies


async def seed(session: AsyncSession, replies: dict[str, dict[str, str]]) -> int:
    """Add the replies that are not there yet, leave edited ones alone; returns how many were added."""
    rows = await session.execute(select(CannedReply.language, CannedReply.shortcut))
    there = {(language, shortcut) for language, shortcut in rows}
    fresh = [
        CannedReply(language=language, shortcut=shortcut, text=text)
        for language, texts in replies.items()
        for shortcut, text in texts.items()
        if (language, shortcut) not in there
    ]
    session.add_all(fresh)
    return len(fresh)


async def listed(session: AsyncSession, language: str | None) -> list[CannedReply]:
    """The replies of a language; of English where the language has none for a shortcut."""
    wanted = ("en",) if language in (None, "en") else ("en", language)
    rows = await session.scalars(select(CannedReply).where(CannedReply.language.in_(wanted)))
    best: dict[str, CannedReply] = {}
    for reply in rows:
        if reply.shortcut not in best or reply.language == language:
            best[reply.shortcut] = reply
    return [best[shortcut] for shortcut in sorted(best)]

"""What was read from a file into the queue, a few hundred lines at a time."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.gathering.importing import MOST_REFUSED, Read
from handoff.workbench.gathering.intake import Ready, Said, put, ready
from handoff.workbench.models import Utterance

BATCH = 200


async def load(context: Context, agent: Agent, read: Read) -> dict[str, Any]:
    """``taken``: new in the queue; ``known``: were there, or stood twice in the file."""
    taken = 0
    now = context.clock()
    for start in range(0, len(read.lines), BATCH):
        lines = [
            Said(text=line.text, at=now, language=line.language) for line in read.lines[start : start + BATCH]
        ]
        prepared = await asyncio.to_thread(_unlike, lines)
        async with context.database.write() as session:
            keys = list(prepared)
            asked = select(Utterance.key).where(Utterance.key.in_(keys))
            there = set((await session.scalars(asked)).all())  # lines of a file were not written by customers
            new = [one for one in prepared.values() if one.key not in there]
            taken += await put(session, context.database, new, now)
    async with context.database.write() as session:
        audit.note(session, agent.id, "utterances_imported", None, taken=taken, refused=len(read.refused))
    return {
        "taken": taken,
        "known": len(read.lines) - taken,
        "refused": [{"line": one.line, "code": one.code} for one in read.refused[:MOST_REFUSED]],
        "refused_count": len(read.refused),
    }


def _unlike(lines: list[Said]) -> dict[str, Ready]:
    found: dict[str, Ready] = {}
    for one in map(ready, lines):
        if one is not None:
            found.setdefault(one.key, one)
    return found

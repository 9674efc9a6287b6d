"""Keeping the queue true: scores fade with time, talks that were erased are forgotten; a little at a time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.conversations.models import Conversation
from handoff.workbench.context import Context
from handoff.workbench.gathering import marks
from handoff.workbench.gathering.intake import rescore
from handoff.workbench.models import Utterance

EVERY = timedelta(hours=6)  # for all of them
BATCH = 300
MOVED = 0.01  # of a score, from which it is worth writing


async def tend(context: Context) -> int:
    """One batch; how many were looked at (0: not the time, or the end). Raises :class:`marks.Moved`."""
    now = context.clock()
    mark = await marks.read(context.database, "tending", now)
    after = mark.value.get("after", "")
    if not after and mark.value and now - mark.at < EVERY:
        return 0
    async with context.database.write() as session:
        asked = select(Utterance).where(Utterance.id > after).order_by(Utterance.id).limit(BATCH)
        rows = list((await session.scalars(asked)).all())
        await marks.move(session, mark, {"after": rows[-1].id if len(rows) == BATCH else ""}, now)
        await _forget(session, rows)
        for row in rows:
            if row.state == "open" and not row.hidden:
                score, reasons = row.score, row.reasons
                rescore(row, now)
                if abs(row.score - score) < MOVED and row.reasons == reasons:
                    row.score = score
    return len(rows)


async def _forget(session: AsyncSession, rows: list[Utterance]) -> None:
    """Where it was written is no longer told once the talk is gone."""
    talks = {row.conversation_id for row in rows if row.conversation_id}
    there = set((await session.scalars(select(Conversation.id).where(Conversation.id.in_(talks)))).all())
    for row in rows:
        if row.conversation_id and row.conversation_id not in there:
            row.conversation_id = row.number = None

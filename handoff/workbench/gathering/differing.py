"""Messages that a shadow reads otherwise than the live model: worth a label, one of the two is wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy import and_, or_, select

from handoff.conversations.models import Message
from handoff.workbench.context import Context
from handoff.workbench.gathering import crediting, marks
from handoff.workbench.gathering.surroundings import known_names
from handoff.workbench.models import ShadowReading

BATCH = 100


async def look_at_shadow(context: Context) -> int:
    """One batch of differences, in the order of their messages, in which the shadow reads them, too; how many
    there were. Only of messages that are utterances by now. Raises :class:`marks.Moved`."""
    now = context.clock()
    gathered = (await marks.read(context.database, "gather", now)).value
    if not gathered:
        return 0
    mark = await marks.read(context.database, "shadow_differences", now)
    asked = (
        select(ShadowReading.at, ShadowReading.message_id)
        .where(ShadowReading.at < datetime.fromisoformat(gathered["at"]))
        .order_by(ShadowReading.at, ShadowReading.message_id)
        .limit(BATCH)
    )
    if mark.value:
        at, last = datetime.fromisoformat(mark.value["at"]), mark.value["id"]
        later = and_(ShadowReading.at == at, ShadowReading.message_id > last)
        asked = asked.where(or_(ShadowReading.at > at, later))
    async with context.database.read() as session:
        found = (await session.execute(asked)).all()
        if not found:
            return 0
        there = select(Message).where(
            Message.id.in_([id for _, id in found]), Message.deleted_at.is_(None), Message.text != ""
        )
        messages = (await session.scalars(there)).all()
        names = await known_names(session, list({one.conversation_id for one in messages}))
    told = {one.id: {"disagree": 1} for one in messages}
    counts = await asyncio.to_thread(crediting.by_key, messages, names, told)
    at, last = found[-1]
    async with context.database.write() as session:
        await marks.move(session, mark, {"at": at.isoformat(), "id": last}, now)
        await crediting.tell(session, counts, now)
    return len(found)

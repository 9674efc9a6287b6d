"""Labels looked at again after the training data have changed: what contradicted may fit now, or no longer.

Only what is labelled is gone through, a batch at a time, once for each state of the files.
"""

from __future__ import annotations

from sqlalchemy import select

from handoff.workbench.context import Context
from handoff.workbench.gathering import marks
from handoff.workbench.labels.grounds import Grounds
from handoff.workbench.labels.meaning import Label
from handoff.workbench.labels.store import hold
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Utterance

LABELLED = ("labelled", "settled")
BATCH = 100
PAUSE = 5.0  # seconds between looks at the files


async def recheck(context: Context, words: Words, grounds: Grounds) -> int:
    """One batch; how many were looked at (0: all is up to date). Raises :class:`marks.Moved`."""
    version, now = await grounds.ready(), context.clock()
    mark = await marks.read(context.database, "labels_and_data", now)
    same = mark.value.get("version") == version
    after = mark.value.get("after") if same else ""
    if after is None:
        return 0
    labelled = select(Utterance.id).where(Utterance.state.in_(LABELLED), Utterance.id > after)
    async with context.database.read() as session:
        ids = (await session.scalars(labelled.order_by(Utterance.id).limit(BATCH))).all()
    last = ids[-1] if len(ids) == BATCH else None
    async with context.database.write() as session:
        await marks.move(session, mark, {"version": version, "after": last}, now)
        held = await hold(session, ids)
        usable = await words.usable(session)
        rows = [row for row in held.rows.values() if row.state in LABELLED and held.labels[row.id]]
        await grounds.note(rows, [_spoken(held.labels[row.id]) for row in rows])
        held.settle([row.id for row in rows], usable.__contains__)
    return len(ids)


def _spoken(labels: list[Label]) -> str | None:
    return next((one.language for one in reversed(labels) if one.language), None)

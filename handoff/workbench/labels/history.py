"""What became of one utterance: written, labelled, taken back, decided, learnt, read by a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.workbench.labels.meaning import Label
from handoff.workbench.labels.reports import names_of, said_of
from handoff.workbench.labels.states import latest
from handoff.workbench.labels.store import label_of
from handoff.workbench.labels.views import annotation
from handoff.workbench.models import Change, Model, Run, Utterance


async def history(session: AsyncSession, row: Utterance, agent: Agent) -> dict[str, Any]:
    """``entries``: all labels ever given, the undone ones too, oldest first; of others' only what one may see
    (``hidden``: there may be more). ``change``: that it is in. ``model``: what has read it last."""
    names = await names_of(session)
    rows = await said_of(session, row.id, undone=True)
    open_to_me = may_see(row, [label_of(one) for one in rows if one.undone_at is None], agent.id)
    return {
        "entries": [
            annotation(one, names.get(one.agent_id))
            | {"undone_at": one.undone_at.isoformat() if one.undone_at else None}
            for one in rows
            if open_to_me or one.agent_id == agent.id
        ],
        "hidden": not open_to_me,
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "source": row.source,
        "change": await _change(session, row, names),
        "model": await _model(session, row),
    }


def may_see(row: Utterance, labels: Sequence[Label], agent_id: str) -> bool:
    """Whether one may see what others said: once one has said something oneself, or it is settled, or two
    others have done what had to be done without seeing each other."""
    said = latest(labels)
    return row.state in ("settled", "skipped") or agent_id in said or len(said) > 1


async def _change(session: AsyncSession, row: Utterance, names: dict[str, str]) -> dict[str, Any] | None:
    change = await session.get(Change, row.change_id) if row.change_id else None
    if change is None:
        return None
    reviewer = {"id": change.reviewer_id, "name": names.get(change.reviewer_id or "", "")}
    return {
        "id": change.id,
        "title": change.title,
        "state": change.state,
        "author": {"id": change.author_id, "name": names.get(change.author_id, "")},
        "reviewer": reviewer if change.reviewer_id else None,
        "created_at": change.created_at.isoformat(),
        "settled_at": change.settled_at.isoformat() if change.settled_at else None,
    }


async def _model(session: AsyncSession, row: Utterance) -> dict[str, Any] | None:
    """``run``: the training that made it, where it was one of ours."""
    name = row.reading.get("model")
    if not name:
        return None
    asked = select(Run.id, Run.number).join(Model, Model.run_id == Run.id).where(Model.name == name)
    run = (await session.execute(asked)).one_or_none()
    return {
        "name": name,
        "intent": row.reading.get("intent"),
        "run": {"id": run.id, "number": run.number} if run else None,
    }

"""Changes as JSON, with the names of people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.errors import NotFound
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.plans import REVERTS, moved
from handoff.workbench.models import Change, Utterance

PAGE = 50


async def one(session: AsyncSession, changes: Changes, change_id: str) -> tuple[Change, dict[str, Any]]:
    """The row, and it told with diffs and operations; raises :class:`NotFound`."""
    row = await session.get(Change, change_id)
    if row is None:
        raise NotFound("change_unknown")
    told = (await _told(session, [row]))[0]
    stale = await asyncio.to_thread(moved, row.files, changes.workspace) if row.state == "draft" else []
    for told_file, file in zip(told["files"], row.files, strict=True):
        told_file |= {"diff": file["diff"], "stale": file["path"] in stale, "new": file["before"] is None}
    reverts = next((said[REVERTS] for said in row.operations if REVERTS in said), None)
    return row, {**told, "stale": bool(stale), "operations": row.operations, "reverts": reverts}


async def listed(session: AsyncSession, state: str | None, before: str | None) -> dict[str, Any]:
    """Newest first, without diffs; ``next`` is the ``before`` of the next page."""
    asked = select(Change).order_by(Change.created_at.desc(), Change.id.desc())
    if state is not None:
        asked = asked.where(Change.state == state)
    if before is not None and (last := await session.get(Change, before)) is not None:
        older = (Change.created_at < last.created_at) | (
            (Change.created_at == last.created_at) & (Change.id < last.id)
        )
        asked = asked.where(older)
    rows = list((await session.scalars(asked.limit(PAGE + 1))).all())
    counted = await session.execute(select(Change.state, func.count()).group_by(Change.state))
    return {
        "changes": await _told(session, rows[:PAGE]),
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "counts": {one: count for one, count in counted},  # noqa: C416
    }


async def _told(session: AsyncSession, rows: Sequence[Change]) -> list[dict[str, Any]]:
    people = {row.author_id for row in rows} | {row.reviewer_id for row in rows}
    named = await session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(people - {None})))
    names = {id: {"id": id, "name": name} for id, name in named}
    taken = await session.execute(
        select(Utterance.change_id, func.count())
        .where(Utterance.change_id.in_([row.id for row in rows]))
        .group_by(Utterance.change_id)
    )
    labels = {id: count for id, count in taken}  # noqa: C416
    return [
        {
            "id": row.id,
            "title": row.title,
            "state": row.state,
            "version": row.version,
            "author": names.get(row.author_id),
            "reviewer": names.get(row.reviewer_id or ""),
            "own": row.reviewer_id == row.author_id if row.reviewer_id else None,
            "created_at": row.created_at,
            "settled_at": row.settled_at,
            "commit": row.commit,
            "files": [{key: file[key] for key in ("path", "added", "removed")} for file in row.files],
            "labels": labels.get(row.id, 0),
        }
        for row in rows
    ]

"""Utterances as a trainer's page gets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.workbench.models import Annotation, Utterance


async def shown(
    session: AsyncSession, agent: Agent, rows: Sequence[Utterance], random: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """In the order of ``rows``; others' labels only once one has labelled it oneself, or it is settled.

    ``random``: ids of those that are here by chance, whatever they score.
    """
    labels = await standing(session, [row.id for row in rows])
    people = {row.assigned_to for row in rows if row.assigned_to} - {agent.id}
    names = {agent.id: agent.name}
    if people:
        found = await session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(people)))
        names |= dict(found.all())
    return [_shown(row, agent, labels.get(row.id, []), names, row.id in random) for row in rows]


async def standing(session: AsyncSession, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The labels that stand, oldest first."""
    if not ids:
        return {}
    found = await session.execute(
        select(Annotation, Agent.name)
        .join(Agent, Agent.id == Annotation.agent_id)
        .where(Annotation.utterance_id.in_(ids), Annotation.undone_at.is_(None))
        .order_by(Annotation.at, Annotation.id)
    )
    labels: dict[str, list[dict[str, Any]]] = {}
    for row, name in found:
        labels.setdefault(row.utterance_id, []).append(
            {
                "id": row.id,
                "agent": {"id": row.agent_id, "name": name},
                "kind": row.kind,
                "intent": row.intent,
                "wishes": row.wishes,
                "entities": row.entities,
                "language": row.language,
                "at": row.at.isoformat(),
                "settles": row.settles,
            }
        )
    return labels


def _shown(
    row: Utterance, agent: Agent, labels: list[dict[str, Any]], names: dict[str, str], random: bool
) -> dict[str, Any]:
    mine = [one for one in labels if one["agent"]["id"] == agent.id]
    others = [one for one in labels if one["agent"]["id"] != agent.id]
    told = row.signals if row.contradicting else {}
    said, data = told.get("contradiction", []), told.get("data", [])
    return {
        "id": row.id,
        "text": row.text,
        "spans": row.spans,
        "language": row.language,
        "script": row.script,
        "source": row.source,
        "count": int(row.signals.get("written", row.count)),
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "state": row.state,
        "reasons": ["random", *row.reasons] if random else row.reasons,
        "score": row.score,
        "reading": row.reading,
        "similar": row.group_size - 1,
        "assigned_to": {"id": row.assigned_to, "name": names.get(row.assigned_to, "")}
        if row.assigned_to
        else None,
        "assigned_until": _iso(row.assigned_until),
        "second": row.second,
        "sampled": row.sampled,
        "contradiction": {"labels": said, "data": data} if said or data else None,
        "topic_id": row.topic_id,
        "mine": mine[-1] if mine else None,
        "others": others if mine or row.state == "settled" else [],
        "labels": len(labels),
        "conversation_id": row.conversation_id,
        "number": row.number,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

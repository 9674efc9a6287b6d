"""Labels and what was labelled, as JSON."""

from __future__ import annotations

from typing import Any

from handoff.workbench.models import Annotation, Utterance


def annotation(row: Annotation, name: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "agent": {"id": row.agent_id, "name": name or ""},
        "kind": row.kind,
        "intent": row.intent,
        "wishes": row.wishes,
        "entities": row.entities,
        "language": row.language,
        "at": row.at.isoformat(),
        "settles": row.settles,
    }


def utterance(row: Utterance) -> dict[str, Any]:
    """What is needed to decide on it; the queue's own view has more."""
    return {
        "id": row.id,
        "text": row.text,
        "spans": row.spans,
        "language": row.language,
        "script": row.script,
        "source": row.source,
        "count": row.count,
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "state": row.state,
        "reasons": row.reasons,
        "score": row.score,
        "reading": row.reading,
        "similar": row.group_size - 1,
        "assigned_to": row.assigned_to,
        "second": row.second,
        "sampled": row.sampled,
        "topic_id": row.topic_id,
        "conversation_id": row.conversation_id,
        "number": row.number,
    }

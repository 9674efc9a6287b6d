"""Labels as JSON."""

from __future__ import annotations

from typing import Any

from handoff.workbench.models import Annotation


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

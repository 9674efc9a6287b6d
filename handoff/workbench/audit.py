"""Who did what, in the same transaction as what was done."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handoff.workbench.models import Audit


def note(
    session: AsyncSession, agent_id: str | None, what: str, about: str | None = None, **detail: Any
) -> None:
    """Add a line. ``agent_id`` None: nobody, it went by itself. ``detail`` holds no text of customers."""
    session.add(Audit(agent_id=agent_id, what=what, about=about, detail=detail))

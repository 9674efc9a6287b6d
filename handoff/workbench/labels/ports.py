"""What labels need of the training data's part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.workbench.models import Change


class Changes(Protocol):
    """Makes edits of files for review, see :class:`handoff.workbench.dataset.changes.Changes`."""

    async def propose(
        self,
        session: AsyncSession,
        agent: Agent,
        title: str,
        operations: Sequence[dict[str, Any]],
        labels: Sequence[str] = (),
    ) -> Change: ...

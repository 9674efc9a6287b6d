"""How a push looks to the desk, and telling the desks that it changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.conversations.context import Context
from handoff.conversations.ports import DeliveryChange
from handoff.delivery.models import Delivery, DeliveryPart

RANKS = {"sent": 0, "failed": 1, "delivered": 2, "read": 3}  # of a part's status: it only rises

log = structlog.get_logger()


def as_json(row: Delivery) -> dict[str, Any]:
    """``{state, mark, error, code, parts}`` of ``MessageView.delivery``."""
    return {
        "state": row.state,
        "mark": row.mark,
        "error": row.error,
        "code": row.code,
        "parts": row.parts,
    }


async def by_message(session: AsyncSession, message_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The pushes of those messages that have one."""
    rows = await session.scalars(select(Delivery).where(Delivery.message_id.in_(message_ids)))
    return {row.message_id: as_json(row) for row in rows}


async def mark_of(session: AsyncSession, delivery_id: str) -> str | None:
    """How far a whole message got: as far as the last of its parts; failed if any of them did."""
    statuses = list(
        await session.scalars(select(DeliveryPart.status).where(DeliveryPart.delivery_id == delivery_id))
    )
    if "failed" in statuses:
        return "failed"
    return min(statuses, key=RANKS.__getitem__, default=None)


async def tell(context: Context, rows: Sequence[Delivery]) -> None:
    """After the commit: the desks see it. What goes wrong there costs nobody anything."""
    if not rows:
        return
    changes = [DeliveryChange(row.conversation_id, row.number, as_json(row)) for row in rows]
    try:
        await context.hub.delivery(changes)
    except Exception:
        log.exception("hub_failed")

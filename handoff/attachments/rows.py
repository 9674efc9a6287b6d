"""The rows of attachments: made, given to a message, claimed by lease, settled by whoever holds it.

``next_at`` says when there is something to do with a row: to fetch or check it while it is waiting, else to
tell the message what became of it. Null: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.attachments.models import Attachment
from handoff.conversations.context import Holder
from handoff.conversations.models import Message

LEASE = timedelta(seconds=180)  # fetching takes 60 at most, scanning as long, drawing some


@dataclass(frozen=True, slots=True)
class Due:
    id: str
    state: str
    kind: str
    name: str
    source: str | None
    inbox_id: str | None
    message_id: str | None
    attempts: int


def entry(row: Attachment) -> dict[str, Any]:
    """What a message says of it, in ``rich["files"]``."""
    shown: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "type": row.media_type,
        "size": row.size,
        "state": row.state,
        "width": row.width,
        "height": row.height,
    }
    return shown | {"reason": row.error} if row.state == "refused" else shown


def _due(holder: Holder, now: datetime) -> Any:
    """Due by time; or held by an earlier start of this very gateway, which cannot go on with it."""
    ours = and_(Attachment.lease_owner.like(f"{holder.place}.%"), Attachment.lease_owner != holder.token)
    return and_(Attachment.next_at.is_not(None), or_(Attachment.next_at <= now, ours))


async def waiting(session: AsyncSession, holder: Holder, now: datetime) -> bool:
    """Whether anything is due; a look that costs no write."""
    return bool(await session.scalar(select(exists().where(_due(holder, now)))))


async def claim_due(session: AsyncSession, holder: Holder, now: datetime, limit: int) -> list[Due]:
    rows = await session.scalars(
        select(Attachment)
        .where(_due(holder, now))
        .order_by(Attachment.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for row in rows.all():
        row.lease_owner, row.next_at = holder.token, now + LEASE
        taken.append(
            Due(row.id, row.state, row.kind, row.name, row.source, row.inbox_id, row.message_id, row.attempts)
        )
    return taken


async def settle(session: AsyncSession, id: str, holder: Holder, **values: Any) -> Attachment | None:
    """Write how it went; None if the lease has gone to somebody else meanwhile."""
    found: Attachment | None = await session.scalar(
        update(Attachment)
        .where(Attachment.id == id, Attachment.lease_owner == holder.token)
        .values(**values)
        .returning(Attachment)
    )
    return found


async def give(
    session: AsyncSession, by: str, id: str, conversation_id: str, message_id: str
) -> Attachment | None:
    """An upload becomes part of a message, once; None unless it is this person's and still free."""
    found: Attachment | None = await session.scalar(
        update(Attachment)
        .where(
            Attachment.id == id,
            Attachment.uploaded_by == by,
            Attachment.message_id.is_(None),
            Attachment.state.in_(("ready", "waiting")),
        )
        .values(message_id=message_id, conversation_id=conversation_id)
        .returning(Attachment)
    )
    return found


async def expire(session: AsyncSession, now: datetime, unsent: timedelta, limit: int = 500) -> int:
    """Mark what is over: too old, never sent, or of a message that was taken back. Each is then due."""
    kept = Attachment.state.in_(("ready", "waiting"))
    taken_back = select(Message.id).where(Message.deleted_at.is_not(None))
    over = or_(
        and_(kept, Attachment.expires_at <= now),
        and_(kept, Attachment.message_id.in_(taken_back)),
        and_(
            Attachment.message_id.is_(None),
            Attachment.created_at <= now - unsent,
            Attachment.state != "expired",
        ),
    )
    ids = (await session.scalars(select(Attachment.id).where(over).limit(limit))).all()
    await session.execute(
        update(Attachment)
        .where(Attachment.id.in_(ids))
        .values(state="expired", next_at=now, lease_owner=None, source=None)
        .execution_options(synchronize_session=False)
    )
    return len(ids)


async def forget(session: AsyncSession, id: str) -> None:
    """An upload that no message has."""
    await session.execute(delete(Attachment).where(Attachment.id == id, Attachment.message_id.is_(None)))

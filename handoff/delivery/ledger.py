"""How calls went, on record: what is told while a transaction runs goes together into the next one.

Between a call and its record a death of the process leaves us unsure; so the record follows at
once, and twenty calls that end together cost one commit.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import new_id
from handoff.conversations.context import Context
from handoff.delivery import news, outbox
from handoff.delivery.models import Delivery, DeliveryPart

LONGEST_ID = 255
_INSERT: dict[bool, Any] = {True: sqlite_insert, False: postgres_insert}  # by whether it is SQLite

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taken:
    """A part that the platform took. ``at``: when it was called, for its marks tell times of its own."""

    place: int
    inbox_id: str
    external_id: str | None
    at: datetime
    status: str = "sent"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a claimed push: its new ``values`` (``state`` among them), and a part that went out."""

    delivery_id: str
    values: dict[str, Any]
    taken: Taken | None = None
    done: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Ledger:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[Entry] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, delivery_id: str, taken: Taken | None = None, **values: Any) -> bool:
        """Returns once it is committed. False: the push is not ours any more (what was taken is known)."""
        entry = Entry(delivery_id, values, taken)
        self._waiting.append(entry)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await asyncio.shield(entry.done)

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._commit(batch)
            except Exception:
                if len(batch) == 1:
                    log.exception("delivery_not_recorded", delivery=batch[0].delivery_id)
                for entry in batch if len(batch) > 1 else ():
                    await self._alone(entry)
            finally:
                for entry in batch:
                    if not entry.done.done():  # not written: its lease runs out, and it is unsure
                        entry.done.set_result(False)

    async def _alone(self, entry: Entry) -> None:
        """One odd entry must not cost the others."""
        try:
            await self._commit([entry])
        except Exception:
            log.exception("delivery_not_recorded", delivery=entry.delivery_id)

    async def _commit(self, batch: list[Entry]) -> None:
        context = self._context
        async with context.database.write() as session:
            rows = [await self._apply(session, entry) for entry in batch]
        for entry, row in zip(batch, rows, strict=True):
            entry.done.set_result(row is not None)
        changed = [row for row in rows if row is not None]
        for row in changed:
            context.metrics.deliveries.labels("retry" if row.state == "due" else row.state).inc()
        await news.tell(context, [row for row in changed if row.state != "sending"])

    async def _apply(self, session: AsyncSession, entry: Entry) -> Delivery | None:
        values = dict(entry.values)
        known_before = entry.taken is not None and not await record(session, entry.delivery_id, entry.taken)
        if values.get("state") == "sent":
            values["mark"] = "sent"
            if known_before or entry.taken is None:  # the platform may have told more than its answer did
                values["mark"] = await news.mark_of(session, entry.delivery_id) or "sent"
                if values["mark"] == "failed":
                    values["state"] = "dead"
        if values.get("state") != "sending":
            values["lease_owner"] = None
        mine = Delivery.lease_owner == self._context.holder.token
        row = await outbox.move(session, entry.delivery_id, "sending", mine, **values)
        if row is None and entry.taken is not None:
            # Somebody holds it for left behind; that it was taken settles the doubt.
            await settle(session, entry.delivery_id, entry.taken.place, self._context.clock())
        return row


async def record(session: AsyncSession, delivery_id: str, taken: Taken) -> bool:
    """Put a part on record; False if it is known already (its platform id is added if that was not)."""
    table: Any = DeliveryPart.__table__
    external_id = taken.external_id[:LONGEST_ID] if taken.external_id else None
    insert = _INSERT[session.get_bind().dialect.name == "sqlite"]
    made = await session.execute(
        insert(table)
        .values(
            id=new_id(),
            delivery_id=delivery_id,
            place=taken.place,
            inbox_id=taken.inbox_id,
            external_id=external_id,
            status=taken.status,
            at=taken.at,
        )
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    if made.first() is not None:
        return True
    if external_id:
        await session.execute(
            update(table)
            .where(
                table.c.delivery_id == delivery_id,
                table.c.place == taken.place,
                table.c.external_id.is_(None),
            )
            .values(external_id=external_id)
        )
    return False


async def settle(session: AsyncSession, delivery_id: str, place: int, now: datetime) -> Delivery | None:
    """We were unsure of this part, and now know that it was taken: the push goes on behind it (a
    dispatcher that finds nothing more to send says that it is sent)."""
    for state in ("unsure", "dead"):
        where = [Delivery.parts == place]
        if state == "dead":
            where.append(Delivery.code == "unsure")
        row = await outbox.move(
            session, delivery_id, state, *where, state="due", next_at=now, error=None, code=None
        )
        if row is not None:
            return row
    return None

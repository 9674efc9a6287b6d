"""How calls went, on record: what is told while a transaction runs goes together into the next one.

Between a call and its record a death of the process leaves us unsure; so the record follows at
once, and twenty calls that end together cost one commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
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
_PART: Any = DeliveryPart.__table__
_INSERT: dict[bool, Any] = {True: sqlite_insert, False: postgres_insert}  # by whether it is SQLite
_RECORD = {
    sqlite: insert(_PART).on_conflict_do_nothing().returning(_PART.c.delivery_id)
    for sqlite, insert in _INSERT.items()
}

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
            known = await record(session, {e.delivery_id: e.taken for e in batch if e.taken is not None})
            rows = await self._move(session, batch, known)
            for entry in batch:
                if entry.taken is not None and entry.delivery_id not in rows:
                    # Somebody holds it for left behind; that it was taken settles the doubt.
                    await settle(session, entry.delivery_id, entry.taken.place, context.clock())
        for entry in batch:
            entry.done.set_result(entry.delivery_id in rows)
        for row in rows.values():
            context.metrics.deliveries.labels("retry" if row.state == "due" else row.state).inc()
        await news.tell(context, [row for row in rows.values() if row.state != "sending"])

    async def _move(
        self, session: AsyncSession, batch: list[Entry], known: Collection[str]
    ) -> dict[str, Delivery]:
        """The pushes that were ours, as they are now; alike ones (most are just sent) go in one statement."""
        alike: dict[tuple[tuple[str, Any], ...], list[str]] = {}
        for entry in batch:
            values = dict(entry.values)
            if values["state"] == "sent":
                values |= await self._sent(session, entry, entry.delivery_id in known)
            if values["state"] != "sending":
                values["lease_owner"] = None
            alike.setdefault(tuple(sorted(values.items())), []).append(entry.delivery_id)
        mine = Delivery.lease_owner == self._context.holder.token
        return {
            row.id: row
            for values, ids in alike.items()
            for row in await outbox.move_all(session, ids, "sending", mine, **dict(values))
        }

    async def _sent(self, session: AsyncSession, entry: Entry, known: bool) -> dict[str, Any]:
        """The values of a push whose last part has gone out. The platform may have told of its parts by
        now, even that one failed."""
        values: dict[str, Any] = {"sent_at": self._context.clock()}
        mark = entry.values.get("mark", "sent")
        if known or entry.values["parts"] > 1 or (entry.taken is None and "mark" not in entry.values):
            mark = await news.mark_of(session, entry.delivery_id) or mark
        if mark == "failed":
            return values | {"mark": mark, "state": "dead"}
        return values | {"mark": mark, "error": None, "code": None}


async def record(session: AsyncSession, taken: Mapping[str, Taken]) -> set[str]:
    """Put a part of each of these pushes on record; those whose part was known already (its platform
    id is added if that was not) are returned."""
    if not taken:
        return set()
    rows = [
        {
            "id": new_id(),
            "delivery_id": delivery_id,
            "place": one.place,
            "inbox_id": one.inbox_id,
            "external_id": one.external_id[:LONGEST_ID] if one.external_id else None,
            "status": one.status,
            "at": one.at,
        }
        for delivery_id, one in taken.items()
    ]
    statement = _RECORD[session.get_bind().dialect.name == "sqlite"]
    made = set(await session.scalars(statement, rows))
    for row in rows:
        if row["external_id"] and row["delivery_id"] not in made:
            await session.execute(
                update(_PART)
                .where(
                    _PART.c.delivery_id == row["delivery_id"],
                    _PART.c.place == row["place"],
                    _PART.c.external_id.is_(None),
                )
                .values(external_id=row["external_id"])
            )
    return taken.keys() - made


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

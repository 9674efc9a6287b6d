"""Fetches what waits, checks it, tells the message, and removes what is over. Several may run at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from handoff.attachments import rows
from handoff.attachments.checking import Checker
from handoff.attachments.fetching import Fetcher, Gone, NotNow
from handoff.attachments.models import Attachment
from handoff.attachments.names import clean_name
from handoff.attachments.rows import Due
from handoff.attachments.rules import Refused
from handoff.attachments.scanning import ScannerDown
from handoff.attachments.service import Attachments, values
from handoff.attachments.store import Store
from handoff.channels.base import Media, SendFailed
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.changes import change
from handoff.conversations.context import Context
from handoff.delivery.backoff import ATTEMPTS, pause
from handoff.errors import NotFound

AT_ONCE = 4
IDLE = 2.0  # seconds between looks while nothing rings
SWEEP = timedelta(hours=1)
SCANNER = 300.0  # seconds at most between two tries to get a file scanned

log = structlog.get_logger()


class Worker:
    def __init__(
        self, context: Context, attachments: Attachments, store: Store, checker: Checker, fetcher: Fetcher,
        channels: Channels, inboxes: Inboxes, luck: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._context, self._attachments, self._store = context, attachments, store
        self._checker, self._fetcher = checker, fetcher
        self._channels, self._inboxes, self._luck = channels, inboxes, luck
        self._swept: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._sweep_in_time()
                while await self.once():
                    pass
            except Exception:
                log.exception("attachments_failed")
            await self._attachments.bell.wait(IDLE)

    async def once(self) -> int:
        """Do what is due now; returns how many rows that were."""
        context = self._context
        async with context.database.read() as session:
            if not await rows.waiting(session, context.holder, context.clock()):
                return 0
        async with context.database.write() as session:
            due = await rows.claim_due(session, context.holder, context.clock(), AT_ONCE)
        await asyncio.gather(*(self._safely(one) for one in due))
        return len(due)

    async def sweep(self) -> None:
        """Mark what is over, so that it becomes due; remove what crashes left in the folder."""
        context = self._context
        async with context.database.write() as session:
            while await rows.expire(session, context.clock(), self._attachments.rules.unsent):
                pass
        await self._store.sweep()
        self._swept = context.clock()

    async def _sweep_in_time(self) -> None:
        if self._swept is None or self._context.clock() - self._swept >= SWEEP:
            await self.sweep()

    async def _safely(self, due: Due) -> None:
        try:
            await self._work(due)
        except Exception as broken:
            log.exception("attachment_broken", attachment=due.id)
            await self._later(due, type(broken).__name__)

    async def _work(self, due: Due) -> None:
        if due.state == "waiting":
            await self._get(due)
        else:
            await self._tell(due.id, expired=due.state == "expired")

    async def _get(self, due: Due) -> None:
        try:
            raw = await self._store.find(due.id, raw=True)
            name = due.name
            if raw is None:
                name = await self._fetch(due)
                raw = await self._store.find(due.id, raw=True)
                assert raw is not None  # kept just now
            checked = await self._checker.check(raw, name, due.kind)
        except Refused as refused:
            await self._settle(due, state="refused", error=refused.reason)
        except Gone as gone:
            await self._settle(due, state="lost", error=str(gone)[:200])
        except ScannerDown as down:
            await self._later(due, f"scanner: {down}", longest=SCANNER)
        except NotNow as later:
            await self._later(due, str(later), wait=later.wait)
        else:
            await self._store.keep(due.id, checked.draft)
            await self._settle(due, state="ready", error=None, **values(checked))

    async def _fetch(self, due: Due) -> str:
        """Get the raw file; returns its name."""
        if not due.source or not due.inbox_id:
            raise Gone("nothing to fetch it by")
        try:
            inbox = await self._inboxes.get(due.inbox_id)
            channel = self._channels.of(inbox)
            if not isinstance(channel, Media):
                raise Gone("the channel has no files")
            source = await channel.locate(inbox, due.source)
        except (NotFound, KeyError) as unknown:
            raise Gone("the inbox is gone") from unknown
        except SendFailed as failed:
            if failed.final:
                raise Gone(str(failed)) from failed
            raise NotNow(str(failed), failed.retry_after) from failed
        draft = self._store.draft()
        try:
            api_url = str(inbox.options.get("api_url") or "")
            fetched = await self._fetcher.fetch(source, draft, self._attachments.rules.most, api_url)
            await self._store.keep(due.id, draft, raw=True)
        finally:
            draft.unlink(missing_ok=True)
        return due.name or clean_name(fetched.name)

    async def _later(
        self, due: Due, error: str, wait: float | None = None, longest: float | None = None
    ) -> None:
        """Try again, later each time; ``longest``: and for ever, for it is not the file's fault."""
        attempts = due.attempts + 1
        if longest is None and attempts >= ATTEMPTS:
            await self._settle(due, state="lost", attempts=attempts, error=error[:200])
            return
        seconds = pause(min(attempts, ATTEMPTS), self._luck(), wait)
        next_at = self._context.clock() + timedelta(seconds=min(seconds, longest or seconds))
        await self._write(due.id, attempts=attempts, error=error[:200], next_at=next_at, lease_owner=None)

    async def _settle(self, due: Due, **columns: Any) -> None:
        """What became of it is certain: kept first, so that a crash from here on only repeats the telling."""
        if await self._write(due.id, source=None, **columns):
            await self._store.drop(due.id, raw=columns["state"] == "ready")
            await self._tell(due.id)
            return
        row = await self._row(due.id)  # somebody else has it, or its time was over meanwhile
        if row is None or row.state not in ("ready", "waiting"):
            await self._store.drop(due.id)

    async def _tell(self, id: str, expired: bool = False) -> None:
        """The message shows the row as it is now."""
        if expired:
            await self._store.drop(id)
        row = await self._row(id)
        if row is not None and row.message_id is not None:
            shown = rows.entry(row)
            await change(self._context, row.message_id, lambda rich: _with(rich, shown))
        await self._write(id, next_at=None, lease_owner=None)
        if expired:
            async with self._context.database.write() as session:
                await rows.forget(session, id)

    async def _row(self, id: str) -> Attachment | None:
        async with self._context.database.read() as session:
            return await session.get(Attachment, id)

    async def _write(self, id: str, **columns: Any) -> bool:
        async with self._context.database.write() as session:
            return await rows.settle(session, id, self._context.holder, **columns) is not None


def _with(rich: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """``rich`` with the entry of one file renewed, where it has one."""
    files = [shown if file.get("id") == shown["id"] else file for file in rich.get("files", ())]
    return rich | {"files": files} if files else rich

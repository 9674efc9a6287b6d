"""Attachments as the rest of the gateway knows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database, after_commit
from actions.db import now as utc_now
from handoff.attachments import rows, sniffing
from handoff.attachments.checking import Checked, Checker
from handoff.attachments.models import Attachment, new_key
from handoff.attachments.names import clean_name
from handoff.attachments.rules import AT_ONCE, KINDS, Rules, too_large
from handoff.attachments.scanning import ScannerDown
from handoff.attachments.store import Store
from handoff.conversations.inbound import IncomingFile
from handoff.conversations.ports import Bell
from handoff.errors import Invalid

AGAIN = timedelta(seconds=30)  # until an upload that waits (for the scanner) is looked at again


@dataclass(frozen=True, slots=True)
class Served:
    path: Path
    kind: str
    media_type: str
    name: str


class Attachments:
    """``bell`` rings when there is something to fetch."""

    def __init__(
        self, database: Database, store: Store, checker: Checker, rules: Rules,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:  # fmt: skip
        self._database, self._store, self._checker, self._clock = database, store, checker, clock
        self.rules = rules
        self.bell = Bell()

    async def take(
        self, session: AsyncSession, conversation_id: str, message_id: str, inbox_id: str,
        files: Sequence[IncomingFile],
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Files that came with a message: rows, to be fetched once the transaction is committed, and the
        entries of ``rich["files"]``. The message has been inserted before."""
        made = [self._row(conversation_id, message_id, inbox_id, file) for file in files]
        session.add_all(made)
        await session.flush()
        after_commit(session, self._ring)
        return [rows.entry(row) for row in made]

    async def claim(
        self, session: AsyncSession, conversation_id: str, message_id: str, by: str, ids: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Uploads of one person (``by``: contact or agent) become part of a message.

        Raises ``Invalid``: unknown_file (not theirs, or sent already), too_many_files.
        """
        if len(ids) > AT_ONCE:
            raise Invalid("too_many_files", limit=AT_ONCE)
        entries = []
        for id in dict.fromkeys(ids):
            row = await rows.give(session, by, id, conversation_id, message_id)
            if row is None:
                raise Invalid("unknown_file")
            entries.append(rows.entry(row))
        return entries

    async def upload(
        self,
        body: AsyncIterator[bytes],
        *,
        name: str,
        by: str,
        inbox_id: str | None = None,
        expected: str = "",
    ) -> dict[str, Any]:
        """Take a file from a person; the entry to show until it is sent with a message.

        Raises ``Refused``. If the scanner is down it is taken and waits.
        """
        draft = self._store.draft()
        try:
            await self._receive(body, draft)
            now = self._clock()
            row = Attachment(
                id=new_key(), uploaded_by=by, inbox_id=inbox_id, state="waiting", next_at=now + AGAIN
            )
            row.created_at, row.expires_at = now, now + self.rules.keep
            try:
                checked = await self._checker.check(draft, name, expected)
            except ScannerDown:
                row.kind, row.name = (expected if expected in KINDS else "file"), clean_name(name)
                row.size = draft.stat().st_size
                await self._add(row)
                await self._store.keep(row.id, draft, raw=True)
            else:
                for column, value in values(checked).items():
                    setattr(row, column, value)
                await self._add(
                    row
                )  # before the file: so no file is ever without a row, whenever we are killed
                await self._store.keep(row.id, checked.draft)
                row.state, row.next_at = "ready", None
                await self._add(row)
            return rows.entry(row)
        finally:
            draft.unlink(missing_ok=True)

    async def find(self, id: str) -> Served | None:
        """The file to serve; None: there is none, or no longer."""
        path = await self._store.find(id)
        if path is None:
            return None
        async with self._database.read() as session:
            row = await session.get(Attachment, id)
        if row is None or row.state != "ready" or (row.expires_at and row.expires_at <= self._clock()):
            return None
        return Served(path, row.kind, row.media_type, row.name or f"{row.kind}{_extension(row.media_type)}")

    def _row(self, conversation_id: str, message_id: str, inbox_id: str, file: IncomingFile) -> Attachment:
        now, limit = self._clock(), self.rules.most
        row = Attachment(
            id=new_key(),
            conversation_id=conversation_id,
            message_id=message_id,
            inbox_id=inbox_id,
            state="waiting",
            kind=file.kind if file.kind in KINDS else "file",
            name=clean_name(file.name),
            media_type=sniffing.UNKNOWN,
            size=max(0, file.size),
            source=file.ref,
            attempts=0,
            next_at=now,
            created_at=now,
            expires_at=now + self.rules.keep,
        )
        if not file.ref:
            row.state, row.next_at = "lost", None
        elif file.size > limit:
            row.state, row.next_at, row.error = "refused", None, "too_large"
        return row

    async def _receive(self, body: AsyncIterator[bytes], draft: Path) -> None:
        size = 0
        with _opened(draft) as file:
            async for chunk in body:
                size += len(chunk)
                if size > self.rules.most:
                    raise too_large(self.rules.most)
                file.write(chunk)

    async def _add(self, row: Attachment) -> None:
        async with self._database.write() as session:
            session.add(row)

    async def _ring(self) -> None:
        self.bell.ring()


def values(checked: Checked) -> dict[str, Any]:
    """The columns that a checked file decides."""
    return {
        "kind": checked.kind,
        "media_type": checked.media_type,
        "name": checked.name,
        "size": checked.size,
        "sha256": checked.sha256,
        "width": checked.width,
        "height": checked.height,
    }


def _extension(media_type: str) -> str:
    for types in (sniffing.IMAGES, sniffing.AUDIO, sniffing.VIDEO, sniffing.FILES):
        if media_type in types:
            return types[media_type]
    return ".bin"


def _opened(path: Path) -> BinaryIO:
    return path.open("wb")

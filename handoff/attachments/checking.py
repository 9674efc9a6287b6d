"""Looks at a file before anybody else does: scanned, recognised, weighed, and redrawn if it is a picture."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from handoff.attachments import images, sniffing
from handoff.attachments.names import clean_name, renamed
from handoff.attachments.rules import Refused, Rules, too_large
from handoff.attachments.scanning import Scanner, TooLargeToScan
from handoff.attachments.store import Store


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to be kept; ``draft`` is a path in the store's drafts."""

    draft: Path
    kind: str
    media_type: str
    name: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


class Checker:
    def __init__(self, rules: Rules, store: Store, scanner: Scanner | None = None) -> None:
        self._rules = rules
        self._store = store
        self._scanner = scanner
        self._easel = asyncio.Semaphore(1)  # a large picture takes hundreds of megabytes while it is drawn

    async def check(self, raw: Path, name: str, expected: str = "") -> Checked:
        """Raises ``Refused``, and ``ScannerDown`` when nobody could look. The raw file stays where it is."""
        found = await asyncio.to_thread(self._sort, raw, expected)
        if self._scanner:
            try:
                if await self._scanner.scan(raw):
                    raise Refused("harmful")
            except TooLargeToScan as large:
                raise Refused("unscannable") from large
        draft = self._store.draft()
        try:
            async with self._easel:
                return await asyncio.to_thread(self._prepare, raw, draft, found, name)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _sort(self, raw: Path, expected: str) -> sniffing.Kind:
        size = raw.stat().st_size
        if not size:
            raise Refused("empty")
        if size > self._rules.most:
            raise too_large(self._rules.most)
        found = sniffing.sniff(raw, expected)
        if found.group in self._rules.refused:
            raise Refused("type")
        if size > self._rules.limit_of(found.kind):
            raise too_large(self._rules.limit_of(found.kind))
        return found

    def _prepare(self, raw: Path, draft: Path, found: sniffing.Kind, name: str) -> Checked:
        name = clean_name(name, found.extension)
        media_type, width, height = found.media_type, None, None
        if found.kind == "image":
            drawn = images.redraw(raw, draft, found.media_type, self._rules.pixels)
            media_type, width, height = drawn.media_type, drawn.width, drawn.height
            if not name.lower().endswith((sniffing.IMAGES[media_type], ".jpeg")):
                name = renamed(name, sniffing.IMAGES[media_type])
        else:
            _twin(raw, draft)
        with draft.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = draft.stat().st_size
        return Checked(draft, found.kind, media_type, name, size, sha256, width, height)


def _twin(raw: Path, draft: Path) -> None:
    """The same bytes under another path: the raw file is needed until its row says that it is not."""
    try:
        os.link(raw, draft)
    except OSError:
        shutil.copyfile(raw, draft)

"""Where files lie: a folder, each file by its id; behind a protocol, for other places."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import time
from pathlib import Path
from typing import Protocol

_ID = re.compile(r"[A-Za-z0-9_-]{20,64}")
LEFT = 24 * 3600.0  # seconds after which an unfinished file belongs to nobody


class Store(Protocol):
    """``raw``: not yet checked, and never served."""

    def draft(self) -> Path:
        """A path of this machine to write a new file to; whoever asked removes what they do not keep."""

    async def keep(self, id: str, draft: Path, *, raw: bool = False) -> None:
        """The draft becomes the file, all at once; one that was there is replaced."""

    async def find(self, id: str, *, raw: bool = False) -> Path | None:
        """A path of this machine to read it from."""

    async def drop(self, id: str, *, raw: bool = False) -> None:
        """The file and its raw form (``raw``: this alone); nothing happens where there is none."""

    async def sweep(self) -> None:
        """Remove drafts that a crash left behind."""


class Folder:
    """``<root>/kept/ab/abc…``. Several gateways have to share it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def draft(self) -> Path:
        folder = self._root / "drafts"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / secrets.token_hex(16)

    async def keep(self, id: str, draft: Path, *, raw: bool = False) -> None:
        await asyncio.to_thread(_move, draft, self._path(id, raw))

    async def find(self, id: str, *, raw: bool = False) -> Path | None:
        if not _ID.fullmatch(id):
            return None
        path = self._path(id, raw)
        return path if await asyncio.to_thread(path.is_file) else None

    async def drop(self, id: str, *, raw: bool = False) -> None:
        for which in (True,) if raw else (False, True):
            await asyncio.to_thread(self._path(id, which).unlink, missing_ok=True)

    async def sweep(self) -> None:
        await asyncio.to_thread(_remove_old, self._root / "drafts", time.time() - LEFT)

    def _path(self, id: str, raw: bool) -> Path:
        if not _ID.fullmatch(id):  # no id comes from outside unlooked at, but a path is a path
            raise ValueError("no id of a file")
        return self._root / ("raw" if raw else "kept") / id[:2] / id


def _move(draft: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(path)


def _remove_old(folder: Path, before: float) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)

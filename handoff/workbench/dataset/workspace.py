"""The workspace's files: read, and written all or none, by one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import json
import os
import secrets
import stat
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

from handoff.errors import Conflict, Forbidden, Invalid, Unavailable
from handoff.workbench.dataset.places import may_write

JOURNAL = "workbench-journal"
PATIENCE = 30.0  # seconds to wait for another process that writes …
STEP = 0.02  # … looking so often
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Workspace:
    """``root`` holds the files, ``home`` the lock and the journal of a writing under way."""

    def __init__(self, root: Path, home: Path) -> None:
        self._root = root.resolve()
        self._home = home

    @property
    def root(self) -> Path:
        return self._root

    def read(self, path: str) -> str | None:
        """Raises :class:`Invalid` (``file_unreadable``) for one that is no text."""
        try:
            return self._real(path).read_bytes().decode("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except UnicodeDecodeError as error:
            raise Invalid("file_unreadable", file=path, line=0, problem="not UTF-8") from error

    def names(self, folder: str) -> list[str]:
        """Files in ``folder`` itself, in order."""
        place = self._root / folder
        return sorted(one.name for one in place.iterdir() if one.is_file()) if place.is_dir() else []

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Only one process at a time, whatever its gateway; :class:`Conflict` (``workspace_busy``) if the one
        before does not end, :class:`Unavailable` if there is no place for the lock."""
        with _plain_words():
            self._home.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._home / "workbench.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            for _ in range(round(PATIENCE / STEP)):
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(STEP)
            else:
                raise Conflict("workspace_busy")
            yield
        finally:
            os.close(handle)

    def write(self, change_id: str, files: Mapping[str, tuple[str | None, str | None]]) -> None:
        """By path what is there and what is to be: all of them or, after any error, none.

        A journal stays until :meth:`settled` or :meth:`undo`, so that a crash at any point can be finished
        or taken back. Raises :class:`Conflict` (``files_moved``) if something else is there,
        :class:`Unavailable` (``workspace_read_only``, ``workspace_full``, ``workspace_failed``).
        """
        for path, (before, _) in files.items():
            if self.read(may_write(path)) != before:
                raise Conflict("files_moved", path=path)
        entry = {"change": change_id, "files": {path: list(both) for path, both in files.items()}}
        with _plain_words():
            self._put(self._journal(change_id), json.dumps(entry, ensure_ascii=False))
            try:
                self._all({path: after for path, (_, after) in files.items()})
            except BaseException:
                self.undo(change_id)
                raise

    def journals(self) -> list[str]:
        """Changes whose writing has begun and was not said to be settled."""
        folder = self._home / JOURNAL
        return sorted(one.stem for one in folder.glob("*.json")) if folder.is_dir() else []

    def committed(self, change_id: str, commit: str, agent_id: str) -> None:
        """Remember that git has it: from here on it is finished, not taken back."""
        journal = self._journal(change_id)
        entry = json.loads(journal.read_text("utf-8")) | {"commit": commit, "agent": agent_id}
        self._put(journal, json.dumps(entry, ensure_ascii=False))

    def commit_of(self, change_id: str) -> tuple[str, str] | None:
        """The commit and who made it, if it came so far."""
        entry = json.loads(self._journal(change_id).read_text("utf-8"))
        return (entry["commit"], entry["agent"]) if "commit" in entry else None

    def undo(self, change_id: str) -> None:
        """Put back what was there, wherever what we wrote is there."""
        self._towards(change_id, 0)

    def finish(self, change_id: str) -> None:
        """Write what is still missing."""
        self._towards(change_id, 1)

    def settled(self, change_id: str) -> None:
        self._journal(change_id).unlink(missing_ok=True)

    def _towards(self, change_id: str, side: int) -> None:
        journal = self._journal(change_id)
        if not journal.exists():
            return
        files: dict[str, Any] = json.loads(journal.read_text("utf-8"))["files"]
        there = {path: self.read(path) for path in files}
        with _plain_words():
            self._all({path: both[side] for path, both in files.items() if there[path] == both[1 - side]})
        self.settled(change_id)

    def _all(self, files: Mapping[str, str | None]) -> None:
        """Everything is written beside its place first, so that a full disk is noticed before any rename."""
        ready: list[tuple[Path, Path]] = []
        try:
            for path, text in files.items():
                if text is not None:
                    target = self._real(path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    ready.append((_beside(target, text), target))
            for temporary, target in ready:
                os.replace(temporary, target)
            for path, text in files.items():
                if text is None:
                    self._real(path).unlink(missing_ok=True)
            for folder in {self._real(path).parent for path in files}:
                _sync(folder)
        except BaseException:
            for temporary, _ in ready:
                temporary.unlink(missing_ok=True)
            raise

    def _put(self, target: Path, text: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(_beside(target, text), target)
        _sync(target.parent)

    def _journal(self, change_id: str) -> Path:
        return self._home / JOURNAL / f"{change_id}.json"

    def _real(self, path: str) -> Path:
        """The place of ``path``; raises :class:`Forbidden` if a link leads there, or out of the root."""
        place = self._root
        for part in path.split("/"):
            if part in ("", ".", ".."):
                raise Forbidden("path_forbidden", path=path[:200])
            place = place / part
            if place.is_symlink():
                raise Forbidden("path_forbidden", path=path[:200])
        return place


def _beside(target: Path, text: str) -> Path:
    """``text`` safely on the disk, next to ``target`` and with its rights."""
    temporary = target.parent / f".{target.name}.{secrets.token_hex(4)}.tmp"
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = 0o644
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise Unavailable("workspace_read_only") from error
        if error.errno in _FULL:
            raise Unavailable("workspace_full") from error
        raise Unavailable("workspace_failed", problem=error.strerror or str(error)) from error

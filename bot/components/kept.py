"""What was learnt before from exactly the same, kept in ``SETU_HOME/learnt``: it need not be learnt again.

For what is learnt from files of its own, which change seldom, while the examples change every day.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 3  # of each name, the last ones used

#: Names of what this process did not have to learn again, for who wants to tell it.
reused: list[str] = []


def learnt(name: str, made_from: str, folder: Path, learn: Callable[[], None]) -> bool:
    """Have in ``folder`` what ``learn`` writes there; whether it was there already and is taken from there.

    ``made_from`` names all that it is learnt from, but for the code, which is looked at here. What cannot
    be kept, or read again, costs time, nothing else.
    """
    digest = hashlib.sha256(f"{made_from} {_code()}".encode()).hexdigest()[:16]
    place = Path(os.environ.get("SETU_HOME") or "var") / "learnt"
    found = place / f"{name}-{digest}"
    try:
        if found.is_dir():
            shutil.copytree(found, folder, dirs_exist_ok=True)
            os.utime(found)
            reused.append(name)
            return True
    except OSError as error:
        log.warning("What was learnt before cannot be read from %s: %s", found, error)
    learn()
    try:
        _keep(folder, found)
        for old in sorted(place.glob(f"{name}-*"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        log.warning("What was learnt cannot be kept in %s: %s", found, error)
    return False


def _keep(folder: Path, found: Path) -> None:
    """Whole or not at all: another process may look for it at the same time."""
    found.parent.mkdir(parents=True, exist_ok=True)
    draft = found.parent / f".{found.name}.{secrets.token_hex(4)}"
    try:
        shutil.copytree(folder, draft)
        draft.rename(found)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@cache
def _code() -> str:
    """Changes with whatever learns here."""
    home = Path(__file__).parents[1]
    files = [file for part in ("components", "encoder") for file in sorted((home / part).glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

"""What the process can do, by the name of the request."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.trainer import training
from bot.trainer.checks.checking import check
from bot.trainer.line import Do, Refused, Tell
from bot.trainer.reading import Models

STALE = 3600.0  # seconds after which nobody writes on a draft any more


class Work:
    """``root``: the folder with ``config.yml``, ``domain.yml`` and ``data/``: the working folder."""

    def __init__(self) -> None:
        self._models = Models()

    def can(self) -> dict[str, Do]:
        return {"check": self.check, "train": self.train, "read": self._models.read}

    def check(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        del asked
        return check(tell)

    def train(self, asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
        """``out``: the archive to make; it is there whole, or not at all."""
        out = asked.get("out")
        if not isinstance(out, str) or not out.endswith(".tar.gz"):
            raise Refused("bad_request", "'out' is the path of an archive, ….tar.gz")
        path = Path(out)
        if not path.parent.is_dir():
            raise Refused("bad_request", f"there is no folder {path.parent}")
        _clear_away(path.parent)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            made = training.train(draft, tell)
            with draft.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = draft.stat().st_size
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        return {"seconds": made.seconds, "size": size, "sha256": digest, "reused": made.reused}


def _clear_away(folder: Path) -> None:
    """Drafts of trainings that were cancelled while they packed."""
    for draft in folder.glob(".*.tar.gz.*.part"):
        if time.time() - draft.stat().st_mtime > STALE:
            draft.unlink(missing_ok=True)

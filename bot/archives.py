"""Archives of models that were sent here: signed by this installation, whole, and kept for the next start."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.input import BadInput

log = logging.getLogger(__name__)

LARGEST = 400_000_000  # bytes
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
PIECE = 1 << 20


class BadSignature(Exception):
    """The archive does not come from this installation."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an archive is called, its hash, and the proof that who sends it knows the bot's token."""

    name: str
    sha256: str
    signature: str

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Envelope:
        """Raises :class:`bot.input.BadInput`."""
        one = cls(*(headers.get(f"x-{part}") or "" for part in ("name", "sha256", "signature")))
        if not _NAME.fullmatch(one.name) or not _SHA256.fullmatch(one.sha256):
            raise BadInput("X-Name or X-Sha256 is missing or wrong")
        return one

    def check(self, token: bytes) -> None:
        """Raises :class:`BadSignature`."""
        right = hmac.new(token, f"{self.name}.{self.sha256}".encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), self.signature.encode()):
            raise BadSignature("the signature does not fit the model")


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


class Shelf:
    """A folder with the archives in use and, in ``live.json``, the one to start with."""

    def __init__(self, folder: Path, token: bytes) -> None:
        self._folder = folder
        self._token = token
        self._pointer = folder / "live.json"

    def path(self, envelope: Envelope) -> Path:
        return self._folder / f"{envelope.sha256}.tar.gz"

    async def take(self, envelope: Envelope, content: AsyncIterator[bytes]) -> Path:
        """Write what comes, checked; :class:`BadInput` if it is too much or not what was announced."""
        path = self.path(envelope)
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.urandom(4).hex()}.draft")
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("wb") as file:
                async for piece in content:
                    size += len(piece)
                    if size > LARGEST:
                        raise BadInput(f"the archive is larger than {LARGEST} bytes")
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != envelope.sha256:
                raise BadInput("the archive is not the one that X-Sha256 names")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def remember(self, envelope: Envelope, instead_of: str) -> None:
        """Start with this one next time, unless another is asked for than the one with the hash
        ``instead_of``, which this process was started with."""
        draft = self._pointer.with_suffix(".draft")
        draft.write_text(json.dumps({**asdict(envelope), "instead_of": instead_of}), "utf-8")
        draft.replace(self._pointer)

    def remembered(self, asked: str) -> tuple[Envelope, Path] | None:
        """The one to start with, where the archive with the hash ``asked`` is asked for."""
        try:
            told: dict[str, Any] = json.loads(self._pointer.read_text("utf-8"))
            envelope = Envelope(str(told["name"]), str(told["sha256"]), str(told["signature"]))
            envelope.check(self._token)
            path = self.path(envelope)
            if told["instead_of"] != asked or sha256_of(path) != envelope.sha256:
                return None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, BadSignature) as error:
            log.warning("The model sent here last is not used: %s", error)
            return None
        return envelope, path

    def forget(self) -> None:
        self._pointer.unlink(missing_ok=True)

    def keep(self, *hashes: str) -> None:
        """Remove all other archives, and what was left half written."""
        kept = {f"{sha256}.tar.gz" for sha256 in hashes}
        for file in self._folder.glob("*"):
            if file.name not in kept and file != self._pointer:
                file.unlink(missing_ok=True)

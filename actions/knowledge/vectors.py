"""Vectors of texts from the bot (:mod:`bot.vectors`), and those of passages kept on disk."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol
from zipfile import BadZipFile

import httpx
import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
PATH = "/webhooks/setu/vectors"
BATCH = 4  # texts of a request: the bot has turns to take, and customers wait meanwhile
LONGEST = 2_000  # characters of a text, as the bot has it


class NoVectors(Exception):
    """No bot gave any; the text says why."""


class Encoded(NamedTuple):
    encoder: str  # names what made the rows; only rows of one encoder may be compared
    rows: Floats
    read: tuple[str, ...]  # the texts as they were read: romanised ones in their language's own letters


class Source(Protocol):
    async def encode(self, texts: Sequence[str], language: str | None = None) -> Encoded:
        """Unit rows; ``language`` is that of customers' words. :class:`NoVectors` when there are none."""


class BotVectors:
    """Asks the first bot that answers. ``client`` belongs to the caller, who closes it."""

    def __init__(self, servers: Sequence[str], token: str, client: httpx.AsyncClient) -> None:
        self._servers = list(servers)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._client = client

    async def encode(self, texts: Sequence[str], language: str | None = None) -> Encoded:
        body = {"texts": [text[:LONGEST] for text in texts], "language": language}
        trouble = "no server"
        for server in self._servers:
            try:
                answer = await self._client.post(server + PATH, json=body, headers=self._headers)
                answer.raise_for_status()
                return _read(answer.json(), len(texts))
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                trouble = f"{server}: {error or type(error).__name__}"
        raise NoVectors(trouble)


class Kept:
    """Rows kept in ``folder`` by their texts' hashes; another encoder has another file. Only a cache."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder

    async def encode(self, texts: Sequence[str]) -> Encoded:
        """As :meth:`Source.encode`, asking the source only for what is new."""
        if not texts:
            raise NoVectors("nothing to encode")
        encoder = (await self._source.encode(texts[:1])).encoder
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        path = self._folder / f"knowledge-{hashlib.sha256(encoder.encode()).hexdigest()[:16]}.npz"
        known = _load(path)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        try:
            for start in range(0, len(missing), BATCH):
                part = dict(list(missing.items())[start : start + BATCH])
                fresh = await self._source.encode(list(part.values()))
                if fresh.encoder != encoder:
                    raise NoVectors("the bot's encoder was changed meanwhile")
                known |= dict(zip(part, fresh.rows, strict=True))
        finally:  # a bot that goes away has not worked for nothing
            if missing:
                _save(path, _load(path) | known)
        return Encoded(encoder, np.stack([known[key] for key in keys]), tuple(texts))


def _read(answer: dict[str, object], count: int) -> Encoded:
    dim, packed, texts = answer["dim"], answer["vectors"], answer["texts"]
    if not isinstance(dim, int) or not isinstance(packed, list) or not isinstance(texts, list):
        raise TypeError("not vectors")
    if len(packed) != count or len(texts) != count:
        raise ValueError("not as many vectors as texts")
    try:
        rows = [np.frombuffer(base64.b64decode(row, validate=True), "<f4") for row in packed]
    except binascii.Error as error:
        raise ValueError("vectors that cannot be read") from error
    if any(len(row) != dim for row in rows):
        raise ValueError("vectors of another length")
    return Encoded(str(answer["encoder"]), np.asarray(np.stack(rows), np.float32), tuple(map(str, texts)))


def _load(path: Path) -> dict[str, Floats]:
    try:
        with np.load(path) as file:
            return dict(zip(file["keys"].tolist(), file["rows"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}  # none yet, or broken: it is only a cache


def _save(path: Path, known: dict[str, Floats]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as file:
            np.savez(file, keys=np.array(list(known)), rows=np.stack(list(known.values())))
        fresh.replace(path)  # readers see the old file or the new one, whole
    except OSError as error:
        log.warning("the vectors of passages cannot be kept: %s", error)

"""Packing an archive on both cores: a stream of gzip members, which any gunzip reads as one."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast

from rasa.engine.graph import GraphModelConfiguration
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_COMPONENTS_DIR,
    MODEL_ARCHIVE_METADATA_FILE,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain

LEVEL = 1  # numbers hardly get smaller at higher ones
BLOCK = 4 << 20  # bytes of a member
AHEAD = 4  # members at most that wait to be written


class QuickStorage(LocalModelStorage):  # type: ignore[misc]
    """Rasa's storage; the archive is packed where it lies, not copied first."""

    def create_model_package(
        self, model_archive_path: Path, model_configuration: GraphModelConfiguration, domain: Domain
    ) -> ModelMetadata:
        metadata: ModelMetadata = self._create_model_metadata(domain, model_configuration)
        told = json.dumps(metadata.as_dict(), indent=2).encode()
        entry = tarfile.TarInfo(MODEL_ARCHIVE_METADATA_FILE)
        entry.size = len(told)
        with (
            model_archive_path.open("wb") as file,
            Gzip(file) as packed,
            tarfile.open(fileobj=cast("IO[bytes]", packed), mode="w|") as tar,
        ):
            tar.add(self._storage_path, arcname=MODEL_ARCHIVE_COMPONENTS_DIR)
            tar.addfile(entry, io.BytesIO(told))
        return metadata


class Gzip:
    """What is written comes out as gzip in blocks, made smaller by as many threads as are good for it."""

    def __init__(self, out: IO[bytes], threads: int = 2) -> None:
        self._out = out
        self._pool = ThreadPoolExecutor(threads)
        self._waiting: deque[Future[bytes]] = deque()
        self._block = bytearray()

    def write(self, data: bytes) -> int:
        self._block += data
        while len(self._block) >= BLOCK:
            self._pack(bytes(self._block[:BLOCK]))
            del self._block[:BLOCK]
        return len(data)

    def __enter__(self) -> Gzip:
        return self

    def __exit__(self, *_: object) -> None:
        with self._pool:
            self._pack(bytes(self._block))
            while self._waiting:
                self._out.write(self._waiting.popleft().result())

    def _pack(self, block: bytes) -> None:
        self._waiting.append(self._pool.submit(gzip.compress, block, LEVEL, mtime=0))
        while len(self._waiting) > AHEAD:
            self._out.write(self._waiting.popleft().result())

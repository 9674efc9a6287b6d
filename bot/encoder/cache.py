"""Vectors of texts that were trained on before, so that training again costs seconds."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.encoder.clean import clean

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

MOST = 60_000  # vectors in one file, the longest unused go first: 92 MB at 384 numbers each


class VectorCache:
    """One file for each encoder, ``<folder>/<its fingerprint>.npz``. A file that cannot be read or
    written is named in the log and costs time, nothing else."""

    def __init__(self, folder: Path, fingerprint: str, dim: int, most: int = MOST) -> None:
        self._file = folder / f"{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}.npz"
        self._dim = dim
        self._most = most

    def of(self, texts: Sequence[str], encode: Callable[[list[str]], Vectors]) -> Vectors:
        """Vectors of the texts, shape (texts, dim); ``encode`` makes those that are not known yet."""
        cleaned = {_key(text): text for text in map(clean, texts)}
        keys = [_key(clean(text)) for text in texts]
        known = self._read()
        new = [key for key in cleaned if key not in known]
        if new:
            made = encode([cleaned[key] for key in new])
            found = {**known, **dict(zip(new, made, strict=True))}
            self._write({key: found[key] for key in [*(k for k in known if k not in cleaned), *cleaned]})
            known = found
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self._dim), np.float32)

    def _read(self) -> dict[bytes, Vectors]:
        known = _in_memory.get(self._file)
        if known is not None and known[0] == _stamp(self._file):
            return known[1]
        read = self._read_file()
        _in_memory[self._file] = (_stamp(self._file), read)
        return read

    def _read_file(self) -> dict[bytes, Vectors]:
        try:
            with np.load(self._file, allow_pickle=False) as content:
                keys, vectors = content["keys"], content["vectors"]
            if vectors.shape != (len(keys), self._dim) or not np.isfinite(vectors).all():
                raise ValueError("of another shape, or with numbers missing")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            log.warning("The vectors kept in %s cannot be read and are made again: %s", self._file, error)
            return {}
        return dict(zip((key.tobytes() for key in keys), vectors.astype(np.float32), strict=True))

    def _write(self, known: dict[bytes, Vectors]) -> None:
        kept = list(known.items())[-self._most :]
        keys = np.frombuffer(b"".join(key for key, _ in kept), np.uint8).reshape(len(kept), -1)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, suffix=".part", delete=False) as file:
                np.savez(file, keys=keys, vectors=np.stack([vector for _, vector in kept]))
            os.replace(file.name, self._file)
            _in_memory[self._file] = (_stamp(self._file), dict(kept))
        except OSError as error:
            log.warning("The vectors cannot be kept in %s: %s", self._file, error)


#: The files as they were read or written last: a trainer asks for nearly the same texts again and again.
_in_memory: dict[Path, tuple[tuple[int, int] | None, dict[bytes, Vectors]]] = {}


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        said = file.stat()
    except OSError:
        return None
    return said.st_mtime_ns, said.st_ino


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

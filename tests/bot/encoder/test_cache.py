"""Vectors are kept between trainings, few enough, and a spoilt file costs time and nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.encoder.cache import VectorCache


class Counting:
    """Encodes a text as its length, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    encode = Counting()
    first = VectorCache(tmp_path, "a", 2).of(["one", "three", "one"], encode)
    again = VectorCache(tmp_path, "a", 2).of(["three", "four"], encode)
    assert encode.asked == ["one", "three", "four"]
    assert first[:, 0].tolist() == [3, 5, 3]
    assert again[:, 0].tolist() == [5, 4]


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path) -> None:
    encode = Counting()
    VectorCache(tmp_path, "a", 2).of(["one"], encode)
    VectorCache(tmp_path, "b", 2).of(["one"], encode)
    assert encode.asked == ["one", "one"]


def test_no_more_are_kept_than_allowed_and_the_unused_go_first(tmp_path: Path) -> None:
    encode = Counting()
    for texts in (["a", "bb", "ccc"], ["a", "dddd"], ["a", "dddd", "bb"]):
        VectorCache(tmp_path, "a", 2, most=3).of(texts, encode)
    assert encode.asked == ["a", "bb", "ccc", "dddd", "bb"]


@pytest.mark.parametrize("content", [b"", b"broken", b"PK\x03\x04 cut off"])
def test_a_spoilt_file_is_named_and_made_again(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    VectorCache(tmp_path, "a", 2).of(["one"], Counting())
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(content)
    encode = Counting()
    with caplog.at_level(logging.WARNING):
        assert VectorCache(tmp_path, "a", 2).of(["one"], encode).tolist() == [[3, 1]]
    assert encode.asked == ["one"]
    assert file.name in caplog.text
    assert VectorCache(tmp_path, "a", 2).of(["one"], Counting()).tolist() == [[3, 1]]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        found = VectorCache(tmp_path / "file", "a", 2).of(["one"], Counting())
    assert found.tolist() == [[3, 1]]
    assert "cannot be kept" in caplog.text


def test_odd_texts_are_kept_too(tmp_path: Path) -> None:
    texts = ["", "\ud800", "x" * 10_000, "नमस्ते"]
    assert VectorCache(tmp_path, "a", 2).of(texts, Counting()).shape == (4, 2)
    assert VectorCache(tmp_path, "a", 2).of([], Counting()).shape == (0, 2)

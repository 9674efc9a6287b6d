"""An exported encoder gives the vectors of its model, takes any text, and says what is wrong with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import Encoder, EncoderMissing

TINY = Path(__file__).parent / "tiny"
NOISE = ["", " ", "x" * 10_000, "\ud800\udfff", "\x00\x07", "😀" * 50, "字字字", "a\u200db"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(TINY)


def test_vectors_are_those_of_the_exported_model(encoder: Encoder) -> None:
    expected = json.loads((TINY / "expected.json").read_text())
    found = encoder.encode([line["text"] for line in expected])
    cosines = (found * np.array([line["vector"] for line in expected])).sum(axis=1)
    assert cosines.min() > 0.98


def test_a_text_alone_and_in_a_batch_has_nearly_the_same_vector(encoder: Encoder) -> None:
    texts = ["hello", "where is my order", "is my order where"]
    batch = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert (batch * alone).sum(axis=1).min() > 0.98


def test_the_order_of_a_batch_is_kept(encoder: Encoder) -> None:
    texts = ["where is my order where is my order", "a", "hello"]
    forward, backward = encoder.encode(texts), encoder.encode(texts[::-1])
    assert (forward * backward[::-1]).sum(axis=1).min() > 0.98


@pytest.mark.parametrize("text", NOISE, ids=[ascii(text)[:12] for text in NOISE])
def test_any_text_has_a_unit_vector(encoder: Encoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert vector.shape == (encoder.dim,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_spellings_that_only_look_different_have_one_vector(encoder: Encoder) -> None:
    plain, wide = encoder.encode(["hello"]), encoder.encode(["ｈｅｌｌｏ\u00a0"])
    assert np.array_equal(plain, wide)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_a_caller_cannot_change_what_is_remembered(encoder: Encoder) -> None:
    first = encoder.encode(["hello"])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(encoder.encode(["hello"]), kept)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"nowhere.*bot\.encoder\.export"):
        Encoder.load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.onnx", b"broken"),
        ("pieces.tsv", b"what is this"),
        ("encoder.json", b"{"),
        ("encoder.json", b"[]"),
    ],
)
def test_a_broken_file_is_an_encoder_missing_and_no_other_error(
    tmp_path: Path, file: str, content: bytes
) -> None:
    folder = shutil.copytree(TINY, tmp_path / "encoder")
    (folder / file).write_bytes(content)
    with pytest.raises(EncoderMissing):
        Encoder.load(folder)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(TINY, tmp_path / "encoder")
    (folder / "model.onnx").unlink()
    with pytest.raises(EncoderMissing, match=r"model\.onnx is missing"):
        Encoder.load(folder)

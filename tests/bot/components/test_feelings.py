"""Signs beside words, and the head that learns how texts sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.feelings import Feeling
from bot.components.signs import spelt_out

GLAD = ["thank you", "great, thanks", "lovely service", "i love it", "wonderful shop", "so good"]
CROSS = ["this is awful", "terrible service", "i hate this", "worst shop", "awful awful", "so bad"]
TEXTS, LABELS = GLAD + CROSS, ["glad"] * len(GLAD) + ["cross"] * len(CROSS)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("WHERE IS IT", "xxloud"),
        ("sooooo good", "xxlong"),
        ("now!!", "xxbangs"),
        ("thanks :)", "xxsmile"),
        ("broken :(", "xxfrown"),
        ("what the f***", "xxcurse"),
        ("again??", "xxquestions"),
        ("great 😡", "pouting face"),
    ],
)
def test_signs_become_words(text: str, sign: str) -> None:
    assert sign in spelt_out(text)


@pytest.mark.parametrize("text", ["where is my order", "ok XL", "size 8)", "SO-100123", "सामान कहाँ है"])
def test_plain_words_have_no_signs(text: str) -> None:
    assert "xx" not in spelt_out(text)


@given(st.text(max_size=200))
def test_any_text_can_be_spelt_out(text: str) -> None:
    assert isinstance(spelt_out(text), str)


def vectors(texts: list[str]) -> dict[str, np.ndarray]:
    """One encoder that knows the labels, and one that has a vector of every other text."""
    sure = np.array([[1.0, 0.1] if text in GLAD else [0.1, 1.0] for text in texts], np.float32)
    some = np.array([[number % 2, 0.0, 1.0 * (number % 2)] for number in range(len(texts))], np.float32)
    return {"sure": sure, "some": some}


def test_vectors_tell_where_words_do_not() -> None:
    feeling = Feeling.learn(TEXTS, LABELS, vectors(TEXTS))
    assert feeling.read("never seen", {"sure": np.array([1, 0.1], np.float32)})["glad"] > 0.5
    assert feeling.read("never seen", {"sure": np.array([0.1, 1], np.float32)})["glad"] < 0.5


@pytest.mark.parametrize("known", [{}, {"another": np.ones(7, np.float32)}])
def test_without_the_encoders_it_learnt_with_words_do(known: dict[str, np.ndarray]) -> None:
    feeling = Feeling.learn(TEXTS, LABELS, vectors(TEXTS))
    assert feeling.read("awful, the worst", known)["cross"] > 0.5


@pytest.mark.parametrize("with_vectors", [True, False])
def test_what_is_kept_reads_as_what_was_learnt(tmp_path: Path, with_vectors: bool) -> None:
    learnt = Feeling.learn(TEXTS, LABELS, vectors(TEXTS) if with_vectors else None)
    learnt.save(tmp_path / "f.npz")
    loaded = Feeling.load(tmp_path / "f.npz")
    for text in (*TEXTS, "", "⁂"):
        for known in ({}, {"sure": np.array([1, 0.1], np.float32)}):
            shares = loaded.read(text, known)
            assert shares == learnt.read(text, known)
            assert sum(shares.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 broken"])
def test_a_broken_file_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.npz").write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        Feeling.load(tmp_path / "f.npz")

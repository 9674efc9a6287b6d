from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from actions.decisions.ngrams import DIM, NgramEncoder, count_vector

TEXTS = ["blue canvas sneaker", "red wrap dress", "brass table lamp", "black leather boot"]
ENCODER = NgramEncoder(np.stack([count_vector(text) for text in TEXTS]))


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
def test_any_text_is_a_unit_vector_or_nothing(texts: list[str]) -> None:
    vectors = ENCODER.encode(texts)
    assert vectors.shape == (len(texts), DIM)
    assert vectors.dtype == np.float32
    for length, text in zip(np.linalg.norm(vectors, axis=1), texts, strict=True):
        assert abs(length - (1 if text.split() else 0)) < 1e-5


@given(st.sampled_from(range(len(TEXTS))), st.integers(0, 10))
def test_a_text_with_a_typo_is_still_most_like_the_right_one(which: int, at: int) -> None:
    wrong = TEXTS[which][:at] + TEXTS[which][at + 1 :]
    assert int(np.argmax(ENCODER.encode(TEXTS) @ ENCODER.encode([wrong])[0])) == which


def test_another_process_gives_the_same_vector() -> None:
    code = """
import sys
from actions.decisions.ngrams import count_vector
sys.stdout.buffer.write(count_vector('ত lamp').tobytes())
"""
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert other.stdout == count_vector("ত lamp").tobytes()

"""What is reckoned in a quicker way comes out as in the plain one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components import kept, respelling, softmax
from bot.components.neighbours import BLOCK, highest
from bot.components.ngrams import Ngrams

WORDS = st.text("abcdef", max_size=9)


@given(WORDS, WORDS, st.integers(1, 9))
def test_the_distance_of_two_words_is_levenshteins(one: str, other: str, limit: int) -> None:
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, against in enumerate(other, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != against)))
        above = here
    assert respelling._distance(one, other, limit) == min(above[-1], limit)


@given(st.integers(0, 1_000), st.integers(1, 6), st.integers(0, 2 * BLOCK))
def test_the_highest_values_are_found_without_sorting_all(seed: int, most: int, more: int) -> None:
    values = np.random.default_rng(seed).random((3, 2 * most * BLOCK + more), np.float32)
    found = np.sort(np.take_along_axis(values, highest(values, most), axis=1), axis=1)
    assert np.array_equal(found, np.sort(values, axis=1)[:, -most:])


@given(st.lists(st.text("ab cd?!0é", max_size=12), min_size=1, max_size=8), st.integers(1, 2))
def test_ngrams_counted_once_are_those_counted_twice(texts: Sequence[str], least: int) -> None:
    plain = Ngrams.learn(texts, least)
    learnt, vectors = Ngrams.learn_with(texts, least)
    assert learnt.terms == plain.terms
    assert np.array_equal(learnt.weights, plain.weights)
    np.testing.assert_allclose(vectors.toarray(), plain.vectors(texts).toarray(), rtol=1e-5, atol=1e-6)


@given(st.integers(0, 1_000), st.floats(0.05, 20))
def test_the_temperature_is_that_of_the_least_surprise(seed: int, stretch: float) -> None:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, 60)
    logits = (random.normal(size=(60, 4)) + 2 * np.eye(4)[labels]).astype(np.float32) * np.float32(stretch)

    def surprise(scale: float) -> float:
        scaled = logits / scale
        return float((softmax.log_sum_exp(scaled) - scaled[np.arange(60), labels]).mean())

    least = min(map(surprise, np.geomspace(0.05, 20, 200)))
    assert surprise(softmax.temperature(logits, labels)) == pytest.approx(least, abs=1e-5)


def test_what_was_learnt_from_the_same_is_not_learnt_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SETU_HOME", str(tmp_path / "home"))
    times: list[str] = []

    def learn_into(folder: Path, made_from: str) -> bool:
        folder.mkdir()

        def learn() -> None:
            times.append(made_from)
            (folder / "model").write_text(made_from)

        return kept.learnt("moods", made_from, folder, learn)

    assert [learn_into(tmp_path / str(n), made_from) for n, made_from in enumerate("aab")] == [0, 1, 0]
    assert times == ["a", "b"]
    assert (tmp_path / "1" / "model").read_text() == "a"


def test_a_place_that_cannot_be_written_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("no folder")
    monkeypatch.setenv("SETU_HOME", str(tmp_path / "home"))
    (tmp_path / "made").mkdir()
    assert kept.learnt("moods", "a", tmp_path / "made", lambda: None) is False

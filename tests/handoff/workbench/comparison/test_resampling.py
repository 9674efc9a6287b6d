"""Chance: McNemar against known values, intervals that hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.comparison.figures import Comparison
from handoff.workbench.comparison.resampling import Difference, drawn, mcnemar
from tests.handoff.workbench.comparison.made import item, read


@pytest.mark.parametrize(
    ("fixed", "broken", "expected"),
    [
        (0, 0, 1.0),
        (7, 7, 1.0),
        (0, 1, 0.5),
        (0, 5, 0.03125),  # 2 · 1/32, less half of it
        (2, 10, 0.022461),  # (2 · 13 + 66) / 4096
        (1, 7, 0.039062),  # (2 · 1 + 8) / 256
        (6, 16, 0.034690),  # Fagerland, Lydersen & Laake 2013: exact .0525, mid-p .0347
    ],
)
def test_mcnemar_gives_the_mid_p_value(fixed: int, broken: int, expected: float) -> None:
    assert mcnemar(fixed, broken) == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_mcnemar_does_not_know_which_model_is_which(fixed: int, broken: int) -> None:
    p = mcnemar(fixed, broken)
    assert 0 <= p <= 1
    assert p == mcnemar(broken, fixed)


@given(st.integers(1, 200), st.integers(1, 30), st.integers(0, 9))
def test_a_draw_holds_as_many_messages_as_there_are(size: int, times: int, seed: int) -> None:
    draws = np.concatenate(list(drawn(size, times, seed)))
    assert draws.shape == (times, size)
    assert (draws.sum(axis=1) == size).all()


def test_draws_are_the_same_every_time() -> None:
    one, other = (np.concatenate(list(drawn(50, 600, 7))) for _ in range(2))
    assert (one == other).all()
    assert (one != np.concatenate(list(drawn(50, 600, 8)))).any()


def test_where_nothing_was_drawn_there_is_no_difference() -> None:
    assert Difference.of(float("nan"), np.array([np.nan])).told() == {
        "value": 0.0,
        "low": 0.0,
        "high": 0.0,
        "lower": 0.0,
        "higher": 0.0,
    }


def test_intervals_hold_the_true_difference_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(5)
    before, after, n, simulations = 0.85, 0.88, 200, 120
    held = 0
    for number in range(simulations):
        luck = random.random(n)  # messages that are hard are hard for both
        noise = random.random(n) < 0.5
        old = np.where(noise, luck, random.random(n)) < before
        new = np.where(noise, luck, random.random(n)) < after
        items = [item("track_order")] * n
        one, other = (
            [read("track_order" if right else "get_invoice") for right in rights] for rights in (old, new)
        )
        told = Comparison(items, one, other, times=300, seed=number).differences["accuracy"]
        held += told.low <= after - before <= told.high
    assert 0.90 <= held / simulations <= 0.99

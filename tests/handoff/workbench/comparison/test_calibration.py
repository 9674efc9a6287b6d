"""The calibration error: right on average, whatever the size of the set."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.comparison.calibration import Bins, Calibration
from handoff.workbench.comparison.items import Floats
from handoff.workbench.comparison.resampling import drawn


def simulated(n: int, off: float, seed: int) -> Calibration:
    """A model that is right ``off`` less often than it says."""
    random = np.random.default_rng(seed)
    sure = random.uniform(0.3, 0.9, n)
    right = random.random(n) < sure - off
    return Calibration.of(sure, right, np.ones(n), drawn(n, 100, seed))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_a_small_set_does_not_make_an_honest_model_look_off() -> None:
    found = [simulated(300, 0.0, seed) for seed in range(60)]
    plain, debiased = mean([one.plain for one in found]), mean([one.error for one in found])
    assert plain > 0.06
    assert debiased < 0.65 * plain  # what is left is the chance in the chance


@pytest.mark.parametrize("n", [300, 3000])
def test_a_model_that_is_off_is_seen_to_be_off_by_as_much(n: int) -> None:
    assert mean([simulated(n, 0.15, seed).error for seed in range(30)]) == pytest.approx(0.15, abs=0.015)


def test_the_interval_holds_the_truth() -> None:
    held = 0
    for seed in range(60):
        told = simulated(600, 0.1, seed).told()
        held += told["low"] <= 0.1 <= told["high"]
    assert held >= 51


def test_bins_have_equal_mass_and_at_least_twenty_messages() -> None:
    told = simulated(110, 0.0, 1).told()["bins"]
    assert [one["n"] for one in told] == [22] * 5
    assert all(before["high"] <= after["low"] for before, after in pairwise(told))


def test_without_messages_nothing_is_off() -> None:
    nothing: Floats = np.zeros(0)
    assert Calibration.of(nothing, np.zeros(0, dtype=bool), nothing, []).told()["ece"] == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_the_error_is_a_share(messages: list[tuple[float, bool]]) -> None:
    sure = np.array([one for one, _ in messages])
    right = np.array([two for _, two in messages])
    bins = Bins.of(sure, right)
    for debiased in (True, False):
        assert 0 <= float(bins.error(np.ones(len(sure)), debiased)) <= 1

"""How fast calls may follow each other, and how an outage is met."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.channels.base import Capabilities, Rate
from handoff.delivery.pace import PATIENCE, PROBES, Pace

FREE = Capabilities()


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def out(pace: Pace, inbox: str = "i") -> None:
    for number in range(PATIENCE):
        pace.silent(inbox, f"d{number}")


@given(
    st.lists(st.tuples(st.floats(0, 3), st.integers(0, 3)), max_size=80), st.integers(1, 5), st.integers(1, 4)
)
def test_no_stretch_of_time_sees_more_calls_than_the_rates_allow(
    steps: list[tuple[float, int]], burst: int, per_second: int
) -> None:
    time = Time()
    pace, can = Pace(time), Capabilities(rate=Rate(per_second, burst), contact_rate=Rate(1, 2))
    calls: list[tuple[float, int]] = []
    for after, contact in steps:
        time.now += after
        if pace.take("i", f"c{contact}", can) == 0:
            calls.append((time.now, contact))
    for n, (start, _) in enumerate(calls):
        for end, _ in calls[n:]:
            within = [who for at, who in calls if start <= at <= end]
            assert len(within) <= burst + (end - start) * per_second + 0.01
            for contact in set(within):
                assert within.count(contact) <= 2 + (end - start) + 0.01


def test_the_wait_is_told_and_enough(time: Time) -> None:
    pace, can = Pace(time), Capabilities(rate=Rate(2))
    assert pace.take("i", "a", can) == 0
    wait = pace.take("i", "b", can)
    assert wait == pytest.approx(0.5)
    time.now += wait
    assert pace.take("i", "b", can) == 0


def test_what_is_refused_takes_nothing(time: Time) -> None:
    pace, can = Pace(time), Capabilities(rate=Rate(1, 5), contact_rate=Rate(1, 1))
    assert pace.take("i", "a", can) == 0
    for _ in range(10):
        assert pace.take("i", "a", can) > 0
    assert [pace.take("i", f"b{n}", can) for n in range(4)] == [0] * 4


def test_a_pause_is_the_inboxs_own_or_one_contacts(time: Time) -> None:
    pace = Pace(time)
    pace.pause("i", 10)
    pace.pause("i", 5)
    pace.pause("j", 7, "a")
    assert (pace.wait("i", FREE), pace.wait("j", FREE)) == (10, 0)
    assert (pace.take("j", "a", FREE), pace.take("j", "b", FREE)) == (7, 0)
    time.now += 10
    assert (pace.take("i", "a", FREE), pace.take("j", "a", FREE)) == (0, 0)


def test_one_message_that_fails_is_no_outage(time: Time) -> None:
    pace = Pace(time)
    assert [pace.silent("i", "poison") for _ in range(20)] == [False] * 20
    assert pace.take("i", "a", FREE) == 0


def test_an_outage_is_met_by_one_call_at_a_time_ever_more_seldom(time: Time) -> None:
    pace = Pace(time)
    out(pace)
    calls = []
    for _ in range(20_000):
        time.now += 0.01
        if pace.take("i", "a", FREE) == 0:
            calls.append(time.now)
            assert pace.silent("i", "d")
    pauses = [after - before for before, after in pairwise(calls)]
    assert pauses == pytest.approx([*PROBES[1:], *[PROBES[-1]] * (len(pauses) - len(PROBES) + 1)], abs=0.02)
    assert pace.take("j", "a", FREE) == 0


def test_the_first_answer_ends_the_outage(time: Time) -> None:
    pace = Pace(time)
    out(pace)
    assert pace.take("i", "a", FREE) > 0
    pace.answered("i")
    assert [pace.take("i", f"c{n}", FREE) for n in range(5)] == [0] * 5

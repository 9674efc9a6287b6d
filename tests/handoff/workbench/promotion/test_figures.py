"""What a shadow has read, in counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.promotion.figures import MOST_PAIRS, added, as_json, bound_of, quantile
from tests.support.fake_models import reading

readings = st.builds(
    reading, st.sampled_from(["greet", "contact_human", "track_order"]), doubtful=st.booleans()
)
pairs = st.lists(st.tuples(readings, readings), max_size=20)
SURE, UNSURE, PERSON = reading("greet"), reading("greet", doubtful=True), reading("contact_human")


def test_differences_are_counted_by_what_each_would_have_done() -> None:
    told = as_json(added({}, [(SURE, SURE), (SURE, UNSURE), (SURE, PERSON), (UNSURE, UNSURE)], {}))
    assert (told["read"], told["same"], told["differ"]) == (4, 2, 2)
    assert sorted(told["by_intent"], key=lambda one: str(one["shadow"])) == [
        {"live": "greet", "shadow": None, "count": 1},
        {"live": "greet", "shadow": "contact_human", "count": 1},
    ]
    assert told["hand_offs"] == {"live": 0.0, "shadow": 25.0}
    assert told["doubts"] == {"live": 25.0, "shadow": 50.0}


def test_doubting_in_two_ways_is_the_same_to_a_customer() -> None:
    other = reading("track_order", doubtful=True)
    assert as_json(added({}, [(UNSURE, other)], {}))["differ"] == 0


def test_nothing_read_yet_is_no_error() -> None:
    told = as_json({})
    assert (told["read"], told["same"], told["by_intent"]) == (0, 0, [])
    assert told["latency"]["live"] == {"p50": None, "p95": None}


@given(pairs, pairs)
def test_batches_add_up_to_what_one_batch_would_say(one: list, two: list) -> None:  # type: ignore[type-arg]
    together = as_json(added({}, [*one, *two], {"live": [3.0] * len(one)}))
    after = as_json(added(added({}, one, {"live": [3.0] * len(one)}), two, {}))
    assert {**after, "by_intent": None} == {**together, "by_intent": None}
    assert sorted(map(str, after["by_intent"])) == sorted(map(str, together["by_intent"]))


@given(st.lists(st.floats(0.1, 5_000), min_size=1, max_size=60), st.sampled_from([0.5, 0.95]))
def test_a_quantile_is_at_most_a_tenth_too_high(times: list[float], share: float) -> None:
    counts: dict[str, int] = {}
    for one in times:
        counts[str(bound_of(one))] = counts.get(str(bound_of(one)), 0) + 1
    exact = sorted(times)[max(0, -(-round(share * len(times) * 1000) // 1000) - 1)]
    told = quantile(counts, share)
    assert told is not None
    assert exact <= told + 0.05
    assert told <= max(1.0, exact * 1.1) + 0.1 or exact < 1.0


def test_pairs_do_not_grow_without_end() -> None:
    figures = added({}, [(reading(f"a{number}"), reading("b")) for number in range(2 * MOST_PAIRS)], {})
    assert len(figures["by_intent"]) == MOST_PAIRS
    assert as_json(figures)["differ"] == 2 * MOST_PAIRS


@pytest.mark.parametrize(("milliseconds", "bound"), [(0.0, 0), (1.0, 0), (1.05, 1), (1e12, 200)])
def test_times_have_a_bound_however_long(milliseconds: float, bound: int) -> None:
    assert bound_of(milliseconds) == bound

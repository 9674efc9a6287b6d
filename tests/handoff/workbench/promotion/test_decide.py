"""Which model may go live, what was before, what each server lacks, what may be removed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.promotion.decide import (
    PROMOTED_KEPT,
    TRAINED_KEPT,
    Held,
    Step,
    Wanted,
    failed_lines,
    former,
    stack,
    state_of,
    steps,
    to_keep,
)

A, B = Wanted("a", "1"), Wanted("b", "2")
names = st.sampled_from("abcd")
models = st.sampled_from([A, B, Wanted("c", "3")])
held = st.builds(Held, st.none() | models, st.none() | models, st.none() | models)
fleets = st.dictionaries(st.sampled_from(["x", "y", "z"]), st.none() | held)


def test_a_verdict_that_passed_speaks_for_a_model_and_a_failed_line_against_it() -> None:
    good, bad = {"code": "ece", "passed": True}, {"code": "macro_f1", "passed": False}
    assert failed_lines({"passed": True, "lines": [good]}, "a", "a") == []
    assert failed_lines({"passed": False, "lines": [good, bad]}, "a", "a") == [bad]
    assert [one["code"] for one in failed_lines({"passed": False, "lines": []}, None, "a")] == [
        "not_compared"
    ]
    assert [one["code"] for one in failed_lines(None, None, None)] == ["not_compared"]


@given(st.lists(names, min_size=1, unique=True, max_size=4))
def test_rolling_back_again_and_again_goes_back_through_all_that_were_live(order: list[str]) -> None:
    history = [("first", order[0]), *(("promote", name) for name in order[1:])]
    back = []
    while (name := former(history)) is not None:
        history.append(("roll_back", name))
        back.append(name)
    assert back == order[-2::-1]


@given(st.lists(st.none() | names, max_size=12))
def test_the_live_model_is_always_the_last_one_on_record(wishes: list[str | None]) -> None:
    history = [("first", "a")]
    for wish in wishes:
        if wish is not None:
            history.append(("promote", wish))
        elif (name := former(history)) is not None:
            history.append(("roll_back", name))
    models = stack(history)
    assert models[-1] == history[-1][1]
    assert former(history) != models[-1]


def _after(seen: dict[str, Held | None], done: list[Step]) -> dict[str, Held | None]:
    told = dict(seen)
    for step in done:
        was = told[step.server]
        assert was is not None, "nothing is asked of a server that is away"
        live, shadow = (step.model, was.shadow) if step.role == "live" else (was.live, step.model)
        told[step.server] = Held(live, shadow, was.spare)
    return told


@given(fleets, models, st.none() | models)
def test_the_steps_bring_all_servers_that_answer_to_what_is_wished(
    seen: dict[str, Held | None], live: Wanted, shadow: Wanted | None
) -> None:
    after = _after(seen, steps(seen, live, shadow))
    up = [one for one in after.values() if one is not None]
    assert all(one.live == live for one in up)
    assert [one.shadow for one in up if one.shadow is not None] == ([shadow] if shadow and up else [])
    assert steps(after, live, shadow) == []


def test_a_server_that_has_refused_is_not_asked_and_another_one_reads_along() -> None:
    seen = {"x": Held(A), "y": Held(A)}
    assert steps(seen, B, None, {("x", B.sha256)}) == [Step("y", "live", B)]
    assert steps(seen, A, B, {("x", B.sha256)}) == [Step("y", "shadow", B)]


def test_a_server_is_well_behind_away_or_failed() -> None:
    assert state_of(None, A, None) == "away"
    assert state_of(Held(A), A, "it was too big once") == "ok"
    assert state_of(Held(B), A, None) == "behind"
    assert state_of(Held(B), A, "no") == "failed"
    assert state_of(Held(B), None, None) == "ok"


@given(st.lists(names, max_size=30), st.lists(names, unique=True), st.sets(names))
def test_what_is_live_and_in_use_is_kept_and_no_more_than_a_few(
    promoted: list[str], trained: list[str], in_use: set[str]
) -> None:
    kept = to_keep(promoted, trained, in_use)
    assert in_use <= kept
    assert set(promoted[:1]) <= kept
    assert len(kept) <= PROMOTED_KEPT + TRAINED_KEPT + len(in_use)

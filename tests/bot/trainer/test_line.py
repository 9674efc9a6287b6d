"""Whatever line comes in, one answer goes out, and the process goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.trainer.line import Refused, Tell, answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=12,
)
REQUEST = st.fixed_dictionaries(
    {}, optional={"id": JSON, "do": st.sampled_from(["count", "fail", "refuse", "fly"]) | JSON, "to": JSON}
)


def count(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    tell("counting", 0.5)
    return {"counted": asked["to"] + 1}


def fail(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    return {"infinite": float("inf")}


def refuse(asked: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    raise Refused("not_now", "another time")


def said(line: str) -> list[dict[str, Any]]:
    told: list[str] = []
    answer(line, {"count": count, "fail": fail, "refuse": refuse}, told.append)
    assert all("\n" not in one for one in told)
    return [json.loads(one) for one in told]


@given(st.text() | REQUEST.map(json.dumps) | JSON.map(json.dumps))
@example("[" * 100_000)
@example("1" * 5_000)
@example('{"id": 1e999, "do": "count"}')
@example('{"id": {}, "do": "count", "to": NaN}')
@example('{"id": "\\ud800", "do": "\\ud800"}')
def test_any_line_gets_exactly_one_answer(line: str) -> None:
    answers = [one for one in said(line) if "progress" not in one]
    assert len(answers) == 1
    assert answers[0].keys() in ({"id", "done"}, {"id", "failed"})


def test_progress_comes_before_the_answer_under_the_same_name() -> None:
    assert said('{"id": 7, "do": "count", "to": 1}') == [
        {"id": 7, "progress": {"step": "counting", "share": 0.5}},
        {"id": 7, "done": {"counted": 2}},
    ]


def test_a_refusal_says_its_code_and_its_reason() -> None:
    assert said('{"id": "a", "do": "refuse"}') == [
        {"id": "a", "failed": {"code": "not_now", "message": "another time"}}
    ]


def test_an_answer_that_is_no_json_is_a_failure_not_the_end() -> None:
    assert said('{"id": 1, "do": "fail"}')[0]["failed"]["code"] == "failed"

"""Figures of two models over the same messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from handoff.conversations.policy import Thresholds
from handoff.workbench.comparison.figures import Comparison
from handoff.workbench.comparison.items import Item, Reading
from handoff.workbench.comparison.report import understanding
from tests.handoff.workbench.comparison.made import boards, item, items, read, readings

FEW = {"times": 60}
QUIET = settings(max_examples=25, deadline=None)


def report(rows: list[tuple[Item, Reading, Reading]]) -> dict[str, Any]:
    things, champion, challenger = (list(column) for column in zip(*rows, strict=True))
    return understanding(things, champion, challenger, Thresholds(), {}, talks=20, **FEW)


def test_shares_are_of_all_messages_and_accuracy_of_those_within_scope() -> None:
    rows = [
        (item("track_order"), read("track_order")),
        (item("track_order"), read("get_invoice", 0.97)),  # wrong with confidence
        (item("get_invoice"), read("get_invoice", 0.4, doubtful=True)),  # right, but asks back
        (item(), read("track_order", 0.6)),  # out of scope, and answered
        (item(), read("track_order", 0.3, doubtful=True)),
    ]
    told = understanding([a for a, _ in rows], None, [b for _, b in rows], Thresholds(), {})["overall"]
    assert told["champion"] is None
    assert told["difference"] is None
    figures = told["challenger"]
    assert figures["n"] == 5
    assert figures["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["macro_f1"] == pytest.approx(2 / 3, abs=1e-4)  # both intents: 2 · 1 / (2 + 1)
    assert (figures["answered"], figures["asked"], figures["wrong"]) == (0.6, 0.4, 0.4)
    assert (figures["oos_recall"], figures["oos_n"]) == (0.5, 2)
    assert figures["confident_wrong"] == 0.2


def test_two_wishes_are_read_rightly_when_one_is_and_served_when_both_are() -> None:
    both = item("track_order", "get_invoice")
    found = [
        Reading("get_invoice", 0.9, False, ("track_order", "get_invoice")),
        Reading("get_invoice", 0.9, False),
        read("cancel_order"),
    ]
    figures = understanding([both] * 3, None, found, Thresholds(), {})["overall"]["challenger"]
    assert figures["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["two_wishes"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["two_wishes_n"] == 3


@given(st.lists(st.tuples(items.filter(lambda one: len(one.wishes) == 1), readings), min_size=1, max_size=40))
def test_macro_f1_is_that_of_the_intents_that_are_meant(rows: list[tuple[Item, Reading]]) -> None:
    told = Comparison([a for a, _ in rows], None, [b for _, b in rows], **FEW)
    meant = [one.truth for one, _ in rows]
    expected = f1_score(
        meant,
        [one.intent for _, one in rows],
        labels=sorted(set(meant)),
        average="macro",
        zero_division=0,
        sample_weight=[one.weight for one, _ in rows],
    )
    assert told.scores(told.challenger).macro_f1[0] == pytest.approx(expected)


@given(boards)
@QUIET
def test_a_model_does_not_differ_from_itself(rows: list[tuple[Item, Reading, Reading]]) -> None:
    told = report([(one, first, first) for one, first, _ in rows])
    assert told["overall"]["champion"] == told["overall"]["challenger"]
    assert told["mcnemar"] == {"fixed": 0, "broken": 0, "p": 1.0}
    assert told["fixed"] == told["broken"] == []
    differences = [*told["overall"]["difference"].values()]
    differences += [one["difference"] for part in ("intents", "languages", "scripts") for one in told[part]]
    assert all(value == 0 for difference in differences for value in difference.values())


@given(boards)
@QUIET
def test_exchanging_the_models_mirrors_the_report(rows: list[tuple[Item, Reading, Reading]]) -> None:
    told = report(rows)
    mirrored = report([(one, second, first) for one, first, second in rows])
    assert mirrored["overall"]["champion"] == told["overall"]["challenger"]
    assert mirrored["curve"]["champion"] == told["curve"]["challenger"]
    assert (mirrored["fixed"], len(mirrored["fixed"])) == (
        [_turned(c) for c in told["broken"]],
        told["mcnemar"]["broken"],
    )
    assert mirrored["mcnemar"]["p"] == told["mcnemar"]["p"]
    for name, there in told["overall"]["difference"].items():
        _mirrors(there, mirrored["overall"]["difference"][name])
    back = {one["intent"]: one["difference"] for one in mirrored["intents"]}
    for one in told["intents"]:
        _mirrors(one["difference"], back[one["intent"]])


def _turned(case: dict[str, Any]) -> dict[str, Any]:
    return case | {"champion": case["challenger"], "challenger": case["champion"]}


def _mirrors(there: dict[str, float], back: dict[str, float]) -> None:
    assert back["value"] == pytest.approx(-there["value"], abs=2e-5)
    assert (back["low"], back["high"]) == pytest.approx((-there["high"], -there["low"]), abs=2e-5)
    assert (back["lower"], back["higher"]) == (there["higher"], there["lower"])


@given(boards)
@QUIET
def test_a_weight_counts_as_often_as_it_says(rows: list[tuple[Item, Reading, Reading]]) -> None:
    one = report([(Item(a.text, a.wishes, a.language, a.script, 2.0), b, c) for a, b, c in rows])
    twice = report(
        [(Item(a.text, a.wishes, a.language, a.script, 1.0), b, c) for a, b, c in rows for _ in range(2)]
    )
    shares = ("accuracy", "macro_f1", "answered", "wrong", "asked", "oos_recall", "confident_wrong")
    for who in ("champion", "challenger"):
        weighted, counted = one["overall"][who], twice["overall"][who]
        assert [weighted[s] for s in shares] == pytest.approx([counted[s] for s in shares], abs=2e-5)


@given(boards)
@QUIET
def test_answering_less_never_gets_more_wrong(rows: list[tuple[Item, Reading, Reading]]) -> None:
    told = report(rows)
    for points in (told["curve"]["champion"], told["curve"]["challenger"]):
        answered, wrong = [p["answered"] for p in points], [p["wrong"] for p in points]
        assert answered == sorted(answered, reverse=True)
        assert wrong == sorted(wrong, reverse=True)
        assert (answered[-1], wrong[-1]) == (0.0, 0.0)
        assert answered[0] == pytest.approx(1.0)


def test_what_was_fixed_and_what_broke_is_told_the_surest_first() -> None:
    good, bad = read("track_order"), read("get_invoice", 0.5)
    worse = read("get_invoice", 0.8)
    rows = [
        (item("track_order", text="now worse"), good, bad),
        (item("track_order", text="now much worse"), good, worse),
        (item("track_order", text="better"), bad, good),
        (item("track_order", text="as before"), good, good),
        (item(text="now answered"), read("track_order", 0.2, doubtful=True), read("track_order", 0.6)),
    ]
    told = report(rows)
    assert [one["text"] for one in told["broken"]] == ["now much worse", "now answered", "now worse"]
    assert [one["text"] for one in told["fixed"]] == ["better"]
    assert told["broken"][1]["truth"] == "out_of_scope"
    assert told["broken"][0]["challenger"] == {"intent": "get_invoice", "confidence": 0.8, "doubtful": False}
    confused = {(one["truth"], one["read"]): one["count"] for one in told["confusions"]["challenger"]}
    assert confused == {("track_order", "get_invoice"): 2, ("out_of_scope", "track_order"): 1}


def test_an_intent_with_twenty_messages_is_enough_to_be_judged() -> None:
    rows = [(item("track_order"), read("track_order"), read("track_order"))] * 20
    rows += [(item("get_invoice"), read("get_invoice"), read("track_order"))] * 19
    told = {one["intent"]: one for one in report(rows)["intents"]}
    assert (told["track_order"]["n"], told["track_order"]["enough"]) == (20, True)
    assert (told["get_invoice"]["n"], told["get_invoice"]["enough"]) == (19, False)
    assert told["get_invoice"]["challenger"]["recall"] == 0.0
    assert told["get_invoice"]["difference"]["value"] == -1.0

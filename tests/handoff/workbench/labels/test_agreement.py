"""Kappa and alpha against published and worked examples, and when they say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from handoff.workbench.labels.agreement import LEAST, agreement, apart, by_meaning, by_person


def pairs(**counts: int) -> list[dict[str, str]]:
    """``yes_no=5``: five utterances that ann called yes and bo no."""
    return [
        {"ann": key.split("_")[0], "bo": key.split("_")[1]} for key, n in counts.items() for _ in range(n)
    ]


def test_two_people_agree_by_cohens_kappa() -> None:
    # 50 proposals, 20 yes/yes, 15 no/no: p_o .70, p_e .50, a textbook's example
    found = agreement(pairs(yes_yes=20, yes_no=5, no_yes=10, no_no=15))
    assert found.method == "cohen"
    assert found.value == pytest.approx(0.4)
    assert (found.doubly, found.agreed) == (50, 35)
    assert found.low is not None
    assert found.high is not None
    # The formula for large samples gives .4 ± 1.96 · .13
    assert found.low == pytest.approx(0.15, abs=0.06)
    assert found.high == pytest.approx(0.65, abs=0.06)


def test_more_people_agree_by_krippendorffs_alpha() -> None:
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four observers, nominal
    rows = {
        "a": "1 2 3 3 2 1 4 1 2 . . .",
        "b": "1 2 3 3 2 2 4 1 2 5 . 3",
        "c": ". 3 3 3 2 3 4 2 2 5 1 .",
        "d": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    cells = {who: row.split() for who, row in rows.items()}
    units = [{who: row[n] for who, row in cells.items() if row[n] != "."} for n in range(12)]
    found = agreement(units)
    assert found.method == "krippendorff"
    assert found.doubly == 11  # the last was seen by one alone
    assert found.value == pytest.approx(0.743, abs=0.0005)


def test_too_few_utterances_give_no_figure_but_a_reason() -> None:
    found = agreement(pairs(yes_yes=LEAST - 1))
    assert (found.value, found.low, found.reason) == (None, None, "too_few")


def test_where_all_was_called_the_same_chance_cannot_be_told_from_agreement() -> None:
    found = agreement(pairs(yes_yes=40))
    assert (found.value, found.reason, found.agreed) == (None, "one_meaning", 40)


def test_the_same_labels_give_the_same_interval() -> None:
    units = pairs(a_a=20, a_b=5, b_b=20, c_a=4)
    assert agreement(units) == agreement(units)


labels = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=LEAST, max_size=60)


@settings(max_examples=40)
@given(labels)
def test_kappa_is_that_of_scikit_learn(said: list[tuple[str, str]]) -> None:
    found = agreement([{"ann": one, "bo": other} for one, other in said])
    if found.reason:
        assert len({label for pair in said for label in pair}) == 1
        return
    assert found.value == pytest.approx(cohen_kappa_score(*zip(*said, strict=True)))
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.high


def test_full_agreement_is_one_and_stays_one() -> None:
    found = agreement(pairs(a_a=10, b_b=10))
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_the_meaning_most_quarrelled_over_comes_first() -> None:
    units = pairs(a_a=3, a_b=2, c_c=4)
    assert by_meaning(units) == [("b", 2, 0), ("a", 5, 3), ("c", 4, 4)]
    assert apart(units) == [(("a", "b"), 2)]


def test_who_differs_from_the_others_is_seen() -> None:
    units = [{"ann": "a", "bo": "a", "cy": "b"}] * 4 + [{"ann": "a", "bo": "a"}]
    assert by_person(units) == [("ann", 5, 5), ("bo", 5, 5), ("cy", 4, 0)]

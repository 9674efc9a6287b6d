"""Limits of doubt are chosen by what mistakes cost, for each language with texts enough."""

from __future__ import annotations

import numpy as np
import pytest

from bot.components.limits import CAUTIOUS, Costs, Judged, Limits, choose


def judged(texts: int = 1_000, foreign: int = 100, seed: int = 0) -> Judged:
    """Best readings that are right as often as they claim; foreign texts with low scope."""
    random = np.random.default_rng(seed)
    best = random.uniform(0.2, 1, texts + foreign)
    outside = np.arange(texts + foreign) >= texts
    right = (random.uniform(size=texts + foreign) < best) & ~outside
    scope = np.where(outside, random.uniform(0, 0.06, texts + foreign), random.uniform(size=texts + foreign))
    call = np.zeros(texts + foreign, bool)
    return Judged(best, (1 - best) / 2, scope, right, call, outside)


def asked(data: Judged, limits: Limits) -> np.ndarray:
    lead = data.best - data.second
    return (data.best < limits.confidence) | (lead < limits.margin) | (data.scope < limits.in_scope)


def test_a_dearer_mistake_makes_more_cautious() -> None:
    data = judged()
    groups = [""] * len(data.best)
    shares = [asked(data, choose(data, groups, Costs(wrong=cost))[""]).mean() for cost in (0.2, 1, 5)]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]


def test_a_needless_call_costs_its_own_price() -> None:
    data = judged()
    calling = Judged(data.best, data.second, data.scope, data.right, ~data.call, data.foreign)
    groups = [""] * len(data.best)
    costs = Costs(wrong=0.2, hand_off=5)
    plain, called = choose(data, groups, costs)[""], choose(calling, groups, costs)[""]
    assert asked(calling, called).mean() > asked(data, plain).mean()


def test_where_nothing_is_foreign_scope_is_held_by_the_usual_share() -> None:
    data = judged(foreign=0)
    assert choose(data, [""] * len(data.best), Costs())[""].in_scope == CAUTIOUS


def test_a_language_with_few_texts_goes_by_the_common_limits() -> None:
    data = judged()
    groups = ["en"] * 950 + ["bn"] * 50 + ["en"] * 100
    assert choose(data, groups, Costs()).keys() == {"", "en"}


@pytest.mark.parametrize("given", [{"wrng": 1}, {"wrong": -1}, {"wrong": "much"}])
def test_costs_that_nobody_understands_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="costs"):
        Costs.read(given)

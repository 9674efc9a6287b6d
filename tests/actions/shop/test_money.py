from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from actions import locale
from actions.shop.reference import Reference

PRICES = Reference.load().prices
currencies = st.sampled_from(sorted(PRICES.rates))
amounts = st.integers(1, 10**9)


@given(amounts, currencies)
def test_a_price_is_never_nothing_and_always_a_round_amount(base: int, currency: str) -> None:
    price = PRICES.price(base, currency)
    assert price > 0
    assert locale.amount(price, currency) % PRICES.steps[currency] == 0


@given(amounts, amounts, currencies)
def test_dearer_things_are_never_shown_cheaper(one: int, other: int, currency: str) -> None:
    low, high = sorted((one, other))
    assert PRICES.price(low, currency) <= PRICES.price(high, currency)


@given(amounts, currencies)
def test_a_budget_allows_exactly_what_is_shown_within_it(budget: int, currency: str) -> None:
    ceiling = PRICES.ceiling(budget, currency)
    assert ceiling < 0 or PRICES.price(max(ceiling, 1), currency) <= budget or ceiling == 0
    assert PRICES.price(ceiling + 1, currency) > budget or ceiling + 1 == 0


@given(amounts, currencies)
def test_rounding_moves_a_price_by_half_a_step_at_most(base: int, currency: str) -> None:
    exact = locale.amount(base, PRICES.base) * PRICES.rates[currency]
    step = PRICES.steps[currency]
    if exact >= step:
        assert abs(locale.amount(PRICES.price(base, currency), currency) - exact) <= step / 2


def test_nothing_is_shown_as_nothing() -> None:
    assert {PRICES.price(0, currency) for currency in PRICES.rates} == {0}


def test_each_country_pays_in_its_currency_and_the_rest_in_one() -> None:
    countries = ("IN", "BD", "GR", "IR", "US", "BR", "", None)
    assert [PRICES.currency_of(c) for c in countries] == [
        "INR",
        "BDT",
        "EUR",
        "IRR",
        "USD",
        "USD",
        "USD",
        "USD",
    ]

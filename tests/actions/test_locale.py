from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import locale

CURRENCIES = ("INR", "BDT", "EUR", "IRR", "USD", "KWD")
LOCALES = ("en-IN", "hi-IN", "bn-BD", "bn-IN", "fa-IR", "el-GR", "en-US", "en-IE")


@pytest.mark.parametrize(
    ("minor", "currency", "tag", "written"),
    [
        (12345600, "INR", "en-IN", "₹1,23,456.00"),
        (12345600, "INR", "hi-IN", "₹1,23,456.00"),
        (12345600, "BDT", "bn-BD", "১,২৩,৪৫৬.০০৳"),
        (12345600, "USD", "en-US", "$123,456.00"),
        (12345600, "EUR", "el-GR", "123.456,00\xa0€"),
        (12345600, "KWD", "en-US", "KWD12,345.600"),
    ],
)
def test_money_is_written_as_the_locale_writes_it(minor: int, currency: str, tag: str, written: str) -> None:
    assert locale.money(minor, currency, tag) == written


def test_persian_money_is_counted_in_tomans() -> None:
    assert locale.money(6550000, "IRR", "fa-IR") == "۶۵۵٬۰۰۰ تومان"
    assert locale.money(6550000, "IRR", "fa") == "۶۵۵٬۰۰۰ تومان"


def test_rials_that_make_no_tomans_and_rials_in_other_languages_stay_rials() -> None:
    assert "۶٬۵۵۰٬۰۰۱" in locale.money(6550001, "IRR", "fa-IR")
    assert locale.money(6550000, "IRR", "en-US") == "IRR6,550,000"


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("short", "۱۴۰۵/۰۸/۱۲"),
        ("medium", "۱۲ آبان ۱۴۰۵"),
        ("long", "۱۲ آبان ۱۴۰۵"),
        ("full", "سه‌شنبه ۱۲ آبان ۱۴۰۵"),
    ],
)
def test_persian_days_are_of_the_persian_calendar(style: str, written: str) -> None:
    assert locale.day(date(2026, 11, 3), "fa-IR", style=style) == written


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("hi-IN", "3 नवंबर 2026"),
        ("bn-BD", "৩ নভেম্বর, ২০২৬"),
        ("bn-IN", "৩ নভেম্বর, ২০২৬"),
        ("el-GR", "3 Νοεμβρίου 2026"),
    ],
)
def test_days_are_written_in_each_language(tag: str, written: str) -> None:
    assert locale.day(date(2026, 11, 3), tag) == written


def test_a_persian_year_begins_at_its_new_year() -> None:
    assert locale.day(date(2026, 3, 20), "fa") == "۲۹ اسفند ۱۴۰۴"
    assert locale.day(date(2026, 3, 21), "fa") == "۱ فروردین ۱۴۰۵"


@given(st.integers(-(10**12), 10**12), st.sampled_from(CURRENCIES))
def test_minor_units_and_amounts_are_the_same_money(minor: int, currency: str) -> None:
    amount = locale.amount(minor, currency)
    assert isinstance(amount, Decimal)
    assert locale.minor(amount, currency) == minor


@given(st.integers(0, 10**12), st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_written_money_still_has_every_digit(minor: int, currency: str, tag: str) -> None:
    digits = "".join(str(int(char)) for char in locale.money(minor, currency, tag) if char.isdecimal())
    tomans = currency == "IRR" and tag == "fa-IR" and minor % 10 == 0
    assert int(digits) == (minor // 10 if tomans else minor)


def test_a_fraction_of_the_minor_unit_is_no_money() -> None:
    with pytest.raises(ValueError, match="fraction"):
        locale.minor(Decimal("1.005"), "EUR")
    with pytest.raises(ValueError, match="fraction"):
        locale.minor(Decimal("0.5"), "IRR")


@pytest.mark.parametrize(
    "tag", ["xx-YY", "", None, "e", "en_Zzzz", "-", "de-XX-nonsense", "\ud800", "x" * 500]
)
def test_an_unknown_locale_still_gets_an_answer(tag: str | None) -> None:
    assert "5" in locale.money(500, "EUR", tag)


def test_a_locale_is_taken_by_its_language_when_its_country_is_unknown() -> None:
    assert locale.parse("el-ZZ").language == "el"
    assert locale.parse("en_IN").territory == "IN"


def test_days_and_times_are_told_in_the_zone_asked_for() -> None:
    late = datetime(2026, 11, 21, 20, 5, tzinfo=UTC)
    assert locale.day(late, "en-IN", "Asia/Kolkata") == "22 November 2026"
    assert locale.day(date(2026, 11, 21), "el-GR") == "21 Νοεμβρίου 2026"
    assert locale.clock(time(18, 5), "fa-IR") == "۱۸:۰۵"
    assert locale.clock(late, "en-IE", "Asia/Kolkata") == "01:35"
    assert locale.moment(late, "bn-BD", "Asia/Dhaka").startswith("২২ নভে")


def test_lists_end_as_the_language_ends_them() -> None:
    assert locale.items(["a", "b", "c"], "en-US") == "a, b, and c"
    assert locale.items(["a", "b"], "el-GR", "or") == "a ή b"
    assert locale.items([], "en") == ""


def test_a_row_has_the_comma_of_its_script() -> None:
    assert locale.row(["a", "b"], "el-GR") == "a, b"
    assert locale.row(["a", "b"], "fa-IR") == "a، b"


def test_only_persian_of_ours_is_written_from_the_right() -> None:
    assert [tag for tag in LOCALES if locale.right_to_left(tag)] == ["fa-IR"]


@pytest.mark.parametrize(
    ("tag", "country"), [("bn", "BD"), ("fa", "IR"), ("en-IE", "IE"), ("hi", "IN"), ("zz", "US")]
)
def test_a_language_alone_has_its_likely_country(tag: str, country: str) -> None:
    assert locale.country(tag) == country

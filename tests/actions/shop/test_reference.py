from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop.reference import Reference
from actions.shop.vocabulary import Vocabulary, fold

SHOP = Reference.load()


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ("dress", ["women/dresses", "kids/dresses"]),
        ("women's dresses", ["women/dresses"]),
        ("WOMEN’S DRESSES", ["women/dresses"]),
        ("jeans for men", ["men/jeans"]),
        ("shoes for women", ["shoes"]),
        ("लाल साड़ी", ["women/sarees"]),
        ("lal sari", ["women/sarees"]),
        ("kala joota", ["shoes"]),
        ("নীল শাড়িটা", ["women/sarees"]),
        ("ছেলেদের শার্ট", ["men/shirts"]),
        ("کفش‌های مشکی", ["shoes"]),
        ("κόκκινα φορέματα", ["women/dresses", "kids/dresses"]),
        ("black জুতা", ["shoes"]),
        ("sneekers", ["shoes/sneakers"]),
        ("home", ["home"]),
        ("home/rugs", ["home/rugs"]),
        ("a spaceship", []),
        ("", []),
    ],
)
def test_a_category_is_known_by_its_words(said: str, paths: list[str]) -> None:
    assert SHOP.category(said) == paths


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("crimson", "red"),
        ("Navy Blue", "navy"),
        ("burgundi", "maroon"),
        ("off-white", "white"),
        ("loud", None),
        ("लाल", "red"),
        ("kaali", "black"),
        ("লাল রঙের", "red"),
        ("مشکی", "black"),
        ("ΜΑΎΡΕΣ", "black"),
        ("i have saved it", None),
    ],
)
def test_a_colour_is_known_by_other_words(said: str, colour: str | None) -> None:
    assert SHOP.colour(said) == colour


@pytest.mark.parametrize(
    ("said", "brand"), [("norvele", "Norvelle"), ("hearth and hem", "Hearth & Hem"), ("Acme", None)]
)
def test_a_brand_is_known_despite_a_typo(said: str, brand: str | None) -> None:
    assert SHOP.brand(said) == brand


@pytest.mark.parametrize(
    ("group", "said", "size"),
    [
        ("shoes", "uk 8", "42"),
        ("shoes", "size 42", "42"),
        ("clothes", "Medium", "M"),
        ("clothes", "extra large", "XL"),
        ("waist", "W32", "32"),
        ("kids", "5", "4-5Y"),
        ("bed", "queen size", "double"),
        ("shoes", "M", None),
        ("hats", "M", None),
    ],
)
def test_a_size_is_known_by_other_systems(group: str, said: str, size: str | None) -> None:
    assert SHOP.size(group, said) == size


def test_the_size_chart_gives_the_smallest_size_that_fits_all_measures() -> None:
    clothes = SHOP.size_groups["clothes"]
    assert clothes.fits({"chest": 90}) == "M"
    assert clothes.fits({"chest": 90, "waist": 84}) == "L"
    assert clothes.fits({"chest": 300}) is None
    assert clothes.fits({"foot": 24}) is None


def test_charts_cover_every_size_and_measure_without_overlap() -> None:
    for group in SHOP.size_groups.values():
        for i in range(len(group.measures)):
            spans = [group.chart[size][i] for size in group.sizes]
            assert all(low < high for low, high in spans)
            assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_every_size_has_one_group_that_calls_it_so_or_is_asked_about() -> None:
    assert SHOP.groups_of_size("M") == {"clothes": "M"}
    assert set(SHOP.groups_of_size("36")) == {"waist", "shoes"}
    assert SHOP.groups_of_size("enormous") == {}


@pytest.mark.parametrize(
    ("said", "name"),
    [("দিল্লিতে", "Delhi"), ("ঢাকায়", "Dhaka"), ("تهران", "Tehran"), ("Αθήνα", "Athens"), ("मुंबई में", "Mumbai")],
)
def test_a_city_is_known_in_other_scripts(said: str, name: str) -> None:
    place = SHOP.place(said)
    assert place is not None
    assert place.name == name


def test_a_city_is_known_by_its_old_name() -> None:
    place = SHOP.place("somewhere in Bangalore")
    assert place is not None
    assert (place.name, place.country) == ("Bengaluru", "IN")


def test_delivery_is_priced_in_the_customers_money_and_skips_days_off() -> None:
    standard = SHOP.delivery_options("GR")[0]
    assert standard.fee % 50 == 0
    friday = date(2026, 11, 20)
    assert SHOP.delivery_dates("GR", standard, friday) == (date(2026, 11, 26), date(2026, 12, 1))
    assert SHOP.delivery_options("ZZ")[0].name == "standard"


def test_tiers_rise_with_the_spend() -> None:
    assert [SHOP.tier(spend).name for spend in (0, 1499999, 1500000, 4000000)] == [
        "silver", "silver", "gold", "platinum",
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    assert all(path in SHOP.categories or path in SHOP.departments for path in SHOP.category(text))
    assert SHOP.colour(text) in (None, *SHOP.colours)
    assert fold(fold(text)) == fold(fold(fold(text)))


WORDS = Vocabulary({"sneakers": ["trainers"], "boots": [], "rug": []})


@given(st.sampled_from(["sneakers", "trainers"]), st.data())
def test_one_wrong_letter_does_not_matter_in_long_words(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    kind = data.draw(st.sampled_from(["drop", "double", "other"]))
    wrong = {
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "other": word[:at] + "q" + word[at + 1 :],
    }[kind]
    assert WORDS.find(f"some {wrong} please") == ["sneakers"]


def test_short_words_are_taken_at_their_word() -> None:
    assert WORDS.find("mug bug hug") == []


@pytest.mark.parametrize("text", ["2 milion toman", "man mikham", "sefareshe man kojast"])
def test_persian_in_latin_letters_names_nobody_s_clothes(reference: Reference, text: str) -> None:
    assert reference.category(text) == []

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.knowledge.words import terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where's my REFUND?", ["where", "s", "my", "refund"]),
        ("रिफंड कब मिलेगा?", ["रिफंड", "कब", "मिलेगा"]),
        ("ডেলিভারি চার্জ কত", ["ডেলিভারি", "চার্জ", "কত"]),
        ("Ποιος είναι ο ΤΡΟΠΟΣ πληρωμής;", ["ποιοσ", "ειναι", "ο", "τροποσ", "πληρωμησ"]),
        ("۱۲۳ ১২৩ १२३ 123", ["123"] * 4),
    ],
)
def test_words_of_every_script_come_in_one_spelling(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_persian_letters_and_joiners_of_both_keyboards_are_the_same() -> None:
    assert words("كتاب‌هاي من") == words("کتاب های من")


def test_kinds_of_one_word_share_pieces() -> None:
    assert set(terms("returning")) & set(terms("returned"))
    assert set(terms("επιστροφή")) & set(terms("επιστροφές"))


@given(st.text())
def test_any_text_has_terms_without_error(text: str) -> None:
    assert all(isinstance(term, str) and term for term in terms(text))

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.dialogue.answers import email_in, free_answer, picked, yes_or_no
from actions.dialogue.order import number_in
from tests.actions.dialogue.conftest import Say

SAME_TALK = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("yes", "affirm", True),
        ("go ahead", "affirm", True),
        ("yes cancel it", "cancel_order", True),
        ("no, don't", "deny", False),
        ("never mind", "never_mind", False),
        ("no keep it", "inform", False),
        ("cancel it", "cancel_order", True),
        ("please don't cancel it", "cancel_order", False),
        ("how long does it take", "delivery_time", None),
    ],
)
def test_yes_no_or_neither(say: Say, text: str, intent: str, answer: bool | None) -> None:
    assert yes_or_no(say(text, intent=intent), "cancel_order") is answer


@pytest.mark.parametrize(
    ("text", "present", "index"),
    [
        ("the first one", None, 0),
        ("the 2nd please", None, 1),
        ("the last one", None, 1),
        ("the latest", None, 0),
        ("the other one", 0, 1),
        ("the other one", 1, 0),
        ("the other one", None, None),
        ("that one", None, None),
    ],
)
def test_one_of_two_by_its_place(say: Say, text: str, present: int | None, index: int | None) -> None:
    assert picked(say(text), 2, present) == index


def test_there_is_nothing_to_pick_from_nothing(say: Say) -> None:
    assert picked(say("the first one"), 0) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("where is SO-100123?", "SO-100123"),
        ("so 100123", "SO-100123"),
        ("#100123", "SO-100123"),
        ("not SO-100123, SO-100124", "SO-100124"),
        ("call 9876543210", None),
        ("12345", None),
        ("me100123@mail.example", None),
    ],
)
def test_an_order_number_in_a_message(say: Say, text: str, number: str | None) -> None:
    assert number_in(say(text)) == number


def test_a_tapped_number_counts_and_its_text_does_not(say: Say) -> None:
    talk = say('/inform{"order_number": "SO-100200"}', entities={"order_number": "SO-100200"})
    assert (talk.text, number_in(talk)) == ("", "SO-100200")


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("it's Asha.Rao@Mail.Example.", "asha.rao@mail.example"),
        ("<k@d.org>", "k@d.org"),
        ("asha at mail", None),
        ("@home", None),
    ],
)
def test_an_email_in_a_message(text: str, email: str | None) -> None:
    assert email_in(text) == email


def test_free_words_are_no_questions_and_no_other_wishes(say: Say) -> None:
    near = frozenset({"damaged_item"})
    assert free_answer(say("too small for me"), "return_item") == "too small for me"
    assert free_answer(say("it is torn", intent="damaged_item"), "return_item", near) == "it is torn"
    assert free_answer(say("it is torn", intent="damaged_item"), "return_item") is None
    assert free_answer(say("hm, torn", intent="damaged_item", confidence=0.4), "return_item") == "hm, torn"
    assert free_answer(say("how long does it take?"), "return_item") is None
    assert free_answer(say("why so late?"), "leave_review", questions_too=True) == "why so late?"


@SAME_TALK
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reading_of_answers(say: Say, text: str) -> None:
    talk = say(text)
    number, email = number_in(talk), email_in(text)
    assert number is None or (len(number) == 9 and number.startswith("SO-"))
    assert email is None or email in text.lower()
    assert picked(talk, 3) in (None, 0, 1, 2)
    assert yes_or_no(talk) in (None, True, False)

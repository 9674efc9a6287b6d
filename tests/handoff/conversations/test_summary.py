"""The few messages that tell a talk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff.conversations.summary import LONGEST, Line, summarise


def customer(number: int, text: str, intent: str | None = None, **more: float) -> Line:
    return Line(number, "customer", text, intent, confidence=0.9 if intent else 0.0, **more)  # type: ignore[arg-type]


def numbers(lines: list[Line], most: int = 5) -> list[int]:
    return [line.number for line in summarise(lines, most)]


def test_an_empty_talk_has_no_summary() -> None:
    assert summarise([]) == []


def test_a_greeting_is_left_out_for_what_the_customer_wants() -> None:
    talk = [
        customer(1, "Hello", "greet"),
        Line(2, "bot", "How can I help?"),
        customer(3, "My parcel SO-100123 is late", "late_parcel", entities=1),
        Line(4, "bot", "It left our warehouse on Monday."),
        customer(5, "That was a week ago!", "complaint", mood=-0.7),
    ]
    assert numbers(talk, most=3) == [3, 4, 5]


def test_the_worst_moment_is_told() -> None:
    talk = [
        customer(1, "I would like to return a dress", "return_item"),
        customer(2, "it is the blue one there"),
        customer(3, "this is a disgrace, I am furious", mood=-0.9),
        customer(4, "it was last week in fact"),
        customer(5, "please get me a person now", "contact_human"),
    ]
    assert numbers(talk, most=3) == [1, 3, 5]


def test_what_is_said_twice_is_told_once() -> None:
    talk = [customer(n, "Where is my order SO-100123", "track_order", entities=1) for n in range(1, 5)]
    assert numbers(talk) == [1]


def test_the_last_thing_the_bot_tried_is_told() -> None:
    talk = [customer(1, "Where is it", "track_order"), Line(2, "bot", "First"), Line(3, "bot", "Second")]
    assert numbers(talk) == [1, 3]


def test_a_talk_of_agents_alone_is_shown_as_it_ended() -> None:
    assert numbers([Line(n, "agent", f"line {n}") for n in range(1, 9)], most=2) == [7, 8]


def test_a_long_message_is_cut_at_a_word() -> None:
    [line] = summarise([customer(1, "word " * 100)])
    assert len(line.text) <= LONGEST
    assert line.text.endswith("word…")


LINES = st.lists(
    st.builds(
        Line,
        number=st.integers(1, 200),
        sender=st.sampled_from(["customer", "bot", "agent", "system"]),
        text=st.text(max_size=400),
        intent=st.none() | st.sampled_from(["greet", "track_order"]),
        confidence=st.floats(0, 1),
        entities=st.integers(0, 5),
        mood=st.floats(-1, 1),
    ),
    unique_by=lambda line: line.number,
    max_size=30,
).map(lambda lines: sorted(lines, key=lambda line: line.number))


@given(LINES, st.integers(1, 6))
def test_a_summary_is_short_in_order_and_made_of_what_was_said(lines: list[Line], most: int) -> None:
    told = summarise(lines, most)
    assert len(told) <= most
    assert [line.number for line in told] == sorted(line.number for line in told)
    assert {line.number for line in told} <= {line.number for line in lines}
    assert all(0 < len(line.text) <= LONGEST for line in told)

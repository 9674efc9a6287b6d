"""Which labels are learnt from, as which operations."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.dataset import operations
from handoff.workbench.labels.learning import Knows, Settled, lessons, place
from tests.handoff.workbench.labels.conftest import label

KNOWS = Knows(
    intents={"track_order", "cancel_order"},
    entities={"order_number", "email"},
    languages={"en", "hi"},
    examples={place("en", "where is my order"): ["track_order"]},
    foreign={place("en", "will it rain")},
)


def settled(text: str = "has it gone out", *said: Any, id: str = "u", **more: Any) -> Settled:
    more = {"spans": (), "language": "en"} | more
    return Settled(id, text, voices=said or (label(),), **more)


def learnt(*ones: Settled) -> list[dict[str, Any]]:
    return lessons(ones, KNOWS).operations


def left(*ones: Settled) -> dict[str, int]:
    made = lessons(ones, KNOWS)
    assert not made.operations
    return made.left


def test_an_intent_becomes_an_example_in_the_language_that_was_said() -> None:
    (made,) = learnt(settled("kahan hai", label(), label(language="hi")))
    assert made == {
        "op": "add_example", "intent": "track_order", "language": "hi", "text": "kahan hai", "entities": [],
    }  # fmt: skip


def test_stand_ins_are_marked_where_nobody_marked_anything_and_the_domain_knows_them() -> None:
    spans = [
        {"start": 0, "end": 9, "kind": "order_number"},
        {"start": 10, "end": 14, "kind": "email"},
        {"start": 15, "end": 20, "kind": "iban"},
    ]
    said = label(entities=[(10, 14, "order_number", "x")])
    (made,) = learnt(settled("SO-100001 a@b! XX000 ok", said, spans=spans))
    assert made["entities"] == [
        {"start": 0, "end": 9, "entity": "order_number"},
        {"start": 10, "end": 14, "entity": "order_number", "value": "x"},
    ]


def test_out_of_scope_is_taught_as_foreign() -> None:
    outside = label(None, kind="out_of_scope")
    assert learnt(settled("sing to me", outside)) == [
        {"op": "add_foreign", "language": "en", "text": "sing to me"}
    ]


def test_what_is_in_the_data_already_is_taken_without_saying_it_again() -> None:
    made = lessons(
        [
            settled("Where is  my order", id="a"),
            settled("Will it rain", label(None, kind="out_of_scope"), id="b"),
        ],
        KNOWS,
    )
    assert (made.operations, made.ids, made.left) == ([], ["a", "b"], {})


def test_what_the_data_teach_otherwise_is_moved() -> None:
    assert learnt(settled("where is my order", label("cancel_order"))) == [
        {
            "op": "move_example", "intent": "track_order", "language": "en", "text": "where is my order",
            "to": "cancel_order",
        }
    ]  # fmt: skip
    removed, added = learnt(settled("where is my order", label(None, kind="out_of_scope")))
    assert (removed["op"], removed["intent"], added["op"]) == ("remove_example", "track_order", "add_foreign")


def test_what_must_not_or_cannot_be_learnt_is_left_with_its_reason() -> None:
    two = label(None, kind="two_wishes", wishes=("track_order", "cancel_order"))
    assert left(settled(tested=True)) == {"test_set": 1}
    assert left(settled("both", two)) == {"two_wishes": 1}
    assert left(settled(language=None)) == {"language": 1}
    assert left(settled("x", label("gift_card", kind="proposed"))) == {"not_an_intent_yet": 1}
    assert left(settled("x" * 1500)) == {"unteachable": 1}
    assert left(settled("x\x07y")) == {"unteachable": 1}


def test_the_same_words_are_written_once_and_never_with_two_meanings() -> None:
    made = lessons(
        [settled("Go", id="a"), settled("go", id="b"), settled("GO", label("cancel_order"), id="c")], KNOWS
    )
    assert ([one["op"] for one in made.operations], made.ids) == (["add_example"], ["a", "b"])
    assert made.left == {"twice": 1}


def test_what_is_too_much_for_one_change_goes_into_the_next() -> None:
    made = lessons([settled(f"text {n}", id=str(n)) for n in range(5)], KNOWS, most=3)
    assert (len(made.operations), made.ids, made.left) == (3, ["0", "1", "2"], {"next_change": 2})


texts = st.text(max_size=40)
labels = st.sampled_from([label(), label("cancel_order"), label(None, kind="out_of_scope")])


@given(st.lists(st.tuples(texts, labels), max_size=10))
def test_whatever_customers_write_the_operations_are_of_a_form_that_the_data_take(
    said: list[tuple[str, Any]],
) -> None:
    made = lessons([settled(text, one, id=str(n)) for n, (text, one) in enumerate(said)], KNOWS)
    assert len(made.ids) + sum(made.left.values()) == len(said)
    if made.operations:
        assert len(operations.parse(made.operations)) == len(made.operations)

"""What a label may say, and how it passes on to another text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.labels.carrying import carried
from handoff.workbench.labels.meaning import Mark
from handoff.workbench.labels.validity import Vocabulary, problem
from tests.handoff.workbench.labels.conftest import label

KNOWN = Vocabulary(
    intents=frozenset({"track_order", "get_invoice"}),
    entities=frozenset({"size", "colour"}),
    languages=frozenset({"en", "hi"}),
    proposals=frozenset({"gift_card"}),
)
TEXT = "a red XL shirt"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, label()),
        (None, label(None)),
        (None, label(None, kind="out_of_scope")),
        (None, label("gift_card", kind="proposed")),
        (None, label(None, kind="two_wishes", wishes=("track_order", "get_invoice"))),
        (None, label(entities=[(2, 5, "colour"), (6, 8, "size", "extra large")])),
        ("unknown_kind", label(kind="whatever")),
        ("unknown_intent", label("fly_away")),
        ("unknown_intent", label(None, kind="intent")),
        ("unknown_intent", label(None, kind="two_wishes", wishes=("track_order", "fly_away"))),
        ("unknown_proposal", label("track_order", kind="proposed")),
        ("unknown_language", label(language="fr")),
        ("needless_intent", label("track_order", kind="out_of_scope")),
        ("needless_wishes", label(wishes=("track_order", "get_invoice"))),
        ("two_different_wishes", label(None, kind="two_wishes", wishes=("track_order",))),
        ("two_different_wishes", label(None, kind="two_wishes", wishes=("track_order", "track_order"))),
        ("unknown_entity", label(entities=[(2, 5, "mood")])),
        ("entity_outside", label(entities=[(9, 15, "size")])),
        ("entity_outside", label(entities=[(-1, 2, "size")])),
        ("entity_outside", label(entities=[(5, 5, "size")])),
        ("entity_ragged", label(entities=[(1, 5, "colour")])),
        ("entity_value", label(entities=[(2, 5, "colour", " ")])),
        ("entity_overlaps", label(entities=[(2, 5, "colour"), (2, 8, "size")])),
        ("entity_overlaps", label(entities=[(2, 5, "colour"), (2, 5, "colour", "crimson")])),
    ],
)
def test_a_label_must_be_something_that_can_be_meant(code: str | None, said: object) -> None:
    assert problem(said, TEXT, KNOWN) == code  # type: ignore[arg-type]


def test_signs_beyond_the_basic_plane_count_as_one() -> None:
    assert problem(label(entities=[(2, 5, "colour")]), "🙂 red", KNOWN) is None


spans = st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda span: span[0] < span[1])


@given(spans, st.text("a redXLshirt", max_size=30))
def test_what_is_passed_on_is_valid_and_marks_the_same_words(span: tuple[int, int], to: str) -> None:
    said = label(entities=[(*span, "size")])
    if problem(said, TEXT, KNOWN):
        return
    there = carried(said, TEXT, to, KNOWN)
    assert problem(there, to, KNOWN) is None
    assert all(to[mark.start : mark.end] == TEXT[slice(*span)] for mark in there.entities)
    assert len(there.entities) == (to.count(TEXT[slice(*span)]) == 1)


def test_a_language_is_not_passed_on() -> None:
    there = carried(label(language="hi", entities=[(0, 3, "size")]), "XXL", "size XXL", KNOWN)
    assert (there.language, there.entities) == (None, (Mark(5, 8, "size"),))

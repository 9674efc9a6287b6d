"""Keys that hands can learn."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.dataset.examples import Examples
from handoff.workbench.labels.keys import keys
from handoff.workbench.labels.vocabulary import Words

names = st.lists(st.from_regex(r"[a-z]{1,6}(_[a-z]{1,6}){0,2}", fullmatch=True), unique=True, max_size=60)


def test_keys_remind_of_their_intents() -> None:
    given = keys(["return_item", "track_order", "greet", "goodbye", "gift_wrap"], {})
    assert given == {
        "return_item": "ri", "track_order": "to", "greet": "gr", "goodbye": "go", "gift_wrap": "gw",
    }  # fmt: skip


@given(names, names)
def test_no_key_begins_another_and_none_changes_when_intents_come_and_go(
    first: list[str], then: list[str]
) -> None:
    before = keys(first, {})
    after = keys(then, before)
    assert before.items() <= after.items()
    assert set(after) == {*first, *then}
    assert len(set(after.values())) == len(after)
    assert {len(key) for key in after.values()} <= {2}


def test_every_intent_of_the_shop_has_a_key_that_starts_as_it_does() -> None:
    root = Path(__file__).parents[4]
    meant = Words(root, Examples(root)).domain().meant
    given = keys(meant, {})
    assert len(given) == len(meant) > 50
    assert all(name.startswith(key[0]) for name, key in given.items())

"""Talks that would go to a person, by the policy itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handoff.conversations.policy import Thresholds
from handoff.workbench.comparison.handoffs import by_chance, handed_over, per_hundred
from handoff.workbench.comparison.report import replayed
from tests.handoff.workbench.comparison.made import item, items, read, readings

SURE, UNSURE = ("where is it", read("track_order")), ("hm", read("track_order", 0.3, doubtful=True))


def test_doubts_in_a_row_and_a_wish_call_a_person_and_nothing_else_does() -> None:
    limits = Thresholds()
    assert handed_over([UNSURE, UNSURE], limits) == "doubt"
    assert handed_over([UNSURE, SURE, UNSURE], limits) is None
    assert handed_over([SURE, ("a person please", read("contact_human"))], limits) == "asked"
    assert handed_over([("a person?", read("contact_human", 0.3, doubtful=True))], limits) is None
    assert handed_over([UNSURE, UNSURE], Thresholds(doubts=3)) is None


def test_of_a_hundred_talks() -> None:
    assert per_hundred([[UNSURE, UNSURE], [SURE], [SURE], [SURE]], Thresholds()) == 25.0
    assert per_hundred([], Thresholds()) == 0.0


@given(st.lists(items, max_size=12))
def test_talks_put_together_by_chance_keep_to_one_language(things: list) -> None:  # type: ignore[type-arg]
    talks = by_chance(things, talks=20, turns=3)
    assert talks == by_chance(things, talks=20, turns=3)
    assert len(talks) == (20 if things else 0)
    for talk in talks:
        assert len(talk) == 3
        assert len({things[at].language for at in talk}) == 1


def test_a_message_that_comes_often_is_in_more_talks() -> None:
    talks = by_chance([item("greet", weight=99.0), item("get_invoice", weight=1.0)], talks=300)
    often = sum(at == 0 for talk in talks for at in talk)
    assert often > 0.9 * sum(len(talk) for talk in talks)


def test_talks_read_again_tell_what_changes_in_what_the_bot_would_do() -> None:
    talks = [["hello", "where is it"], ["hm", "what"]]
    before = [[read("greet"), read("track_order", 0.9)], [UNSURE[1], UNSURE[1]]]
    after = [[read("greet", 0.7), read("get_invoice", 0.8)], [read("greet"), UNSURE[1]]]
    told = replayed(talks, before, after, Thresholds())
    assert (told["talks"], told["turns"], told["changed"]) == (2, 4, 2)
    assert told["hand_offs"] == {"champion": 50.0, "challenger": 0.0}
    assert told["doubts"] == {"champion": 2, "challenger": 1}
    assert [one["text"] for one in told["examples"]] == ["hm", "where is it"]


@given(st.lists(st.lists(readings, min_size=1, max_size=4), max_size=6))
def test_a_model_takes_talks_as_itself(said: list) -> None:  # type: ignore[type-arg]
    texts = [["words"] * len(talk) for talk in said]
    told = replayed(texts, said, said, Thresholds())
    assert told["changed"] == 0
    assert told["hand_offs"]["champion"] == told["hand_offs"]["challenger"]

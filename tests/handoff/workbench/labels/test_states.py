"""States of utterances under any order of labels, undoings and decisions of several people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handoff.workbench.labels.meaning import Label, Mark, agree, meaning
from handoff.workbench.labels.states import Item, Standing, decision, of_group, voices

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = ("ann", "bo", "cy")
IDS = ("u1", "u2", "u3")


def usable(name: str) -> bool:
    return name != "proposed_one"


def said(agent: str, intent: str | None = "track_order", n: int = 0, **more: object) -> Label:
    base = Label(agent, "intent" if intent else "skip", intent, at=NOON + timedelta(seconds=n), batch=str(n))
    return replace(base, **more)  # type: ignore[arg-type]


def alone(*labels: Label, second: bool = False) -> Standing:
    return of_group({"u": Item(labels, second)}, usable)["u"]


def test_one_label_settles_an_utterance() -> None:
    assert alone() == Standing("open")
    assert alone(said("ann")).state == "settled"


def test_two_different_people_must_agree_on_one_that_is_labelled_doubly() -> None:
    assert alone(said("ann"), second=True) == Standing("labelled", "second", (said("ann"),))
    assert alone(said("ann"), said("ann", n=1), second=True).why == "second"
    assert alone(said("ann"), said("bo", n=1), second=True).state == "settled"
    assert alone(said("ann"), said("bo", "cancel_order", 1), second=True).why == "disagree"


def test_who_changes_their_mind_agrees() -> None:
    labels = (said("ann"), said("bo", "cancel_order", 1), said("bo", n=2))
    assert alone(*labels, second=True).state == "settled"


def test_a_decision_settles_a_disagreement_and_the_last_one_counts() -> None:
    quarrel = (said("ann"), said("bo", "cancel_order", 1))
    decided = said("cy", "return_item", 2, settles=True)
    assert alone(*quarrel, decided).voices == (decided,)
    assert alone(*quarrel, decided).state == "settled"
    again = said("ann", "cancel_order", 3, settles=True)
    assert alone(*quarrel, decided, again).voices == (again,)


def test_a_label_after_a_decision_changes_nothing() -> None:
    labels = (said("ann"), said("cy", "return_item", 1, settles=True), said("bo", "cancel_order", 2))
    assert alone(*labels).voices == (labels[1],)


def test_who_cannot_tell_says_nothing_against_others() -> None:
    assert alone(said("ann", None)).state == "skipped"
    assert alone(said("ann", None), said("bo", n=1)).state == "settled"
    assert alone(said("ann", None), second=True).state == "open"
    assert alone(said("ann", None), said("bo", n=1), second=True).why == "second"
    assert alone(said("ann", None), said("bo", None, 1), second=True).state == "skipped"


def test_a_proposed_intent_is_not_settled_before_it_is_accepted() -> None:
    proposed = said("ann", "proposed_one", kind="proposed")
    assert alone(proposed).why == "proposed"
    there = of_group({"u": Item((proposed,))}, lambda _: True)["u"]
    assert there.state == "settled"


def test_a_proposal_and_the_intent_that_it_became_mean_the_same() -> None:
    before, after = said("ann", "gift_card", kind="proposed"), said("bo", "gift_card", 1)
    assert alone(before, after, second=True).state == "settled"


def test_two_wishes_are_the_same_in_either_order() -> None:
    one = said("ann", None, kind="two_wishes", wishes=("track_order", "get_invoice"))
    other = replace(one, agent="bo", wishes=("get_invoice", "track_order"))
    assert alone(one, other, second=True).state == "settled"


def test_entities_against_each_other_are_a_disagreement_and_missing_ones_are_not() -> None:
    size = said("ann", entities=(Mark(0, 2, "size"),))
    colour = said("bo", n=1, entities=(Mark(0, 2, "colour"),))
    assert alone(size, said("bo", n=1), second=True).state == "settled"
    assert alone(size, colour, second=True).why == "disagree"


def test_languages_against_each_other_are_a_disagreement() -> None:
    hindi, bengali = said("ann", language="hi"), said("bo", n=1, language="bn")
    assert alone(hindi, bengali, second=True).why == "disagree"
    assert alone(hindi, said("bo", n=1), second=True).state == "settled"


def test_like_utterances_labelled_otherwise_contradict_each_other() -> None:
    items = {"a": Item((said("ann"),)), "b": Item((said("bo", "cancel_order", 1),)), "c": Item()}
    now = of_group(items, usable)
    assert (now["a"].why, now["b"].why, now["c"].state) == ("contradicting", "contradicting", "open")
    items["b"] = replace(items["b"], labels=(*items["b"].labels, said("cy", n=2, settles=True)))
    assert {one.state for one in of_group(items, usable).values()} == {"settled", "open"}


def test_like_utterances_that_were_each_decided_may_mean_different_things() -> None:
    items = {
        "a": Item((said("ann"), said("cy", n=2, settles=True))),
        "b": Item((said("bo", "cancel_order", 1), said("cy", "cancel_order", 3, settles=True))),
    }
    assert {one.state for one in of_group(items, usable).values()} == {"settled"}


def test_what_is_in_the_data_stays_and_still_speaks_against_its_like() -> None:
    items = {"a": Item((said("ann"),), taken=True), "b": Item((said("bo", "cancel_order", 1),))}
    now = of_group(items, usable)
    assert (now["a"].state, now["b"].why) == ("settled", "contradicting")


# Any order of events


@dataclass
class Board:
    """What a group's utterances were told, as the database keeps it."""

    labels: dict[str, list[Label]] = field(default_factory=lambda: {id: [] for id in IDS})
    given: list[Label] = field(default_factory=list)
    batches: int = 0

    def say(self, ids: list[str], agent: str, intent: str | None, settles: bool) -> str:
        self.batches += 1
        for id in ids:
            label = said(agent, intent, self.batches, settles=settles)
            self.labels[id].append(label)
            self.given.append(label)
        return str(self.batches)

    def undo(self, batch: str) -> None:
        for labels in self.labels.values():
            labels[:] = [replace(one, undone=True) if one.batch == batch else one for one in labels]

    def without(self, batch: str) -> Board:
        left = {id: [one for one in labels if one.batch != batch] for id, labels in self.labels.items()}
        return Board(left)

    def states(self) -> dict[str, Standing]:
        seconds = {"u3"}
        items = {id: Item(tuple(labels), id in seconds) for id, labels in self.labels.items()}
        return of_group(items, usable)


say = st.tuples(
    st.just("say"),
    st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True),
    st.sampled_from(PEOPLE),
    st.sampled_from(["track_order", "cancel_order", "proposed_one", None]),
    st.booleans(),
)
undo = st.tuples(st.just("undo"), st.integers(1, 12))
events = st.lists(st.one_of(say, say, undo), max_size=14)


def play(board: Board, happened: list[tuple]) -> Board:  # type: ignore[type-arg]
    for what, *rest in happened:
        if what == "say":
            board.say(*rest)
        else:
            board.undo(str(rest[0]))
    return board


@given(events)
def test_no_label_is_ever_lost(happened: list[tuple]) -> None:  # type: ignore[type-arg]
    board = play(Board(), happened)
    kept = [one for labels in board.labels.values() for one in labels]
    assert sorted((one.agent, one.batch, str(one.intent)) for one in kept) == sorted(
        (one.agent, one.batch, str(one.intent)) for one in board.given
    )


@given(events)
def test_nothing_is_settled_with_a_disagreement(happened: list[tuple]) -> None:  # type: ignore[type-arg]
    board = play(Board(), happened)
    now = board.states()
    for id, standing in now.items():
        if standing.state == "settled":
            decided = decision(board.labels[id])
            heard = voices(board.labels[id])
            assert agree(heard)
            assert decided is not None or len(heard) >= (2 if id == "u3" else 1)
            said_in_group = {meaning(v) for labels in board.labels.values() for v in voices(labels)} - {None}
            assert decided is not None or len(said_in_group) == 1
            assert all(usable(voice.intent or "") for voice in heard)


@given(events, say, events)
def test_undoing_is_as_if_it_had_never_been_said_whatever_came_after(
    before: list[tuple],  # type: ignore[type-arg]
    what: tuple,  # type: ignore[type-arg]
    after: list[tuple],  # type: ignore[type-arg]
) -> None:
    board = play(Board(), before)
    batch = board.say(*what[1:])
    play(board, [event for event in after if event != ("undo", int(batch))])
    expected = board.without(batch).states()
    board.undo(batch)
    assert board.states() == expected


@given(events)
def test_undoing_everything_opens_everything(happened: list[tuple]) -> None:  # type: ignore[type-arg]
    board = play(Board(), happened)
    for batch in range(board.batches, 0, -1):
        board.undo(str(batch))
    assert {one.state for one in board.states().values()} == {"open"}

"""Settled labels on their way into the data, proposals of intents, and how much is done."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from handoff.agents.models import Agent
from handoff.errors import Conflict, Forbidden, Invalid
from handoff.workbench.labels import reports
from handoff.workbench.labels.history import history as history_of
from handoff.workbench.models import Change, Proposal
from tests.handoff.workbench.labels.conftest import Bench


async def propose(bench: Bench, who: str = "ann", name: str = "gift_card") -> Proposal:
    async with bench.database.write() as session:
        return await bench.proposals.make(session, bench.people[who], name, "wants a gift card", None)


async def accept(bench: Bench, who: str = "sue", name: str = "gift_card") -> Change:
    async with bench.database.write() as session:
        titles = {"hi": "गिफ़्ट कार्ड"}
        _, change = await bench.proposals.accept(session, bench.people[who], name, titles, {}, "en")
        return change


async def decline(bench: Bench, who: str, name: str = "gift_card") -> None:
    async with bench.database.write() as session:
        await bench.proposals.decline(session, bench.people[who], name)


def as_proposed(name: str = "gift_card") -> dict[str, Any]:
    return {"intent": name, "kind": "proposed"}


async def agreed(bench: Bench, who: str = "cy") -> dict[str, Any]:
    async with bench.database.read() as session:
        usable = await bench.words.usable(session)
        return await reports.agreed(session, bench.people[who], usable.__contains__)


async def progress(bench: Bench, since: datetime) -> dict[str, Any]:
    async with bench.database.read() as session:
        made = await bench.taking.lessons(session)
        return await reports.progress(session, since, len(made.ids), made.left)


async def test_all_that_is_settled_goes_into_one_change_once(bench: Bench) -> None:
    ids = [await bench.wrote(f"where is {n}") for n in range(3)]
    waiting = await bench.wrote("not yet", second=True)
    await bench.label("ann", *ids, waiting)
    change, left = await bench.take("ann")
    assert (change.title, left) == ("Labels of 3 messages", {})
    assert [one["text"] for one in change.operations] == ["where is 0", "where is 1", "where is 2"]
    assert {(await bench.row(id)).change_id for id in ids} == {change.id}
    assert (await bench.row(waiting)).change_id is None
    with pytest.raises(Conflict, match="nothing_to_learn"):
        await bench.take("ann")


async def test_two_people_taking_at_the_same_moment_take_each_label_once(bench: Bench) -> None:
    ids = [await bench.wrote(f"where is {n}") for n in range(4)]
    await bench.label("ann", *ids)
    both = await asyncio.gather(bench.take("ann"), bench.take("bo"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Conflict", "tuple"]


async def test_nothing_of_the_test_set_nor_like_it_is_learnt(bench: Bench) -> None:
    frozen = await bench.wrote("where is it", sampled=True, frozen=True)
    like = await bench.wrote("where's it", group_id=frozen)
    head = await bench.wrote("cancel this", group_size=2)
    await bench.change(head, group_id=head)
    hidden = await bench.wrote("cancel this!", group_id=head, frozen=True)
    good = await bench.wrote("and mine")
    await bench.label("ann", frozen, like, good)
    await bench.label("ann", head, hidden, intent="cancel_order")
    change, left = await bench.take("ann")
    assert [one["text"] for one in change.operations] == ["and mine"]
    assert left == {"test_set": 2}


async def test_what_a_change_took_is_free_again_when_it_is_withdrawn(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.label("ann", id)
    await bench.take("ann")
    await bench.change(id, change_id=None)
    change, _ = await bench.take("bo")
    assert (await bench.row(id)).change_id == change.id


async def test_a_label_with_a_proposal_waits_until_it_is_accepted_and_goes_in_with_it(bench: Bench) -> None:
    await propose(bench)
    id, frozen = await bench.wrote("give me a card"), await bench.wrote("a card", frozen=True)
    given = await bench.label("ann", id, frozen, **as_proposed())
    assert given.states == {id: "labelled", frozen: "labelled"}
    change = await accept(bench)
    assert (await bench.state(id), await bench.state(frozen)) == ("settled", "settled")
    first, example = change.operations
    assert first == {
        "op": "add_intent",
        "name": "gift_card",
        "titles": {"en": "Gift card", "hi": "गिफ़्ट कार्ड"},
        "definition": {"en": "wants a gift card"},
        "examples": {},
    }
    assert (example["intent"], example["text"]) == ("gift_card", "give me a card")
    assert (await bench.row(id)).change_id == change.id
    with pytest.raises(Conflict, match="proposal_settled"):
        await accept(bench)


async def test_an_accepted_proposal_whose_change_was_withdrawn_can_be_accepted_again(bench: Bench) -> None:
    await propose(bench)
    change = await accept(bench)
    async with bench.database.write() as session:
        row = await session.get(Change, change.id)
        assert row is not None
        row.state = "withdrawn"
    assert (await accept(bench)).id != change.id


async def test_a_declined_proposal_takes_its_labels_back_and_keeps_them_for_the_record(bench: Bench) -> None:
    await propose(bench)
    first, second = await bench.wrote(), await bench.wrote()
    await bench.label("bo", second)
    await bench.label("ann", first, **as_proposed())
    await bench.label("ann", second, anyway=True, **as_proposed())
    with pytest.raises(Forbidden):
        await decline(bench, "bo")
    await decline(bench, "ann")  # it was hers
    assert (await bench.state(first), await bench.state(second)) == ("open", "settled")
    async with bench.database.read() as session:
        row = await bench.row(first)
        told = await history_of(session, row, bench.people["ann"])
    labels = [(one["kind"], one["undone_at"] is None) for one in told["entries"]]
    assert labels == [("proposed", False)]
    assert (await bench.label("ann", first, **as_proposed())).refused[0]["code"] == "unknown_proposal"
    await propose(bench, "bo")  # somebody thinks again
    assert (await bench.label("ann", first, **as_proposed())).labelled == [first]


async def test_only_supervisors_accept_and_names_must_be_new(bench: Bench) -> None:
    await propose(bench)
    with pytest.raises(Forbidden):
        await accept(bench, "ann")
    with pytest.raises(Conflict, match="proposal_exists"):
        await propose(bench)
    with pytest.raises(Conflict, match="intent_exists"):
        await propose(bench, name="track_order")
    for name in ("Gift", "gift card", "_x", "x" * 61, "gift__card"):
        with pytest.raises(Invalid, match="bad_proposal_name"):
            await propose(bench, name=name)


async def test_agreement_is_of_what_two_people_said_first_and_unseen(bench: Bench) -> None:
    ids = [await bench.wrote(f"u {n}", second=True) for n in range(12)]
    alone = await bench.wrote("alone", second=True)
    single = await bench.wrote("single")
    await bench.label("ann", *ids[:8], alone, single)
    await bench.label("ann", *ids[8:], intent="cancel_order")
    await bench.label("bo", *ids[:6])
    await bench.label("bo", *ids[6:], intent="cancel_order")
    await bench.label("bo", ids[6])  # having seen what ann said
    found = await agreed(bench)
    assert (found["doubly"], found["agreed"], found["method"]) == (12, 10, "cohen")
    assert found["kappa"] == pytest.approx(2 / 3)
    assert found["kappa_low"] < found["kappa"] < found["kappa_high"]
    assert found["by_intent"] == [
        {"intent": "cancel_order", "n": 6, "agreed": 4},
        {"intent": "track_order", "n": 8, "agreed": 6},
    ]
    assert {(one["agent"]["name"], one["n"], one["agreed"]) for one in found["coders"]} == {
        ("ann", 12, 10), ("bo", 12, 10),
    }  # fmt: skip
    assert found["pairs"] == [{"intents": ["cancel_order", "track_order"], "count": 2}]
    (left,) = found["disagreements"]  # the other one they have come to agree on
    assert (left["utterance"]["id"], left["why"], left["mine"]) == (ids[7], "disagree", False)
    assert [(one["agent"]["name"], one["intent"]) for one in left["labels"]] == [
        ("ann", "track_order"), ("bo", "cancel_order"),
    ]  # fmt: skip
    assert (await agreed(bench, "ann"))["disagreements"][0]["mine"] is True


async def test_before_enough_is_labelled_doubly_agreement_says_why_it_has_no_figure(bench: Bench) -> None:
    found = await agreed(bench)
    assert (found["kappa"], found["reason"], found["disagreements"]) == (None, "too_few", [])


async def test_contradictions_are_told_with_what_was_said_of_the_like(bench: Bench) -> None:
    first = await bench.wrote("where is it")
    await bench.change(first, group_id=first)
    like = await bench.wrote("where's it", group_id=first, hidden=True)
    await bench.label("ann", like)
    await bench.label("bo", first, intent="cancel_order")
    found = (await agreed(bench))["disagreements"]
    assert {one["utterance"]["id"]: one["why"] for one in found} == {
        first: "contradicting", like: "contradicting",
    }  # fmt: skip
    told = found[0]["utterance"]["contradiction"]["labels"]
    assert {(one["intent"], one["count"]) for one in told} == {("cancel_order", 1), ("track_order", 1)}
    await bench.settle("sue", first, similar=True)
    row = await bench.row(first)
    assert (row.contradicting, row.signals) == (False, {})


async def test_progress_counts_what_can_be_learnt_and_who_labelled_since(bench: Bench) -> None:
    await bench.label("ann", await bench.wrote("one"), await bench.wrote("two"))
    wishes = ("track_order", "cancel_order")
    await bench.label("bo", await bench.wrote("both"), intent=None, kind="two_wishes", wishes=wishes)
    now = await progress(bench, bench.clock.now - timedelta(hours=1))
    assert (now["ready"], now["left"], now["today"]) == (2, {"two_wishes": 1}, 3)
    assert [(one["agent"]["name"], one["today"], one["total"]) for one in now["by_agent"]] == [
        ("ann", 2, 2), ("bo", 1, 1),
    ]  # fmt: skip
    later = await progress(bench, bench.clock.now + timedelta(hours=1))
    assert (later["today"], later["ready"]) == (0, 2)


async def history(bench: Bench, id: str, who: str) -> list[tuple[str, bool]]:
    agent: Agent = bench.people[who]
    async with bench.database.read() as session:
        told = await history_of(session, await bench.row(id), agent)
    return [(one["agent"]["name"], one["undone_at"] is not None) for one in told["entries"]]


async def test_the_history_of_one_keeps_what_was_undone(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.label("ann", id)
    await bench.undo("ann")
    await bench.label("ann", id, intent="cancel_order")
    assert await history(bench, id, "ann") == [("ann", True), ("ann", False)]


async def test_the_second_person_does_not_see_what_the_first_said(bench: Bench) -> None:
    id = await bench.wrote(second=True)
    await bench.label("ann", id)
    assert await history(bench, id, "bo") == []
    await bench.label("bo", id, intent="cancel_order")
    assert await history(bench, id, "bo") == [("ann", False), ("bo", False)]
    assert await history(bench, id, "cy") == [("ann", False), ("bo", False)]  # to decide between them


async def test_how_reliable_somebody_is_is_told_by_week(bench: Bench) -> None:
    early, late = [await bench.wrote(second=True) for _ in range(2)], await bench.wrote(second=True)
    await bench.label("ann", *early, late)
    await bench.label("bo", early[0])
    await bench.label("bo", early[1], intent="cancel_order")
    bench.clock.now += timedelta(weeks=1)
    await bench.label("bo", late)
    async with bench.database.read() as session:
        told = await reports.over_time(session)
    assert {one["agent"]["name"]: one["weeks"] for one in told["coders"]} == {
        name: [{"week": "2026-W47", "n": 2, "agreed": 1}, {"week": "2026-W48", "n": 1, "agreed": 1}]
        for name in ("ann", "bo")
    }


async def test_what_was_freed_while_its_like_were_labelled_otherwise_is_not_learnt(bench: Bench) -> None:
    first = await bench.wrote("where is it")
    like = await bench.wrote("where's it", group_id=first)
    await bench.label("ann", first)
    await bench.change(first, change_id="change")
    assert (await bench.label("bo", like, intent="cancel_order")).states == {
        first: "settled",
        like: "labelled",
    }
    await bench.change(first, change_id=None)
    async with bench.database.read() as session:
        made = await bench.taking.lessons(session)
    assert (made.ids, made.left) == ([], {"contradicting": 1})

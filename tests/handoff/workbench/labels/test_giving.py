"""Labels in the database: given, refused, passed on, taken back, decided, by several people."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff.errors import Conflict, Forbidden
from handoff.workbench.models import Annotation, Audit
from tests.handoff.workbench.labels.conftest import Bench


async def annotations(bench: Bench, id: str) -> list[Annotation]:
    async with bench.database.read() as session:
        asked = select(Annotation).where(Annotation.utterance_id == id).order_by(Annotation.at)
        return list(await session.scalars(asked))


async def test_a_label_settles_and_is_written_down(bench: Bench) -> None:
    id = await bench.wrote("track SO-100001 please")
    given = await bench.label("ann", id, entities=[(6, 15, "order_number")])
    assert (given.labelled, given.refused, given.states) == ([id], [], {id: "settled"})
    (row,) = await annotations(bench, id)
    assert row.entities == [{"start": 6, "end": 15, "entity": "order_number"}]
    async with bench.database.read() as session:
        noted = (await session.scalars(select(Audit))).one()
    assert (noted.what, noted.about, noted.detail) == ("labels_given", given.batch, {"count": 1, "intent": 1})


async def test_what_cannot_be_taken_is_refused_and_the_rest_is_taken(bench: Bench) -> None:
    good, held, data = await bench.wrote(), await bench.wrote(), await bench.wrote()
    soon = bench.clock.now + timedelta(minutes=10)
    await bench.change(held, assigned_to=bench.people["bo"].id, assigned_until=soon)
    await bench.change(data, change_id="change")
    given = await bench.label("ann", good, held, data, "nowhere", good)
    assert given.labelled == [good]
    assert {one["utterance"]: one["code"] for one in given.refused} == {
        held: "with_somebody_else", data: "taken_into_data", "nowhere": "unknown_utterance", good: "twice",
    }  # fmt: skip


async def test_a_lease_that_has_run_out_holds_nobody_up(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.change(id, assigned_to=bench.people["bo"].id, assigned_until=bench.clock.now)
    assert (await bench.label("ann", id)).labelled == [id]


async def test_what_a_supervisor_gave_to_somebody_is_theirs_until_they_label_it(bench: Bench) -> None:
    id = await bench.wrote(second=True)
    await bench.change(id, assigned_to=bench.people["bo"].id)
    assert (await bench.label("ann", id)).refused == [{"utterance": id, "code": "with_somebody_else"}]
    await bench.label("bo", id)
    assert (await bench.row(id)).assigned_to is None
    assert (await bench.label("ann", id)).states == {id: "settled"}


async def test_who_comes_second_with_another_label_is_told_so(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.label("ann", id)
    late = await bench.label("bo", id, intent="cancel_order")
    assert late.refused == [{"utterance": id, "code": "labelled_meanwhile"}]
    assert await bench.state(id) == "settled"
    knowing = await bench.label("bo", id, intent="cancel_order", anyway=True)
    assert knowing.states == {id: "labelled"}
    assert (await bench.row(id)).reasons == ["contradicting"]


async def test_who_comes_second_with_the_same_label_agrees(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.label("ann", id)
    assert (await bench.label("bo", id)).states == {id: "settled"}


async def test_one_that_two_people_label_waits_for_the_second(bench: Bench) -> None:
    id = await bench.wrote(second=True)
    assert (await bench.label("ann", id)).states == {id: "labelled"}
    assert (await bench.label("ann", id)).states == {id: "labelled"}
    assert (await bench.label("bo", id)).states == {id: "settled"}


async def test_a_label_passes_on_to_what_is_alike_with_its_entities(bench: Bench) -> None:
    first = await bench.wrote("track SO-100001", group_size=3)
    await bench.change(first, group_id=first)
    like = await bench.wrote("please track SO-100001 now", group_id=first, hidden=True)
    twice = await bench.wrote("SO-100001 SO-100001", group_id=first, hidden=True)
    other = await bench.wrote("something else")
    given = await bench.label("ann", first, similar=True, entities=[(6, 15, "order_number")])
    assert set(given.labelled) == {first, like, twice}
    assert (await annotations(bench, like))[0].entities == [
        {"start": 13, "end": 22, "entity": "order_number"}
    ]
    assert (await annotations(bench, twice))[0].entities == []
    assert await bench.state(other) == "open"


async def test_a_label_does_not_pass_on_to_what_somebody_else_labelled(bench: Bench) -> None:
    first = await bench.wrote("where is it")
    like = await bench.wrote("where's it", group_id=first)
    await bench.label("bo", like, intent="cancel_order")
    given = await bench.label("ann", first, similar=True)
    assert given.labelled == [first]
    assert given.states == {first: "labelled", like: "labelled"}  # they contradict each other


async def test_undoing_takes_back_the_whole_batch_and_gives_it_to_who_undid_it(bench: Bench) -> None:
    ids = [await bench.wrote() for _ in range(3)]
    given = await bench.label("ann", *ids)
    undone = await bench.undo("ann")
    assert (undone["batch"], set(undone["utterances"])) == (given.batch, set(ids))
    assert undone["what"] == {"kind": "intent", "intent": "track_order", "settles": False, "count": 3}
    for id in ids:
        row = await bench.row(id)
        assert (row.state, row.assigned_to) == ("open", bench.people["ann"].id)
        assert (await annotations(bench, id))[0].undone_at is not None  # kept for the record


async def test_undoing_leaves_what_others_labelled_meanwhile(bench: Bench) -> None:
    ids = [await bench.wrote(second=True) for _ in range(2)]
    await bench.label("ann", *ids)
    await bench.label("bo", ids[0])
    assert await bench.state(ids[0]) == "settled"
    await bench.undo("ann")
    assert [await bench.state(id) for id in ids] == ["labelled", "open"]


async def test_undoing_brings_back_what_one_said_before(bench: Bench) -> None:
    id = await bench.wrote()
    await bench.label("ann", id)
    await bench.label("ann", id, intent="cancel_order")
    await bench.undo("ann")
    bo = await bench.label("bo", id)  # agrees with what ann said first
    assert bo.states == {id: "settled"}


async def test_undoing_again_goes_one_further_back_until_nothing_is_left(bench: Bench) -> None:
    first, second = await bench.wrote(), await bench.wrote()
    await bench.label("ann", first)
    await bench.label("ann", second)
    assert (await bench.undo("ann"))["utterances"] == [second]
    assert (await bench.undo("ann"))["utterances"] == [first]
    with pytest.raises(Conflict, match="nothing_to_undo"):
        await bench.undo("ann")


async def test_others_labels_are_taken_back_by_supervisors_only(bench: Bench) -> None:
    id = await bench.wrote()
    batch = (await bench.label("ann", id)).batch
    with pytest.raises(Forbidden, match="not_your_labels"):
        await bench.undo("bo", batch)
    await bench.undo("sue", batch)
    assert await bench.state(id) == "open"
    with pytest.raises(Conflict, match="undone"):
        await bench.undo("ann", batch)


async def test_what_is_in_a_change_is_not_undone_under_it(bench: Bench) -> None:
    ids = [await bench.wrote(), await bench.wrote()]
    await bench.label("ann", *ids)
    await bench.change(ids[1], change_id="change")
    with pytest.raises(Conflict, match="label_taken"):
        await bench.undo("ann")
    assert [await bench.state(id) for id in ids] == ["settled", "settled"]


async def test_a_trainer_settles_what_others_disagree_on(bench: Bench) -> None:
    id = await bench.wrote(second=True)
    await bench.label("ann", id)
    with pytest.raises(Conflict, match="nothing_to_settle"):
        await bench.settle("cy", id)
    await bench.label("bo", id, intent="cancel_order")
    with pytest.raises(Forbidden, match="own_disagreement"):
        await bench.settle("ann", id)
    assert (await bench.settle("cy", id, "get_invoice")).states == {id: "settled"}
    await bench.undo("cy")
    assert await bench.state(id) == "labelled"
    await bench.settle("sue", id)
    assert await bench.state(id) == "settled"


async def test_a_decision_may_hold_for_all_that_is_alike_and_disagreed_on(bench: Bench) -> None:
    first = await bench.wrote("where is it")
    like = await bench.wrote("where's it", group_id=first)
    quiet = await bench.wrote("wheres it", group_id=first)
    await bench.label("ann", first)
    await bench.label("bo", like, intent="cancel_order")
    given = await bench.settle("sue", first, similar=True)
    assert given.states == {first: "settled", like: "settled", quiet: "open"}


async def test_two_people_labelling_the_same_at_the_same_moment_are_both_heard(bench: Bench) -> None:
    ids = [await bench.wrote(second=True) for _ in range(12)]
    same, other = ids[:6], ids[6:]

    async def batch(who: str, intent: str) -> None:
        order = ids if who == "ann" else ids[::-1]
        await asyncio.gather(
            *(bench.label(who, id, intent="track_order" if id in same else intent) for id in order)
        )

    await asyncio.gather(batch("ann", "get_invoice"), batch("bo", "cancel_order"))
    assert [await bench.state(id) for id in same] == ["settled"] * 6
    assert [await bench.state(id) for id in other] == ["labelled"] * 6
    assert [len(await annotations(bench, id)) for id in ids] == [2] * 12


async def test_of_two_people_with_different_labels_at_the_same_moment_one_is_refused(bench: Bench) -> None:
    ids = [await bench.wrote() for _ in range(8)]
    one, other = await asyncio.gather(
        bench.label("ann", *ids), bench.label("bo", *ids[::-1], intent="cancel_order")
    )
    assert sorted([len(one.labelled), len(other.labelled)]) == [0, 8]
    assert {refused["code"] for given in (one, other) for refused in given.refused} == {"labelled_meanwhile"}
    assert {await bench.state(id) for id in ids} == {"settled"}


async def test_like_utterances_labelled_at_the_same_moment_end_up_contradicting(bench: Bench) -> None:
    first = await bench.wrote("where is it")
    like = await bench.wrote("where's it", group_id=first)
    await asyncio.gather(bench.label("ann", first), bench.label("bo", like, intent="cancel_order"))
    assert (await bench.state(first), await bench.state(like)) == ("labelled", "labelled")


async def test_labels_and_undoing_at_the_same_moment_leave_what_was_not_undone(bench: Bench) -> None:
    ids = [await bench.wrote(second=True) for _ in range(6)]
    batch = (await bench.label("ann", *ids)).batch
    await asyncio.gather(bench.undo("ann", batch), bench.label("bo", *ids[::-1]), bench.label("cy", *ids[2:]))
    assert [await bench.state(id) for id in ids] == ["labelled"] * 2 + ["settled"] * 4


async def test_undoing_twice_at_the_same_moment_happens_once(bench: Bench) -> None:
    batch = (await bench.label("ann", await bench.wrote())).batch
    both = await asyncio.gather(bench.undo("ann", batch), bench.undo("ann", batch), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["Conflict", "dict"]

"""Whatever people do, in whatever order, the database says what the pure rules say."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from handoff.errors import SetuError
from handoff.workbench.labels.states import of_group
from handoff.workbench.labels.store import item, labels_of
from handoff.workbench.models import Annotation, Utterance
from tests.handoff.workbench.labels.conftest import Bench

STEPS = 40
PEOPLE = ("ann", "bo", "cy", "sue")
INTENTS = ("track_order", "cancel_order", None)


async def make(bench: Bench) -> list[str]:
    """Two that are alike, one that two people label, two of their own."""
    head = await bench.wrote("where is it", group_size=2)
    await bench.change(head, group_id=head)
    like = await bench.wrote("where's it", group_id=head, hidden=True)
    return [head, like, await bench.wrote(second=True), await bench.wrote(), await bench.wrote()]


async def expected(bench: Bench, ids: list[str]) -> dict[str, str]:
    """By the rules, from all labels that there are."""
    async with bench.database.read() as session:
        rows = [await session.get(Utterance, id) for id in ids]
        labels = await labels_of(session, ids)
        usable = await bench.words.usable(session)
    groups: dict[str, dict[str, Utterance]] = {}
    for row in rows:
        assert row is not None
        groups.setdefault(row.group_id or row.id, {})[row.id] = row
    found = {}
    for group in groups.values():
        items = {id: item(row, labels[id]) for id, row in group.items()}
        found |= {id: one.state for id, one in of_group(items, usable.__contains__).items()}
    return found


async def states(bench: Bench, ids: list[str]) -> dict[str, str]:
    return {id: await bench.state(id) for id in ids}


async def count(bench: Bench) -> int:
    async with bench.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Annotation)) or 0


@pytest.mark.parametrize("seed", range(4))
async def test_states_follow_from_the_labels_and_no_label_is_lost(bench: Bench, seed: int) -> None:
    chance, ids, given = random.Random(seed), await make(bench), 0
    for _ in range(STEPS):
        who, intent = chance.choice(PEOPLE), chance.choice(INTENTS)
        some = chance.sample(ids, chance.randint(1, 3))
        what = chance.choice(["label", "label", "label", "undo", "settle"])
        try:
            if what == "label":
                made = await bench.label(
                    who, *some, intent=intent, similar=chance.random() < 0.3, anyway=chance.random() < 0.7
                )
                given += len(made.labelled)
            elif what == "settle":
                given += len((await bench.settle(who, some[0], intent or "get_invoice")).labelled)
            else:
                await bench.undo(who)
        except SetuError:
            pass  # refused as a whole, which must change nothing
        assert await states(bench, ids) == await expected(bench, ids)
        assert await count(bench) == given


@pytest.mark.parametrize("seed", range(4))
async def test_a_batch_is_undone_exactly_whatever_others_did_since(bench: Bench, seed: int) -> None:
    chance, ids = random.Random(seed), await make(bench)
    await bench.label("bo", *chance.sample(ids, 2), intent="cancel_order")
    batch = (await bench.label("ann", *ids, anyway=True)).batch
    for _ in range(6):
        who = chance.choice(("bo", "cy", "sue"))
        some = chance.sample(ids, 2)
        await bench.label(who, *some, intent=chance.choice(INTENTS), anyway=True)
    async with bench.database.read() as session:
        labels = await labels_of(session, ids)
    await bench.undo("ann", batch)
    async with bench.database.read() as session:
        left = await labels_of(session, ids)
    assert {id: left[id] for id in ids} == {
        id: [one for one in labels[id] if one.batch != batch] for id in ids
    }
    assert await states(bench, ids) == await expected(bench, ids)

"""What became of an utterance, and how agreement went week by week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handoff.workbench.labels import reports
from handoff.workbench.labels.history import history
from handoff.workbench.models import Change, Model, Run
from tests.handoff.workbench.labels.conftest import Bench


async def told(bench: Bench, id: str, who: str = "ann") -> dict[str, Any]:
    async with bench.database.read() as session:
        return await history(session, await bench.row(id), bench.people[who])


async def test_what_nobody_touched_was_only_written(bench: Bench) -> None:
    id = await bench.wrote(source="import")
    found = await told(bench, id)
    assert (found["source"], found["entries"], found["change"], found["model"]) == ("import", [], None, None)


async def test_the_change_that_it_is_in_and_who_applied_it(bench: Bench) -> None:
    id = await bench.wrote("my order is where")
    await bench.label("ann", id)
    change, _ = await bench.take("ann")
    assert (await told(bench, id))["change"]["state"] == "draft"
    async with bench.database.write() as session:
        row = await session.get_one(Change, change.id)
        row.state, row.reviewer_id, row.settled_at = "applied", bench.people["bo"].id, bench.clock()
    found = (await told(bench, id))["change"]
    assert (found["state"], found["author"]["name"], found["reviewer"]["name"]) == ("applied", "ann", "bo")
    assert found["title"]
    assert found["settled_at"]


async def test_the_training_whose_model_reads_it_now(bench: Bench) -> None:
    id = await bench.wrote(reading={"model": "setu-7", "intent": "track_order"})
    assert (await told(bench, id))["model"] == {"name": "setu-7", "intent": "track_order", "run": None}
    async with bench.database.write() as session:
        session.add(Run(id="r7", number=7, agent_id=bench.people["ann"].id))
        await session.flush()
        session.add(Model(name="setu-7", sha256="0", size=1, run_id="r7"))
    assert (await told(bench, id))["model"]["run"] == {"id": "r7", "number": 7}


async def test_what_colleagues_said_is_hidden_from_the_second_and_that_is_told(bench: Bench) -> None:
    id = await bench.wrote(second=True)
    await bench.label("ann", id)
    assert (await told(bench, id, "bo"))["hidden"] is True
    await bench.label("bo", id)
    assert (await told(bench, id, "bo"))["hidden"] is False


async def test_agreement_is_told_week_by_week_and_not_from_a_few(bench: Bench) -> None:
    first = [await bench.wrote(second=True) for _ in range(12)]
    later = [await bench.wrote(second=True) for _ in range(3)]
    await bench.label("ann", *first[:6], *later)
    await bench.label("ann", *first[6:], intent="cancel_order")
    await bench.label("bo", *first[:6])
    await bench.label("bo", *first[6:9], intent="cancel_order")
    await bench.label("bo", *first[9:], intent="get_invoice")
    bench.clock.now += timedelta(weeks=1)
    await bench.label("bo", *later)
    async with bench.database.read() as session:
        weeks = (await reports.over_time(session))["weeks"]
    assert [(one["week"], one["at"], one["doubly"], one["agreed"]) for one in weeks] == [
        ("2026-W47", "2026-11-16", 12, 9),
        ("2026-W48", "2026-11-23", 3, 3),
    ]
    # 9 of 12 agree, by chance (6·6 + 6·3 + 0)/144
    assert weeks[0]["kappa"] == pytest.approx((0.75 - 0.375) / (1 - 0.375))
    assert weeks[0]["kappa_low"] < weeks[0]["kappa"] < weeks[0]["kappa_high"]
    assert (weeks[1]["kappa"], weeks[1]["reason"]) == (None, "too_few")

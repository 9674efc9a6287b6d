"""A run from the click to the verdict: what ends it early, and what a dead gateway leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.db import now
from handoff.agents.models import Agent
from handoff.errors import Conflict
from handoff.workbench.context import Context
from handoff.workbench.models import Audit, Change, Model, Promotion, Run
from handoff.workbench.runs.service import Runs
from handoff.workbench.runs.work import Work
from handoff.workbench.runs.worker import Tell, Worker
from tests.support import fake_trainer
from tests.support.waiting import until

PROBLEM = {"file": "data/nlu/en/a.yml", "line": 3, "severity": "error", "code": "yaml", "text": "odd"}


class Comparison:
    """Compares nothing, and remembers what it was asked to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path | None, Path]] = []
        self.prepared = 0

    async def prepare(self) -> None:
        self.prepared += 1

    async def compare(
        self, champion: Path | None, challenger: Path, tell: Tell
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        self.asked.append((champion, challenger))
        tell("reading", 0.5)
        return {"overall": {}}, {"passed": True, "lines": []}


@pytest.fixture
def comparison() -> Comparison:
    return Comparison()


@pytest.fixture
def runs(context: Context) -> Runs:
    return Runs(context)


Working = Callable[..., Any]


@pytest.fixture
def working(context: Context, runs: Runs, worker: Worker, comparison: Comparison) -> Working:
    @asynccontextmanager
    async def at_work(place: Context = context) -> AsyncIterator[None]:
        work = Work(place, runs, worker, comparison.compare, comparison.prepare, lambda: "recipe")
        task = asyncio.create_task(work.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return at_work


async def ended(runs: Runs, run_id: str) -> dict[str, Any]:
    return await in_state(runs, run_id, "done", "invalid", "failed", "cancelled")


async def in_state(runs: Runs, run_id: str, *states: str) -> dict[str, Any]:
    async def there() -> bool:
        return (await runs.one(run_id))["state"] in states

    await until(there)
    return await runs.one(run_id)


async def test_a_run_ends_with_a_model_and_the_gates_verdict(
    context: Context, runs: Runs, working: Working, comparison: Comparison, asha: Agent
) -> None:
    async with working():
        run = await ended(runs, await runs.start(asha))
    assert run["state"] == "done", run
    assert (run["number"], run["share"], run["data"]) == (1, 1.0, {"examples": 7, "fingerprint": ""})
    assert run["verdict"] == {"passed": True, "lines": []}
    assert run["seconds"].keys() == {"checking", "training", "comparing"}
    archive = context.models / f"{run['challenger']}.tar.gz"
    assert comparison.asked == [(None, archive)]
    async with context.database.read() as session:
        model = await session.get_one(Model, run["challenger"])
        whats = list(await session.scalars(select(Audit.what).order_by(Audit.id)))
    assert (model.size, model.recipe, model.run_id) == (len(b"a model"), "recipe", run["id"])
    assert whats == ["run_started", "model_trained"]


async def test_errors_in_the_data_end_it_before_the_training(
    runs: Runs, working: Working, root: Path, asha: Agent
) -> None:
    fake_trainer.tell(root, problems=[PROBLEM], die="train")
    async with working():
        run = await ended(runs, await runs.start(asha))
    assert (run["state"], run["problems"], run["challenger"]) == ("invalid", [PROBLEM], None)


async def test_warnings_do_not(runs: Runs, working: Working, root: Path, asha: Agent) -> None:
    fake_trainer.tell(root, problems=[PROBLEM | {"severity": "warning"}])
    async with working():
        run = await ended(runs, await runs.start(asha))
    assert (run["state"], len(run["problems"])) == ("done", 1)


@pytest.mark.parametrize(("how", "code"), [("die", "worker_died"), ("fail", "training_failed")])
async def test_a_training_that_fails_says_why_and_the_next_one_works(
    runs: Runs, working: Working, root: Path, asha: Agent, how: str, code: str
) -> None:
    fake_trainer.tell(root, **{how: "train"})
    async with working():
        failed = await ended(runs, await runs.start(asha))
        fake_trainer.tell(root)
        done = await ended(runs, await runs.start(asha))
    assert (failed["state"], failed["failure"]["code"]) == ("failed", code)
    assert (done["state"], done["number"]) == ("done", 2)


async def test_a_cancelled_run_ends_at_once_and_leaves_no_model(
    context: Context, runs: Runs, working: Working, root: Path, asha: Agent
) -> None:
    fake_trainer.tell(root, hang="train")
    async with working():
        run_id = await runs.start(asha)
        await in_state(runs, run_id, "training")
        await runs.cancel(asha, run_id)
        run = await ended(runs, run_id)
    assert (run["state"], run["challenger"]) == ("cancelled", None)
    assert list(context.models.iterdir()) == []


async def test_a_run_that_nobody_has_begun_is_cancelled_where_it_stands(runs: Runs, asha: Agent) -> None:
    run_id = await runs.start(asha)
    await runs.cancel(asha, run_id)
    assert (await runs.one(run_id))["state"] == "cancelled"


async def test_one_at_a_time(runs: Runs, asha: Agent) -> None:
    begun = await asyncio.gather(*(runs.start(asha) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, str) for one in begun) == 1
    assert all(isinstance(one, str | Conflict) for one in begun)


async def test_a_run_whose_gateway_stops_is_begun_again_by_the_next(
    context: Context, runs: Runs, working: Working, root: Path, asha: Agent
) -> None:
    fake_trainer.tell(root, hang="train")
    async with working():
        run_id = await runs.start(asha)
        await in_state(runs, run_id, "training")
    fake_trainer.tell(root)
    async with working(replace(context, holder="another")):
        assert (await ended(runs, run_id))["state"] == "done"


async def test_a_run_whose_gateway_was_killed_is_begun_again_when_its_lease_is_over(
    context: Context, runs: Runs, working: Working, asha: Agent
) -> None:
    run_id = await runs.start(asha)
    async with context.database.write() as session:
        run = await session.get_one(Run, run_id)
        run.state, run.lease_owner, run.lease_until = "training", "dead", now() + timedelta(seconds=5)
    later = replace(context, holder="another", clock=lambda: now() + timedelta(seconds=6))
    async with working(later):
        assert (await ended(runs, run_id))["state"] == "done"


async def test_a_lease_that_holds_is_left_alone(
    context: Context, runs: Runs, working: Working, comparison: Comparison, asha: Agent
) -> None:
    run_id = await runs.start(asha)
    async with context.database.write() as session:
        run = await session.get_one(Run, run_id)
        run.state, run.lease_owner, run.lease_until = "training", "alive", now() + timedelta(hours=1)
    async with working():
        await runs.cancel(asha, run_id)  # rings: it has looked
        other = await runs.listed()
    assert (other["runs"][0]["state"], comparison.prepared) == ("training", 0)


async def test_the_live_model_is_the_champion_and_changes_since_then_are_what_is_new(
    context: Context, runs: Runs, working: Working, comparison: Comparison, asha: Agent
) -> None:
    (context.models / "old.tar.gz").write_bytes(b"x")
    before, after = now() - timedelta(days=2), now() - timedelta(hours=1)
    async with context.database.write() as session:
        session.add(Model(name="old", sha256="0", size=1, trained_at=now() - timedelta(days=1)))
        await session.flush()
        session.add(Promotion(model="old", agent_id=asha.id))
        for title, at in (("learnt", before), ("new", after)):
            session.add(Change(title=title, state="applied", author_id=asha.id, settled_at=at))
    assert [one["title"] for one in (await runs.listed())["waiting"]] == ["new"]
    async with working():
        run = await ended(runs, await runs.start(asha))
    assert run["champion"] == "old"
    assert comparison.asked[0][0] == context.models / "old.tar.gz"


async def test_it_stops_although_somebody_rings_in_that_moment(
    context: Context, runs: Runs, worker: Worker, comparison: Comparison
) -> None:
    work = Work(context, runs, worker, comparison.compare, comparison.prepare, lambda: "recipe")
    task = asyncio.create_task(work.run())
    await runs.listed()
    runs.bell.set()
    task.cancel()
    await until(lambda: asyncio.sleep(0, task.done()))
    assert task.cancelled()

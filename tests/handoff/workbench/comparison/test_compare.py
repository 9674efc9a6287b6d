"""A whole comparison, with a worker and a sandbox that are made up."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handoff.workbench.comparison.compare import compare
from handoff.workbench.comparison.gate import judge
from handoff.workbench.context import Context
from handoff.workbench.runs.worker import WorkerFailed
from handoff.workbench.talks.service import Talks
from tests.handoff.workbench.comparison.conftest import FakeWorker
from tests.handoff.workbench.talks.made import FakeStage, Wrote, story

MISREAD = {"is it on its way by now": "cancel_order"}


def quiet(_step: str, _share: float) -> None:
    pass


async def test_a_report_is_made_from_readings_talks_and_tests(
    context: Context, archives: tuple[Path, Path]
) -> None:
    story(context.root, "orders/hello.yml", "Somebody says hello")
    await Wrote(context).talk("hello there", "is it on its way by now")
    worker = FakeWorker({"old": MISREAD, "new": {}})
    stage = FakeStage()
    told: list[tuple[str, float]] = []
    report = await compare(
        context, worker, *archives, lambda *one: told.append(one), talks=Talks(context, make=lambda: stage)
    )
    assert [one["text"] for one in report["fixed"]] == ["is it on its way by now"]
    assert report["sets"][1]["size"] == 5
    assert report["overall"]["challenger"]["n"] == 5
    assert report["overall"]["difference"]["accuracy"]["value"] > 0
    assert report["replay"]["turns"] == 2
    assert [one["text"] for one in report["replay"]["examples"]] == ["is it on its way by now"]
    assert report["talks"] | {"failures": []} == {
        "passed": 1, "failed": 0, "total": 1, "champion_passed": None, "failures": [],
    }  # fmt: skip
    assert report["cost"]["latency"]["champion"] == {"p50": 12.0, "p95": 12.0}
    assert report["cost"]["size"] == {"champion": 10, "challenger": 10}
    assert stage.loaded == ["new.tar.gz"]
    assert told[-1] == ("figures", 1.0)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert judge(report)["lines"]


async def test_the_first_model_is_compared_with_nothing(
    context: Context, archives: tuple[Path, Path]
) -> None:
    stage = FakeStage()
    report = await compare(
        context, FakeWorker(), None, archives[1], quiet, talks=Talks(context, make=lambda: stage)
    )
    assert report["overall"]["champion"] is None
    assert report["mcnemar"] is None
    assert report["cost"]["size"]["champion"] is None
    assert report["curve"]["champion"] is None
    assert {line["code"] for line in judge(report)["lines"]} == {"ece", "latency", "talks", "leaks"}


async def test_nothing_is_compared_on_where_there_is_no_message(
    context: Context, archives: tuple[Path, Path]
) -> None:
    empty = replace(context, root=context.root / "empty")
    report = await compare(empty, FakeWorker(), *archives, quiet, talks=Talks(empty, make=FakeStage))
    assert report["overall"]["challenger"]["n"] == 0
    assert not judge(report)["passed"]


async def test_a_worker_that_dies_is_told_and_the_tests_are_not_waited_for(
    context: Context, archives: tuple[Path, Path]
) -> None:
    class Dying(FakeWorker):
        async def ask(self, do: str, tell: Any = None, /, **given: Any) -> dict[str, Any]:
            await asyncio.to_thread(stage.asked.wait)
            raise WorkerFailed("worker_died")

    story(context.root, "orders/hello.yml", "Somebody says hello")
    stage = FakeStage(hold=threading.Event())
    with pytest.raises(WorkerFailed):
        await compare(context, Dying(), *archives, quiet, talks=Talks(context, make=lambda: stage))
    assert stage.stopped.is_set()


async def test_a_sandbox_that_breaks_fails_the_gate_and_not_the_comparison(
    context: Context, archives: tuple[Path, Path]
) -> None:
    story(context.root, "orders/hello.yml", "Somebody says hello")
    stage = FakeStage(broken=True)
    report = await compare(context, FakeWorker(), *archives, quiet, talks=Talks(context, make=lambda: stage))
    assert report["talks"]["problem"]
    assert "talks" in {line["code"] for line in judge(report)["lines"] if not line["passed"]}


async def test_old_talks_taps_and_what_was_said_to_people_are_not_replayed(
    context: Context, archives: tuple[Path, Path]
) -> None:
    wrote = Wrote(context)
    await wrote.talk("from long ago", at=context.clock() - timedelta(days=8))
    await wrote.talk("said to a person", understood=False)
    await wrote.talk("tapped", payload="/affirm")
    report = await compare(context, FakeWorker(), *archives, quiet, talks=Talks(context, make=FakeStage))
    assert (report["replay"]["talks"], report["replay"]["turns"]) == (0, 0)

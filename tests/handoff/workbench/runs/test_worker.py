"""The process that trains, as the gateway meets it: its answers, its death, its rest."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from handoff.workbench.runs.worker import Worker, WorkerFailed
from tests.support import fake_trainer
from tests.support.waiting import until


async def test_an_answer_and_the_progress_before_it(worker: Worker) -> None:
    told: list[tuple[str, float]] = []
    answer = await worker.ask("check", lambda step, share: told.append((step, share)))
    assert answer == {"problems": [], "data": {"examples": 7}}
    assert told == [("check", 0.5)]


async def test_who_asks_at_once_gets_his_own_answer(worker: Worker, root: Path) -> None:
    first, second = root / "a.tar.gz", root / "b.tar.gz"
    asked = [worker.ask("train", out=str(out), base=str(out)) for out in (first, second)]
    assert [answer["base"] for answer in await asyncio.gather(*asked)] == [str(first), str(second)]


async def test_a_refusal_leaves_it_at_work(worker: Worker) -> None:
    with pytest.raises(WorkerFailed) as refused:
        await worker.ask("dance")
    assert (refused.value.code, refused.value.message) == ("unknown", "dance")
    assert (await worker.ask("check"))["data"] == {"examples": 7}


async def test_its_death_is_told_with_its_last_words_and_the_next_question_starts_it_anew(
    worker: Worker, root: Path
) -> None:
    fake_trainer.tell(root, die="check")
    with pytest.raises(WorkerFailed) as died:
        await worker.ask("check")
    assert died.value.code == "worker_died"
    fake_trainer.tell(root)
    assert (await worker.ask("check"))["problems"] == []


async def test_a_cancelled_question_ends_it_and_the_next_is_not_answered_by_what_was_left(
    worker: Worker, root: Path
) -> None:
    async def hangs() -> bool:
        return (root / "hangs").exists()

    fake_trainer.tell(root, hang="train")
    asked = asyncio.create_task(worker.ask("train", out="x", base=None))
    await until(hangs)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    fake_trainer.tell(root)
    assert (await worker.ask("check"))["data"] == {"examples": 7}


async def test_without_the_bots_environment_it_says_so(tmp_path: Path) -> None:
    worker = Worker(tmp_path / "nowhere" / "python", tmp_path)
    with pytest.raises(WorkerFailed) as failed:
        await worker.ask("check")
    assert failed.value.code == "no_worker"


async def test_a_process_that_cannot_start_is_told_with_its_words(tmp_path: Path) -> None:
    worker = Worker(Path(sys.executable), tmp_path)  # there is no bot.trainer
    with pytest.raises(WorkerFailed) as failed:
        await worker.ask("check")
    assert failed.value.code == "worker_died"


async def test_unasked_it_goes_and_comes_back_when_it_is(root: Path) -> None:
    worker = Worker(Path(sys.executable), root, rest=0.0)

    async def rests() -> bool:
        return worker.process_id is None

    await worker.ask("check")
    first = worker.process_id
    await until(rests)
    await worker.ask("check")
    assert first is not None
    assert worker.process_id != first
    await worker.stop()


async def test_stopped_in_the_middle_of_a_question_it_tells_who_asked(worker: Worker, root: Path) -> None:
    async def hangs() -> bool:
        return (root / "hangs").exists()

    fake_trainer.tell(root, hang="check")
    asked = asyncio.create_task(worker.ask("check"))
    await until(hangs)
    await worker.stop()
    with pytest.raises(WorkerFailed):
        await asked

"""Conversation tests for the gateway: with a model, beside other work, and cancelled."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.contract import TurnReply
from handoff.errors import Conflict, NotFound
from handoff.workbench.context import Context
from handoff.workbench.models import Model, Promotion
from handoff.workbench.talks.service import Talks
from tests.handoff.workbench.talks.made import FakeStage, reply, story

OLD, NEW = Path("/models/old.tar.gz"), Path("/models/new.tar.gz")


def quiet(_step: str, _share: float) -> None:
    pass


def knows(*pairs: tuple[str, str]) -> Any:
    """Answers rightly unless this model is asked this."""

    def answer(model: str, request: dict[str, Any]) -> TurnReply:
        wrong = (model.removesuffix(".tar.gz"), request["text"]) in pairs
        return reply(intent="insult" if wrong else "greet")

    return answer


def three(root: Path) -> None:
    for word in ("hello", "hi", "hey"):
        story(root, f"talk/{word}.yml", f"They say {word}", {"user": word, "expect": {"intent": "greet"}})


async def test_what_fails_is_played_with_the_champion_too(context: Context, root: Path) -> None:
    three(root)
    stage = FakeStage(knows(("new", "hello"), ("new", "hey"), ("old", "hey")))
    told: list[tuple[str, float]] = []
    found = await Talks(context, make=lambda: stage).play_all(NEW, OLD, lambda *one: told.append(one))
    assert (found["passed"], found["failed"], found["total"]) == (1, 2, 3)
    assert [(one["file"], one["champion"]) for one in found["failures"]] == [
        ("tests/stories/talk/hello.yml", True),
        ("tests/stories/talk/hey.yml", False),
    ]
    first = found["failures"][0]
    assert first["title"] == "They say hello"
    assert first["problems"][0] | {"text": ""} == {
        "step": 1, "code": "intent", "expected": "greet", "got": "insult", "about": None, "text": "",
    }  # fmt: skip
    assert stage.loaded == ["new.tar.gz", "old.tar.gz"]
    assert stage.anew == 3 + 2 + 2
    assert [step for step, _ in told] == ["tests"] * 3
    assert told[-1][1] == pytest.approx(1.0)


async def test_what_goes_wrong_only_once_is_no_failure(context: Context, root: Path) -> None:
    three(root)
    luck = iter([False])
    stage = FakeStage(lambda *_: reply(intent="greet" if next(luck, True) else "insult"))
    found = await Talks(context, make=lambda: stage).play_all(NEW, OLD, quiet)
    assert (found["passed"], found["failed"]) == (3, 0)
    assert stage.loaded == ["new.tar.gz"]


async def test_a_file_that_is_no_test_fails_as_one(context: Context, root: Path) -> None:
    file = root / "tests" / "stories" / "talk" / "broken.yml"
    file.parent.mkdir(parents=True)
    file.write_text("conversation: [")
    found = await Talks(context, make=FakeStage).play_all(NEW, None, quiet)
    assert found["failed"] == 1
    assert found["failures"][0]["problems"][0]["code"] == "story"
    assert found["failures"][0]["champion"] is None


async def test_a_sandbox_that_cannot_be_made_is_a_problem_and_is_made_anew_the_next_time(
    context: Context, root: Path
) -> None:
    three(root)
    stages = [FakeStage(broken=True), FakeStage()]
    talks = Talks(context, make=lambda: stages.pop(0))
    assert (await talks.play_all(NEW, None, quiet))["problem"] == "there is no bot here"
    assert (await talks.play_all(NEW, None, quiet))["passed"] == 3


async def test_who_is_cancelled_ends_the_sandbox(context: Context, root: Path) -> None:
    three(root)
    stage = FakeStage(hold=threading.Event())
    playing = asyncio.create_task(Talks(context, make=lambda: stage).play_all(NEW, None, quiet))
    await asyncio.to_thread(stage.asked.wait)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert stage.stopped.is_set()


async def test_a_sandbox_is_made_ready_before_and_used_again(context: Context, root: Path) -> None:
    three(root)
    stage = FakeStage()
    made: list[FakeStage] = []
    talks = Talks(context, make=lambda: made.append(stage) or stage)  # type: ignore[func-returns-value]
    await talks.prepare(OLD)
    await talks.play_all(NEW, None, quiet)
    await talks.replay("tests/stories/talk/hi.yml", OLD)
    assert len(made) == 1
    assert stage.started == ["old.tar.gz", "new.tar.gz", "old.tar.gz"]
    await talks.stop()
    assert stage.stopped.is_set()


async def test_a_sandbox_goes_when_nobody_has_used_it_for_a_while(context: Context) -> None:
    stage = FakeStage()
    await Talks(context, make=lambda: stage, rest=0.01).prepare(OLD)
    assert await asyncio.to_thread(stage.stopped.wait, 10)


async def test_without_any_model_there_is_nothing_to_make_ready(context: Context, root: Path) -> None:
    three(root)
    talks = Talks(context, make=FakeStage)
    await talks.prepare()
    with pytest.raises(Conflict, match="no_model"):
        await talks.replay("tests/stories/talk/hi.yml")


async def test_one_test_is_replayed_with_the_live_model(context: Context, root: Path) -> None:
    three(root)
    context.models.mkdir()
    for age, name in enumerate(("live", "newest")):
        archive = context.models / f"{name}.tar.gz"
        archive.write_bytes(b"")
        os.utime(archive, (age, age))
    stage = FakeStage(knows(("live", "hi")))
    talks = Talks(context, make=lambda: stage)
    told = await talks.replay("tests/stories/talk/hi.yml")
    assert (told["passed"], told["model"]) == (True, "newest")
    await promoted(context, "live")
    told = await talks.replay("tests/stories/talk/hi.yml")
    assert (told["passed"], told["model"]) == (False, "live")
    assert [one["who"] for one in told["steps"]] == ["customer", "bot"]
    assert told["problems"][0]["code"] == "intent"


@pytest.mark.parametrize("file", ["tests/stories/talk/none.yml", "../secrets.yml", "data/responses/en.yml"])
async def test_a_file_that_is_not_among_the_tests_is_unknown(context: Context, root: Path, file: str) -> None:
    three(root)
    with pytest.raises(NotFound):
        await Talks(context, make=FakeStage).replay(file, OLD)


async def test_a_replay_without_a_sandbox_is_refused(context: Context, root: Path) -> None:
    three(root)
    with pytest.raises(Conflict, match="sandbox_failed"):
        await Talks(context, make=lambda: FakeStage(broken=True)).replay("tests/stories/talk/hi.yml", OLD)


async def promoted(context: Context, name: str) -> None:
    async with context.database.write() as session:
        session.add(Model(name=name, sha256="", size=0, trained_at=context.clock()))
        await session.flush()
        session.add(Promotion(kind="promote", model=name, at=context.clock()))

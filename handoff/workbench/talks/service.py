"""Conversation tests with any model: one sandbox, made ready early and kept warm for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import structlog

from handoff.errors import Conflict, NotFound
from handoff.workbench.context import Context
from handoff.workbench.runs.service import archive, live_model
from handoff.workbench.talks.processes import SandboxFailed
from handoff.workbench.talks.sandbox import Sandbox
from handoff.workbench.talks.story import Story
from handoff.workbench.talks.suite import Played, Stage, Suite

MOST_TOLD = 500  # characters of what broke a sandbox
REST = 600.0  # seconds without a talk until the sandbox goes; it holds a gigabyte

Done = TypeVar("Done")
Tell = Callable[[str, float], None]

log = structlog.get_logger()


class Talks:
    """``make``: another sandbox, for tests. Talks wait for each other."""

    def __init__(
        self,
        context: Context,
        *,
        make: Callable[[], Stage] | None = None,
        suite: Callable[[Path], Suite] = Suite,
        rest: float = REST,
    ) -> None:
        self._context, self._suite, self._rest = context, suite, rest
        self._make = make or (
            lambda: Sandbox(context.root, context.python, context.home / "workbench" / "sandbox")
        )
        self._sandbox: Stage | None = None
        self._line = asyncio.Lock()
        self._leaving: asyncio.TimerHandle | None = None
        self._going: asyncio.Task[None] | None = None

    async def prepare(self, model: Path | None = None) -> None:
        """Have a sandbox ready beside other work, with any model: the right one is given to it later.

        Without a model nothing can be started yet. What goes wrong is told when talks are played.
        """
        model = model or await self.live()
        if model is None:
            return
        async with self._line:
            try:
                await self._in_sandbox(lambda sandbox: sandbox.start(model))
            except SandboxFailed as failed:
                log.warning("sandbox_not_ready", reason=str(failed)[:300])

    async def play_all(self, challenger: Path, champion: Path | None, tell: Tell) -> dict[str, Any]:
        """``{passed, failed, total, champion_passed, failures}`` of all conversation tests.

        Those that fail are played again, and if they fail again with the champion as well: ``champion`` in
        each failure says whether it passes there (null: there is none). ``problem`` instead of figures where
        nothing could be played.
        """
        suite = await asyncio.to_thread(self._suite, self._context.root)
        total = len(suite.files)

        def play(sandbox: Stage) -> tuple[Sequence[Played], dict[str, bool]]:
            sandbox.load(challenger)
            played = suite.play_all(sandbox, suite.files, lambda n: tell("tests", n / max(1, total)))
            if len(played) < total:
                raise SandboxFailed("it ended before all tests were played")
            # A second time: what a busy computer broke is no fault of the model.
            again = suite.play_all(sandbox, _failing(played), lambda _: None)
            second = {one.file: one for one in again}
            played = [second.get(one.file, one) for one in played]
            before: dict[str, bool] = {}
            if _failing(played) and champion is not None:
                sandbox.load(champion)
                theirs = suite.play_all(sandbox, _failing(played), lambda _: None)
                before = {one.file: one.outcome.passed for one in theirs}
            return played, before

        async with self._line:
            try:
                played, before = await self._in_sandbox(play)
            except SandboxFailed as failed:
                log.warning("conversation_tests_not_played", reason=str(failed)[:300])
                nothing = {"passed": None, "failed": None, "total": total, "champion_passed": None}
                return nothing | {"failures": [], "problem": str(failed)[:MOST_TOLD]}
        failures = [
            one.told() | {"champion": before.get(one.file)} for one in played if not one.outcome.passed
        ]
        passed = total - len(failures)
        return {
            "passed": passed,
            "failed": len(failures),
            "total": total,
            # Those that pass are not played with the champion too: it would take as long again.
            "champion_passed": None,
            "failures": failures,
        }

    async def replay(
        self, file: str, model: Path | None = None, story: Story | None = None
    ) -> dict[str, Any]:
        """One conversation test, step by step: ``{passed, script, steps, problems, model}``.

        ``file``: from the root, as in ``tests/stories/orders/cancel.yml``; ``model``: the live one unless
        said; ``story``: what to play instead, such as a rule with an example for its intent.
        :class:`NotFound` for a file that is no test, :class:`Conflict` where there is no model or no sandbox.
        """
        suite = await asyncio.to_thread(self._suite, self._context.root)
        if story is None and file not in suite.files:
            raise NotFound("talk_unknown")
        model = model or await self.live()
        if model is None:
            raise Conflict("no_model")
        chosen = model

        def play(sandbox: Stage) -> Any:
            sandbox.load(chosen)
            return suite.play(sandbox, file) if story is None else suite.play_story(sandbox, story)

        async with self._line:
            try:
                outcome = await self._in_sandbox(play)
            except SandboxFailed as failed:
                log.warning("talk_not_replayed", reason=str(failed)[:300])
                raise Conflict("sandbox_failed") from failed
        return {
            "passed": outcome.passed,
            "script": outcome.script,
            "steps": list(outcome.steps),
            "problems": [problem.told() for problem in outcome.problems],
            "model": model.name.removesuffix(".tar.gz"),
        }

    async def live(self) -> Path | None:
        """The live model's archive; where none was ever promoted here, the newest there is."""
        async with self._context.database.read() as session:
            name = await live_model(session)
        return await asyncio.to_thread(_present, self._context.models.absolute(), name)

    async def stop(self) -> None:
        """End the sandbox, and what is played in it."""
        if self._leaving:
            self._leaving.cancel()
        sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            await asyncio.to_thread(sandbox.stop)

    async def _in_sandbox(self, do: Callable[[Stage], Done]) -> Done:
        """In a thread. Who is cancelled meanwhile ends the sandbox, and with it the thread's work."""
        if self._leaving:
            self._leaving.cancel()
        if self._sandbox is None:
            self._sandbox = await asyncio.to_thread(self._make)
        sandbox = self._sandbox
        try:
            return await asyncio.to_thread(do, sandbox)
        except BaseException:
            # A sandbox in which something broke is not used again.
            self._sandbox = None
            await asyncio.shield(asyncio.to_thread(sandbox.stop))
            raise
        finally:
            self._leaving = asyncio.get_running_loop().call_later(self._rest, self._leave)

    def _leave(self) -> None:
        if not self._line.locked():
            self._going = asyncio.get_running_loop().create_task(self.stop())


def _failing(played: Sequence[Played]) -> list[str]:
    return [one.file for one in played if not one.outcome.passed]


def _present(models: Path, name: str | None) -> Path | None:
    if name and archive(models, name).exists():
        return archive(models, name)
    there = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    return there[-1] if there else None

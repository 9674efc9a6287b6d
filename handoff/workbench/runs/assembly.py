"""Runs put together: the process that trains, the sandbox for talks, and the work between them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff.ops import model as ops
from handoff.workbench.comparison.compare import compare
from handoff.workbench.comparison.gate import judge
from handoff.workbench.context import Context
from handoff.workbench.runs.service import Runs
from handoff.workbench.runs.work import Work
from handoff.workbench.runs.worker import Tell, Worker
from handoff.workbench.talks.service import Talks


@dataclass(frozen=True, slots=True)
class Training:
    """One worker and one sandbox a gateway: both hold a bot's memory."""

    runs: Runs
    worker: Worker
    talks: Talks
    work: Work

    async def run(self) -> None:
        """For as long as the gateway runs."""
        try:
            await self.work.run()
        finally:
            await asyncio.gather(self.worker.stop(), self.talks.stop())


def make_runs(context: Context) -> Training:
    """Nothing is started before it is needed."""
    runs, worker, talks = Runs(context), Worker(context.python, context.root), Talks(context)

    async def compared(
        champion: Path | None, challenger: Path, tell: Tell
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        report = await compare(context, worker, champion, challenger, tell, talks=talks)
        return report, judge(report)

    work = Work(context, runs, worker, compared, talks.prepare, ops.recipe, ops.data)
    return Training(runs, worker, talks, work)

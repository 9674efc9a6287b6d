"""HTTP of runs: begin, look, cancel; and the checks alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends
from pydantic import StringConstraints

from handoff.agents.models import Agent
from handoff.errors import Conflict, Unavailable
from handoff.workbench.context import Context
from handoff.workbench.runs.assembly import Training
from handoff.workbench.runs.worker import WorkerFailed

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


def router(context: Context, training: Training) -> APIRouter:
    runs, worker = training.runs, training.worker
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])

    @api.get("/runs")
    async def listed(background: BackgroundTasks, _: Agent = trainer) -> dict[str, Any]:
        """``waiting``: changes that the live model has not learnt. Who looks here is about to train: what
        takes long to start is started."""
        if worker.process_id is None and not worker.busy:
            background.add_task(worker.warm)
        return await runs.listed()

    @api.post("/runs")
    async def start(agent: Agent = trainer) -> dict[str, Any]:
        return {"run": await runs.one(await runs.start(agent))}

    @api.get("/runs/{id}")
    async def one(id: Id, _: Agent = trainer) -> dict[str, Any]:
        return {"run": await runs.one(id)}

    @api.post("/runs/{id}/cancel")
    async def cancel(id: Id, agent: Agent = trainer) -> dict[str, Any]:
        await runs.cancel(agent, id)
        return {"run": await runs.one(id)}

    @api.post("/data/check")
    async def check(_: Agent = trainer) -> dict[str, Any]:
        """Only the checks that stand before every training."""
        if worker.busy:
            raise Conflict("run_going")
        try:
            found = await worker.ask("check")
        except WorkerFailed as failed:
            raise Unavailable(failed.code) from failed
        return {"problems": found["problems"], "data": found["data"]}

    return api

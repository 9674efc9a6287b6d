"""HTTP of models: which is live and where, make another one live, go back, let one read along."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path
from pydantic import BaseModel, Field

from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.promotion.assembly import Models

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]


class Promote(BaseModel):
    override: str | None = Field(None, max_length=2_000)  # why, although the gate says no


class Begin(BaseModel):
    hours: float = Field(24, ge=0.01, le=24 * 14)


def router(context: Context, models: Models) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench/models", tags=["workbench"])

    async def told() -> dict[str, Any]:
        shadow = await models.shadows.told()
        going = shadow if shadow and shadow["ended_at"] is None else None
        servers = await models.reconcile.servers()
        return {**await models.promotions.listed(), "servers": servers, "shadow": going}

    @api.get("")
    async def listed(_: Agent = trainer) -> dict[str, Any]:
        return await told()

    @api.get("/shadow")
    async def the_shadow(_: Agent = trainer) -> dict[str, Any] | None:
        """The present one, or the last; ``hand_offs`` and ``doubts`` are per 100 messages."""
        return await models.shadows.told()

    @api.post("/shadow/end")
    async def end(agent: Agent = trainer) -> dict[str, Any] | None:
        await models.shadows.end(agent)
        return await models.shadows.told()

    @api.post("/roll-back")
    async def roll_back(agent: Agent = trainer) -> dict[str, Any]:
        await models.promotions.roll_back(agent)
        return await told()

    @api.post("/{name}/promote")
    async def promote(
        name: Name, body: Annotated[Promote, Body(default_factory=Promote)], agent: Agent = trainer
    ) -> dict[str, Any]:
        await models.promotions.promote(agent, name, body.override)
        return await told()

    @api.post("/{name}/shadow")
    async def begin(
        name: Name, body: Annotated[Begin, Body(default_factory=lambda: Begin())], agent: Agent = trainer
    ) -> dict[str, Any] | None:
        await models.shadows.start(agent, name, body.hours)
        return await models.shadows.told()

    return api

"""HTTP of the desk on what is sent: how a customer can be reached, and what to do about a message."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, StringConstraints

from handoff.agents.models import Agent
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.context import Context
from handoff.delivery.reach import Reach
from handoff.delivery.remedies import Remedies
from handoff.delivery.routes import Routes
from handoff.desk import sight
from handoff.desk.access import Door

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Number = Annotated[int, Path(ge=1, lt=2**31)]


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str


def router(
    *, context: Context, channels: Channels, inboxes: Inboxes, door: Door, base_url: str = ""
) -> APIRouter:
    api = APIRouter(prefix="/api/desk/conversations/{id}", tags=["desk"])
    routes = Routes(channels, inboxes)
    reach, remedies = Reach(context, routes), Remedies(context, routes, base_url)

    async def seen(id: Id, agent: Agent = Depends(door.agent)) -> Agent:
        """The agent, who may see the conversation ``id``; else there is no such conversation."""
        async with context.database.read() as session:
            await sight.need(session, agent, id)
        return agent

    @api.get("/reach", dependencies=[Depends(seen)])
    async def reached(id: Id) -> dict[str, Any]:
        return await reach.of(id)

    @api.post("/messages/{number}/resend")
    async def resend(id: Id, number: Number, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return {"delivery": await remedies.resend(id, number, agent)}

    @api.post("/messages/{number}/edit")
    async def edit(id: Id, number: Number, body: Words, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return {"message": (await remedies.edit(id, number, agent, body.text)).for_desk()}

    @api.post("/messages/{number}/delete")
    async def delete(id: Id, number: Number, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return {"message": (await remedies.delete(id, number, agent)).for_desk()}

    return api

"""HTTP of the page of inboxes, for supervisors and operators."""

from __future__ import annotations

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from actions.db import Database
from handoff.agents.models import Agent
from handoff.agents.roles import INBOXES
from handoff.channels.registry import Inboxes
from handoff.conversations.context import Context
from handoff.errors import Forbidden
from handoff.inboxes import trial
from handoff.inboxes.service import Care

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(max_length=8000)] | int | list[str] | None


class Door(Protocol):
    async def agent(self, request: Request) -> Agent: ...


class Body(BaseModel):
    # What was typed may be a secret: pydantic's own errors must not repeat it.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class New(Body):
    channel: Name
    name: str = Field(max_length=200)
    settings: dict[str, Value] = Field(default_factory=dict, max_length=40)


class Change(Body):
    name: str | None = Field(default=None, max_length=200)
    settings: dict[str, Value] = Field(default_factory=dict, max_length=40)


class Renew(Body):
    what: Name


class Trial(Body):
    contact: Id | None = None
    to: str | None = Field(default=None, max_length=255)


def router(*, database: Database, context: Context, inboxes: Inboxes, care: Care, door: Door) -> APIRouter:
    async def keeper(request: Request) -> Agent:
        agent = await door.agent(request)
        if agent.role not in INBOXES:
            raise Forbidden("inboxes_refused")
        return agent

    api = APIRouter(prefix="/api/desk/inboxes", tags=["inboxes"], dependencies=[Depends(keeper)])

    @api.get("")
    async def listed() -> dict[str, Any]:
        return {"inboxes": await care.listed(), "reachable": care.reachable}

    @api.get("/kinds")
    async def kinds() -> dict[str, Any]:
        return {"kinds": care.kinds()}

    @api.post("")
    async def create(body: New, agent: Agent = Depends(keeper)) -> dict[str, Any]:
        """``made``: what we made up, readable this once."""
        inbox_id, made = await care.create(agent.id, body.channel, body.name, body.settings)
        return {"inbox": await care.one(inbox_id), "made": made}

    @api.patch("/{id}")
    async def change(id: Id, body: Change, agent: Agent = Depends(keeper)) -> dict[str, Any]:
        await care.update(agent.id, id, name=body.name, settings=body.settings)
        return {"inbox": await care.one(id)}

    @api.post("/{id}/renew")
    async def renew(id: Id, body: Renew, agent: Agent = Depends(keeper)) -> dict[str, Any]:
        made = await care.renew(agent.id, id, body.what)
        return {"inbox": await care.one(id), "made": made}

    @api.post("/{id}/check")
    async def check(id: Id) -> dict[str, Any]:
        await care.check(id)
        return {"inbox": await care.one(id)}

    @api.post("/{id}/disable")
    async def disable(id: Id, agent: Agent = Depends(keeper)) -> dict[str, Any]:
        await care.switch(agent.id, id, disabled=True)
        return {"inbox": await care.one(id)}

    @api.post("/{id}/enable")
    async def enable(id: Id, agent: Agent = Depends(keeper)) -> dict[str, Any]:
        await care.switch(agent.id, id, disabled=False)
        return {"inbox": await care.one(id)}

    @api.get("/{id}/contacts")
    async def contacts(id: Id) -> dict[str, Any]:
        """To whom a test may go: who wrote last."""
        async with database.read() as session:
            return {"contacts": await trial.recent(session, (await inboxes.get(id)).id)}

    @api.post("/{id}/test")
    async def test(id: Id, body: Trial) -> dict[str, Any]:
        return {"test": await trial.send(context, await inboxes.get(id), contact_id=body.contact, to=body.to)}

    @api.get("/{id}/test/{message}")
    async def fate(id: Id, message: Id) -> dict[str, Any]:
        inbox = await inboxes.get(id)
        async with database.read() as session:
            return {"fate": await trial.fate(session, inbox, message)}

    return api

"""HTTP of changes: propose, review, apply, take back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.dataset import views
from handoff.workbench.dataset.bodies import Applied, Edited, Id, Proposed, Versioned
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.checking import Checking
from handoff.workbench.dataset.findings import Finding, in_order
from handoff.workbench.dataset.plans import SKIPPED
from handoff.workbench.dataset.reviewing import review
from handoff.workbench.dataset.speaking import Speech, language_of

State = Literal["draft", "applied", "reverted", "withdrawn"]


Told = Callable[[str, Agent], Awaitable[dict[str, Any]]]


def teller(context: Context, changes: Changes, checking: Checking) -> Told:
    """A change as JSON, by its id, with what our checks think of it."""

    async def told(change_id: str, agent: Agent) -> dict[str, Any]:
        async with context.database.read() as session:
            row, answer = await views.one(session, changes, change_id)
        says = Speech(context.texts, language_of(agent, context))
        left = [says.left_out(said, said[SKIPPED]) for said in row.operations if SKIPPED in said]
        found: list[Finding] = []
        if row.state == "draft":
            found = in_order(await asyncio.to_thread(review, row.files, await checking.known()))
        return {**answer, "problems": [*left, *(says.line(one) for one in found)]}

    return told


def router(context: Context, changes: Changes, told: Told) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])
    database = context.database

    @api.get("/changes")
    async def listed(
        state: State | None = None, before: Annotated[Id | None, Query()] = None, _: Agent = trainer
    ) -> dict[str, Any]:
        async with database.read() as session:
            return await views.listed(session, state, before)

    @api.get("/changes/{id}")
    async def one(id: Id, agent: Agent = trainer) -> dict[str, Any]:
        return await told(id, agent)

    @api.post("/changes")
    async def propose(body: Proposed, agent: Agent = trainer) -> dict[str, Any]:
        async with database.write() as session:
            made = await changes.propose(session, agent, body.title, body.operations)
        return await told(made.id, agent)

    @api.patch("/changes/{id}")
    async def edit(id: Id, body: Edited, agent: Agent = trainer) -> dict[str, Any]:
        """With neither title nor operations: made anew over the files as they are now."""
        async with database.write() as session:
            await changes.edit(session, agent, id, body.version, title=body.title, operations=body.operations)
        return await told(id, agent)

    @api.post("/changes/{id}/apply")
    async def apply(id: Id, body: Applied, agent: Agent = trainer) -> dict[str, Any]:
        await changes.apply(agent, id, body.version, commit=body.commit, message=body.message)
        return await told(id, agent)

    @api.post("/changes/{id}/withdraw")
    async def withdraw(id: Id, body: Versioned, agent: Agent = trainer) -> dict[str, Any]:
        async with database.write() as session:
            await changes.withdraw(session, agent, id, body.version)
        return await told(id, agent)

    @api.post("/changes/{id}/revert")
    async def revert(id: Id, body: Versioned, agent: Agent = trainer) -> dict[str, Any]:
        """The new draft that takes it back."""
        async with database.write() as session:
            _, before = await views.one(session, changes, id)
            title = context.texts.say(
                "workbench.data.revert_title", language_of(agent, context), title=before["title"]
            )
            made = await changes.revert(session, agent, id, body.version, title)
        return await told(made.id, agent)

    return api

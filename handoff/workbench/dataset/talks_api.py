"""HTTP of rules, stories and conversation tests: shown as talks, played, made of real ones."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path

from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.dataset.bodies import FromTalk
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.changes_api import Told
from handoff.workbench.dataset.speaking import Speech, language_of
from handoff.workbench.dataset.telling import Recorder, Tales
from handoff.workbench.talks.story import Story

TaleId = Annotated[str, Path(pattern=r"^[0-9a-f]{18}$")]


class Player(Protocol):
    """See :class:`handoff.workbench.talks.service.Talks`."""

    async def replay(self, file: str, *, story: Story | None = None) -> dict[str, Any]: ...


def router(context: Context, changes: Changes, player: Player, told: Told) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench/data", tags=["workbench"])
    tales = Tales(context.root, changes.examples)
    recorder = Recorder(context, changes)

    @api.get("/talks")
    async def listed(_: Agent = trainer) -> dict[str, Any]:
        found = await asyncio.to_thread(tales.all)
        return {"talks": [one.as_json() for one in found]}

    @api.get("/talks/{id}")
    async def one(id: TaleId, language: str | None = None, agent: Agent = trainer) -> dict[str, Any]:
        """Told in ``language``, or the trainer's own."""
        own = language_of(agent, context)
        speech = Speech(context.texts, own)
        return await asyncio.to_thread(tales.told, id, language or own, speech)

    @api.post("/talks/{id}/replay")
    async def replay(id: TaleId, language: str | None = None, agent: Agent = trainer) -> dict[str, Any]:
        """Played with the live model in a shop of its own; slow the first time. Of rules and stories the
        customer says an example in ``language``, or the trainer's own."""
        own = language_of(agent, context)
        speech = Speech(context.texts, own)
        file, story = await asyncio.to_thread(tales.playable, id, language or own, speech)
        return await player.replay(file, story=story)

    @api.post("/tests/from-talk")
    async def from_talk(body: FromTalk, agent: Agent = trainer) -> dict[str, Any]:
        async with context.database.write() as session:
            made = await recorder.propose(
                session,
                agent,
                body.conversation_id,
                body.first,
                body.last,
                title=body.title,
                folder=body.folder,
                customer=body.customer,
            )
        return await told(made.id, agent)

    return api

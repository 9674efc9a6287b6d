"""HTTP of labels: what there is to say, saying it, taking it back, agreeing, and teaching it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import AwareDatetime

from handoff.agents.models import Agent
from handoff.errors import Invalid, NotFound
from handoff.workbench.context import Context
from handoff.workbench.dataset import views
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.labels import reports
from handoff.workbench.labels.bodies import Accepted, Decision, Id, Labels, Proposed, Undo
from handoff.workbench.labels.giving import Given, Giving
from handoff.workbench.labels.grounds import Grounds
from handoff.workbench.labels.history import history as history_of
from handoff.workbench.labels.intents import Intents
from handoff.workbench.labels.proposals import Proposals
from handoff.workbench.labels.taking import Taking
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Utterance

Named = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]


def router(context: Context, changes: Changes, words: Words, grounds: Grounds) -> APIRouter:
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])
    trainer = Depends(context.door.trainer)
    database, texts = context.database, context.texts
    giving, intents = Giving(context, words, grounds), Intents(context, words)
    taking = Taking(context, words, changes)
    proposals = Proposals(context, words, taking)

    def language_of(agent: Agent) -> str:
        return texts.first(agent.languages)

    async def told(change_id: str) -> dict[str, Any]:
        async with database.read() as session:
            return (await views.one(session, changes, change_id))[1]

    @api.get("/intents")
    async def the_intents(language: str | None = None, agent: Agent = trainer) -> dict[str, Any]:
        """Titles in ``language``, the page's, or the account's own."""
        read = texts.first([language, *agent.languages])
        async with database.read() as session:
            proposed = await proposals.listed(session)
        return {
            "intents": await intents.all(read),
            "entities": intents.entities(read),
            "languages": words.examples.languages(),
            "proposals": proposed,
        }

    @api.post("/labels")
    async def give(body: Labels, agent: Agent = trainer) -> dict[str, Any]:
        """``against``: of which nearly the same stands in the data with another meaning, and where."""
        await grounds.ready()
        async with database.write() as session:
            return _given(await giving.give(session, agent, body.asked(), body.similar, body.id))

    @api.post("/labels/undo")
    async def undo(body: Undo, agent: Agent = trainer) -> dict[str, Any]:
        async with database.write() as session:
            return await giving.undo(session, agent, body.batch)

    @api.post("/utterances/{id}/settle")
    async def settle(id: Id, body: Decision, agent: Agent = trainer) -> dict[str, Any]:
        await grounds.ready()
        async with database.write() as session:
            given = await giving.settle(session, agent, id, body.label(), body.similar)
            if given.refused:
                raise Invalid(f"label_{given.refused[0]['code']}")
        return _given(given)

    @api.get("/utterances/{id}/history")
    async def history(id: Id, agent: Agent = trainer) -> dict[str, Any]:
        """All that became of it; others' labels only for whom they can no longer sway."""
        async with database.read() as session:
            row = await session.get(Utterance, id)
            if row is None:
                raise NotFound("utterance_unknown")
            return await history_of(session, row, agent)

    @api.get("/agreement")
    async def agreement(agent: Agent = trainer) -> dict[str, Any]:
        async with database.read() as session:
            usable = await words.usable(session)
            return await reports.agreed(session, agent, usable.__contains__)

    @api.get("/agreement/over-time")
    async def over_time(_: Agent = trainer) -> dict[str, Any]:
        async with database.read() as session:
            return await reports.over_time(session)

    @api.get("/progress")
    async def progress(since: AwareDatetime | None = None, _: Agent = trainer) -> dict[str, Any]:
        """``since``: when the asker's day began; that of UTC if left out."""
        begun: datetime = since or context.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        async with database.read() as session:
            made = await taking.lessons(session)
            return await reports.progress(session, begun, len(made.ids), made.left)

    @api.get("/proposals")
    async def proposed(state: str | None = None, _: Agent = trainer) -> dict[str, Any]:
        async with database.read() as session:
            return {"proposals": await proposals.listed(session, state)}

    @api.post("/proposals")
    async def propose(body: Proposed, agent: Agent = trainer) -> dict[str, Any]:
        async with database.write() as session:
            row = await proposals.make(session, agent, body.name, body.definition, body.topic_id)
            await session.flush()
            return await proposals.as_json(session, row, agent.name)

    @api.post("/proposals/{name}/accept")
    async def accept(name: Named, body: Accepted, agent: Agent = trainer) -> dict[str, Any]:
        language = language_of(agent)
        async with database.write() as session:
            row, change = await proposals.accept(session, agent, name, body.titles, body.definition, language)
            proposal = await proposals.as_json(session, row, None)
        return {"proposal": proposal, "change": await told(change.id)}

    @api.post("/proposals/{name}/decline")
    async def decline(name: Named, agent: Agent = trainer) -> dict[str, Any]:
        async with database.write() as session:
            row = await proposals.decline(session, agent, name)
            return {"proposal": await proposals.as_json(session, row, None)}

    @api.post("/changes/from-labels")
    async def take(agent: Agent = trainer) -> dict[str, Any]:
        """The change, and under ``left`` what was not taken, counted by reason."""
        async with database.write() as session:
            change, made = await taking.take(session, agent, language_of(agent))
        return await told(change.id) | {"left": made.left}

    return api


def _given(given: Given) -> dict[str, Any]:
    return {
        "batch": given.batch,
        "labelled": given.labelled,
        "refused": given.refused,
        "states": given.states,
        "against": given.against,
    }

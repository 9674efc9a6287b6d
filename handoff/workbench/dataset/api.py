"""HTTP of the training data: what there is, where, and what is wrong with it."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Depends

from handoff.agents.models import Agent
from handoff.workbench.context import Context
from handoff.workbench.dataset import changes_api
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.speaking import language_of


def router(context: Context, changes: Changes) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])
    examples = changes.examples

    @api.get("/data/intents")
    async def intents(agent: Agent = trainer) -> dict[str, Any]:
        """How many examples each intent has, by language."""
        language = language_of(agent, context)
        counts = await asyncio.to_thread(examples.counts)
        languages = examples.languages()
        rows = [
            {"name": name, "title": _title(context, name, language), "counts": counts[name], "problems": 0}
            for name in sorted(counts)
        ]
        totals = {one: sum(by.get(one, 0) for by in counts.values()) for one in languages}
        return {"intents": rows, "languages": languages, "totals": totals}

    @api.get("/data/examples")
    async def the_examples(
        q: str = "",
        intent: str | None = None,
        language: str | None = None,
        entity: str | None = None,
        after: str | None = None,
        _: Agent = trainer,
    ) -> dict[str, Any]:
        found = await asyncio.to_thread(
            examples.search, q, intent=intent, language=language, entity=entity, after=after
        )
        told = [{**one.as_json(), "problems": []} for one in found.examples]
        return {"examples": told, "next": found.next, "total": found.total}

    whole = APIRouter()
    whole.include_router(api)
    whole.include_router(changes_api.router(context, changes))
    return whole


def _title(context: Context, intent: str, language: str) -> str:
    try:
        return context.texts.say(f"handoff.intents.{intent}", language)
    except KeyError:
        return intent.replace("_", " ")

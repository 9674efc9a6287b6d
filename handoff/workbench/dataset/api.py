"""HTTP of the training data: what there is, where, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Depends, Query

from handoff.agents.models import Agent
from handoff.errors import NotFound
from handoff.workbench.context import Context
from handoff.workbench.dataset import changes_api, talks_api, translating
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.checking import Checking
from handoff.workbench.dataset.findings import CODES, Finding
from handoff.workbench.dataset.speaking import Speech, language_of
from handoff.workbench.dataset.talks_api import Player

MOST = 300  # problems told at once


def router(context: Context, changes: Changes, player: Player) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])
    examples = changes.examples
    checking = Checking(context, examples)

    def speech(agent: Agent) -> Speech:
        return Speech(context.texts, language_of(agent, context))

    @api.get("/data/intents")
    async def intents(agent: Agent = trainer) -> dict[str, Any]:
        """Examples of each intent by language, and its problems: null until they are known."""
        says = speech(agent)
        counts = await asyncio.to_thread(examples.counts)
        languages = examples.languages()
        found = checking.lately()
        problems = Counter(intent for one in found or () for intent in _intents(one))
        rows = [
            {
                "name": name,
                "title": says.title(name),
                "counts": counts[name],
                "problems": None if found is None else problems[name],
            }
            for name in sorted(counts)
        ]
        totals = {one: sum(by.get(one, 0) for by in counts.values()) for one in languages}
        return {
            "intents": rows,
            "languages": languages,
            "totals": totals,
            "problems": None if found is None else len(found),
        }

    @api.get("/data/examples")
    async def the_examples(
        q: str = "",
        intent: str | None = None,
        language: str | None = None,
        entity: str | None = None,
        problem: str | None = None,
        after: str | None = None,
        _: Agent = trainer,
    ) -> dict[str, Any]:
        """``problem``: a code; with it the answer may take seconds after a change."""
        found = await checking.findings() if problem else checking.lately()
        codes = _codes(found or ())
        only = None if problem is None else [id for id, had in codes.items() if problem in had]
        hits = await asyncio.to_thread(
            examples.search,
            q,
            intent=intent,
            language=language,
            entity=entity,
            only=only,
            after=after,
        )
        told = [{**one.as_json(), "problems": sorted(codes.get(one.id, ()))} for one in hits.examples]
        return {"examples": told, "next": hits.next, "total": hits.total}

    @api.get("/data/near")
    async def near(text: str, agent: Agent = trainer) -> dict[str, Any]:
        """The examples most like a text, to look at before it is added."""
        says = speech(agent)
        found = await asyncio.to_thread(examples.near, text[:1000])
        return {
            "near": [
                {**one.as_json(), "title": says.title(one.intent), "share": round(share, 3)}
                for one, share in found
            ]
        }

    @api.get("/data/problems")
    async def problems(
        code: str | None = None,
        intent: str | None = None,
        language: str | None = None,
        agent: Agent = trainer,
    ) -> dict[str, Any]:
        """Serious ones first. ``counts`` are of all, by code; the list ends at 300."""
        says = speech(agent)
        found = await checking.findings()
        counts = Counter(one.code for one in found)
        chosen = [
            one
            for one in found
            if code in (None, one.code)
            and (intent is None or intent in _intents(one))
            and language in (None, one.values.get("language"), *(e.language for e in one.examples))
        ]
        return {
            "problems": [says.problem(one) for one in chosen[:MOST]],
            "total": len(chosen),
            "counts": {one: counts[one] for one in CODES if counts[one]},
        }

    @api.get("/data/missing")
    async def missing(language: str = Query(pattern=r"^[a-z]{2,3}$"), _: Agent = trainer) -> dict[str, Any]:
        """What a language lacks beside English, to be written: see the operations set_response, set_text."""
        if changes.workspace.read(f"data/texts/{language}.yml") is None:
            raise NotFound("language_unknown", language=language)
        return await asyncio.to_thread(translating.lacking, changes.workspace, language)

    whole = APIRouter()
    whole.include_router(api)
    told = changes_api.teller(context, changes, checking)
    whole.include_router(changes_api.router(context, changes, told))
    whole.include_router(talks_api.router(context, changes, player, told))
    return whole


def _intents(finding: Finding) -> set[str]:
    named = finding.values.get("intent")
    return {one.intent for one in finding.examples} | ({str(named)} if named else set())


def _codes(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Codes by the id of an example."""
    codes: dict[str, set[str]] = {}
    for one in findings:
        for example in one.examples:
            codes.setdefault(example.id, set()).add(one.code)
    return codes

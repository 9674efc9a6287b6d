"""HTTP of the workbench as a whole: its words, who I am there, who else works there, what was done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.agents.roles import OVERRIDES, WORKBENCH
from handoff.errors import Forbidden, Unauthorised
from handoff.workbench.context import Context
from handoff.workbench.models import Audit

PAGE = 50


def router(context: Context) -> APIRouter:
    api = APIRouter(prefix="/api/workbench", tags=["workbench"])
    texts = context.texts

    @api.get("/start")
    async def start(request: Request, language: str | None = None) -> dict[str, Any]:
        """All the page needs to begin: its words and who is there, in one answer. ``me`` is null where nobody
        is signed in, or somebody whose work is elsewhere. The words are in ``language`` (chosen in this
        browser), else in the account's, else in the browser's."""
        try:
            agent: Agent | None = await context.door.trainer(request)
            signed_in = True
        except (Unauthorised, Forbidden) as refusal:
            agent, signed_in = None, isinstance(refusal, Forbidden)
        wanted = [language, *(agent.languages if agent else ()), request.headers.get("accept-language")]
        return {
            "texts": texts.section("workbench", texts.first(wanted)),
            "languages": texts.languages,
            "signed_in": signed_in,
            "me": agent and _told(agent),
        }

    @api.get("/team")
    async def team(_: Agent = Depends(context.door.trainer)) -> dict[str, Any]:
        chosen = (
            select(Agent).where(Agent.role.in_(WORKBENCH), Agent.disabled.is_(False)).order_by(Agent.name)
        )
        async with context.database.read() as session:
            people = (await session.scalars(chosen.order_by(Agent.name))).all()
        return {"team": [{"id": one.id, "name": one.name, "role": one.role} for one in people]}

    @api.get("/audit")
    async def audit(
        before: int | None = None, about: str | None = None, _: Agent = Depends(context.door.trainer)
    ) -> dict[str, Any]:
        """Newest first; ``next`` is the ``before`` of the next page."""
        asked = (
            select(Audit, Agent.name).outerjoin(Agent, Agent.id == Audit.agent_id).order_by(Audit.id.desc())
        )
        if before is not None:
            asked = asked.where(Audit.id < before)
        if about is not None:
            asked = asked.where(Audit.about == about)
        async with context.database.read() as session:
            rows = (await session.execute(asked.order_by(Audit.id.desc()).limit(PAGE))).all()
        entries = [
            {
                "id": one.id,
                "at": one.at,
                "agent": {"id": one.agent_id, "name": name} if one.agent_id else None,
                "what": one.what,
                "about": one.about,
                "detail": one.detail,
            }
            for one, name in rows
        ]
        return {"entries": entries, "next": entries[-1]["id"] if len(entries) == PAGE else None}

    return api


def _told(agent: Agent) -> dict[str, Any]:
    decides = agent.role in OVERRIDES
    who = {"id": agent.id, "name": agent.name, "email": agent.email, "role": agent.role}
    return who | {"can": {"override": decides, "assign": decides}}

"""HTTP of the articles."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from handoff.agents.models import Agent
from handoff.workbench.articles.service import Articles
from handoff.workbench.articles.writing import Fields
from handoff.workbench.context import Context

LONGEST = 60_000  # characters of an article

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Line = Annotated[str, StringConstraints(max_length=500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Draft(Body):
    conversation_id: Id
    number: int = Field(ge=1)


class Written(Body):
    slug: Slug
    language: Language
    title: Line
    topics: list[Name] = Field(default_factory=list, max_length=20)
    questions: list[Line] = Field(default_factory=list, max_length=40)
    text: str = Field(max_length=LONGEST)

    @property
    def fields(self) -> Fields:
        questions = [one for one in self.questions if one.strip()]
        return Fields(self.title.strip(), tuple(self.topics), tuple(questions), self.text)


class Saved(Written):
    base: str | None = Field(default=None, max_length=64)  # what was opened; None: a new article


def router(context: Context, articles: Articles) -> APIRouter:
    trainer = Depends(context.door.trainer)
    api = APIRouter(prefix="/api/workbench/articles", tags=["workbench"])

    @api.get("")
    async def listed(_: Agent = trainer) -> dict[str, Any]:
        return await articles.listed()

    @api.get("/unanswered")
    async def unanswered(language: Language | None = None, _: Agent = trainer) -> dict[str, Any]:
        return {"questions": await articles.unanswered(language)}

    @api.get("/answers")
    async def answers(_: Agent = trainer) -> dict[str, Any]:
        return {"answers": await articles.answered_by_people()}

    @api.post("/draft")
    async def draft(body: Draft, _: Agent = trainer) -> dict[str, Any]:
        return await articles.draft(body.conversation_id, body.number)

    @api.post("/preview")
    async def preview(body: Written, _: Agent = trainer) -> dict[str, Any]:
        return await asyncio.to_thread(articles.preview, body.slug, body.language, body.fields)

    @api.get("/{slug}/{language}")
    async def one(slug: Slug, language: Language, _: Agent = trainer) -> dict[str, Any]:
        return await articles.one(slug, language)

    @api.post("")
    async def save(body: Saved, agent: Agent = trainer) -> dict[str, Any]:
        """A draft of a change; nothing is written before it is applied."""
        change = await articles.save(agent, body.slug, body.language, body.fields, body.base)
        return {"change": change}

    return api

"""HTTP of the desk: lists, one conversation with its card, what an agent does with it, search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from actions.db import Database
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.conversations import reading
from handoff.conversations.models import Conversation
from handoff.conversations.service import Conversations
from handoff.conversations.views import ConversationView, MessageView
from handoff.desk import lists, search, sight
from handoff.desk.access import Door
from handoff.desk.card import Cards
from handoff.desk.steps import next_steps
from handoff.desk.titles import Titles

PAGE = 100  # messages
ID = r"^[A-Za-z0-9_-]{1,32}$"
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"

Id = Annotated[str, StringConstraints(pattern=ID)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Written(Body):
    text: str
    client_id: str | None = Field(default=None, min_length=1, max_length=64)


class HandBack(Body):
    next: str = ""
    note: str = Field(default="", max_length=2000)


class Snooze(Body):
    until: datetime


class Transfer(Body):
    agent_id: Id
    note: str = Field(default="", max_length=2000)


class Read(Body):
    number: int = Field(ge=0, lt=2**31)


def router(
    *, database: Database, conversations: Conversations, door: Door, texts: Texts, reference: Reference
) -> APIRouter:
    api = APIRouter(prefix="/api/desk", tags=["desk"])

    def language_of(agent: Agent) -> str:
        return next((one for one in agent.languages if one in texts.languages), "en")

    async def seen(id: Id, agent: Agent = Depends(door.agent)) -> Agent:
        """The agent, who may see the conversation ``id``; else there is no such conversation."""
        async with database.read() as session:
            await sight.need(session, agent, id)
        return agent

    @api.get("/conversations")
    async def listed(
        view: str = "queue",
        q: str = Query(default="", max_length=200, pattern=PRINTABLE),
        before: Id | None = None,
        agent: Agent = Depends(door.agent),
    ) -> dict[str, Any]:
        async with database.read() as session:
            rows, more = await lists.page(session, agent, view, q, before)
            counts = await lists.counts(session, agent)
        return {"conversations": [row.for_desk() for row in rows], "counts": counts, "more": more}

    @api.get("/conversations/{id}")
    async def opened(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        cards = Cards(texts, language_of(agent), reference, conversations.context.clock)
        async with database.read() as session:
            view = await reading.view(session, id)
            messages = await reading.messages(session, id, limit=PAGE, private=True)
            row = await session.get_one(Conversation, id)
            card = await cards.card(session, row)
        return {"conversation": view.for_desk(), "messages": _json(messages), "card": card}

    @api.get("/conversations/{id}/messages", dependencies=[Depends(seen)])
    async def messages(
        id: Id,
        after: int = Query(default=0, ge=0, lt=2**31),
        before: int | None = Query(default=None, ge=0, lt=2**31),
    ) -> dict[str, Any]:
        async with database.read() as session:
            found = await reading.messages(session, id, after=after, before=before, limit=PAGE, private=True)
        return {"messages": _json(found)}

    @api.post("/conversations/{id}/claim")
    async def claim(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.claim(id, agent.id))

    @api.post("/conversations/{id}/reply")
    async def reply(id: Id, body: Written, agent: Agent = Depends(seen)) -> dict[str, Any]:
        message = await conversations.reply(id, agent.id, body.text, body.client_id)
        return {"message": message.for_desk()}

    @api.post("/conversations/{id}/note")
    async def note(id: Id, body: Written, agent: Agent = Depends(seen)) -> dict[str, Any]:
        message = await conversations.note(id, agent.id, body.text, body.client_id)
        return {"message": message.for_desk()}

    @api.post("/conversations/{id}/hand-back")
    async def hand_back(id: Id, body: HandBack, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.hand_back(id, agent.id, body.next, body.note))

    @api.post("/conversations/{id}/resolve")
    async def resolve(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.resolve(id, agent.id))

    @api.post("/conversations/{id}/snooze")
    async def snooze(id: Id, body: Snooze, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.snooze(id, agent.id, body.until))

    @api.post("/conversations/{id}/transfer")
    async def transfer(id: Id, body: Transfer, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.transfer(id, agent.id, body.agent_id, body.note))

    @api.post("/conversations/{id}/read")
    async def read(id: Id, body: Read, agent: Agent = Depends(seen)) -> dict[str, Any]:
        """Only the owner's reading tells the customer anything; a glance of others marks nothing."""
        async with database.read() as session:
            row = await session.get_one(Conversation, id)
        if row.agent_id == agent.id:
            await conversations.read_by(id, "agent", body.number)
        return {}

    @api.get("/search")
    async def found(
        q: str = Query(max_length=search.LONGEST), agent: Agent = Depends(door.agent)
    ) -> dict[str, Any]:
        async with database.read() as session:
            hits = await search.search(session, agent, q)
        return {
            "hits": [
                {
                    "conversation": hit.conversation.for_desk(),
                    "message": hit.message.for_desk() if hit.message else None,
                    "snippet": hit.snippet,
                }
                for hit in hits
            ]
        }

    @api.get("/next-steps")
    async def steps(agent: Agent = Depends(door.agent)) -> dict[str, Any]:
        return {"steps": next_steps(Titles(texts, language_of(agent)))}

    return api


def _row(view: ConversationView) -> dict[str, Any]:
    return {"conversation": view.for_desk()}


def _json(messages: list[MessageView]) -> list[dict[str, Any]]:
    return [message.for_desk() for message in messages]

"""HTTP of the desk: lists, one conversation with its card, what an agent does with it, search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database
from actions.shop.reference import Reference
from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.conversations import reading
from handoff.conversations.models import Conversation
from handoff.conversations.service import Conversations
from handoff.conversations.views import ConversationView, MessageView
from handoff.delivery import news
from handoff.desk import contacts, lists, search, sight
from handoff.desk.access import Door
from handoff.desk.bodies import HandBack, Id, Read, Reply, Snooze, Transfer, Written
from handoff.desk.card import Cards
from handoff.desk.steps import next_steps
from handoff.desk.titles import Titles

PAGE = 100  # messages
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
CHANNEL = r"^[a-z]{1,20}$"


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
        channel: str | None = Query(default=None, pattern=CHANNEL),
        inbox: Id | None = None,
        before: Id | None = None,
        agent: Agent = Depends(door.agent),
    ) -> dict[str, Any]:
        wanted = lists.Filter(q, channel, inbox)
        async with database.read() as session:
            rows, more = await lists.page(session, agent, view, wanted, before)
            counts = await lists.counts(session, agent)
        return {"conversations": [row.for_desk() for row in rows], "counts": counts, "more": more}

    @api.get("/filters", dependencies=[Depends(door.agent)])
    async def filters() -> dict[str, Any]:
        """What the lists can be narrowed to."""
        async with database.read() as session:
            return {"inboxes": await contacts.inboxes(session)}

    @api.get("/conversations/{id}")
    async def opened(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        cards = Cards(texts, language_of(agent), reference, conversations.context.clock)
        async with database.read() as session:
            view = await reading.view(session, id)
            messages = await _told(session, await reading.messages(session, id, limit=PAGE, private=True))
            row = await session.get_one(Conversation, id)
            card = await cards.card(session, row)
        return {"conversation": view.for_desk(), "messages": messages, "card": card}

    @api.get("/conversations/{id}/messages", dependencies=[Depends(seen)])
    async def messages(
        id: Id,
        after: int | None = Query(default=None, ge=0, lt=2**31),
        before: int | None = Query(default=None, ge=0, lt=2**31),
    ) -> dict[str, Any]:
        """The first page after a number, or the last one before another; from the beginning without both."""
        if before is None and after is None:
            after = 0
        async with database.read() as session:
            found = await reading.messages(session, id, after=after, before=before, limit=PAGE, private=True)
            return {"messages": await _told(session, found)}

    @api.post("/conversations/{id}/claim")
    async def claim(id: Id, agent: Agent = Depends(seen)) -> dict[str, Any]:
        return _row(await conversations.claim(id, agent.id))

    @api.post("/conversations/{id}/reply")
    async def reply(id: Id, body: Reply, agent: Agent = Depends(seen)) -> dict[str, Any]:
        message = await conversations.reply(
            id,
            agent.id,
            body.text,
            body.client_id,
            files=body.files,
            template=body.template.model_dump() if body.template else None,
            reply_to=body.reply_to,
        )
        async with database.read() as session:
            [told] = await _told(session, [message])
        return {"message": told}

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


async def _told(session: AsyncSession, messages: Sequence[MessageView]) -> list[dict[str, Any]]:
    """The messages as the desk sees them: with how far those that are pushed have got."""
    pushes = await news.by_message(session, [message.id for message in messages])
    return [replace(message, delivery=pushes.get(message.id)).for_desk() for message in messages]

"""What the desk suggests to say next: passages that answer the customer, and canned replies like them.

Suggested only: the agent puts one into the composer, reads it and sends it, or not.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import StringConstraints
from sqlalchemy import select

from actions.db import Database
from actions.knowledge.search import Knowledge
from actions.texts import Texts
from handoff.agents import canned
from handoff.agents.models import Agent
from handoff.conversations.models import Contact, Conversation, Message
from handoff.desk import sight
from handoff.desk.access import Door
from handoff.knowledge.pages import LEAST
from handoff.knowledge.search import shown

PASSAGES, REPLIES = 3, 2
LONGEST = 600  # characters of a passage in a reply

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


def router(
    *, database: Database, knowledge: Knowledge, texts: Texts, door: Door, base_url: str = ""
) -> APIRouter:
    api = APIRouter(prefix="/api/desk", tags=["desk"])

    @api.get("/conversations/{id}/suggestions")
    async def suggested(id: Id, agent: Agent = Depends(door.agent)) -> dict[str, Any]:
        """For the customer's last words, in the conversation's language; ``number`` is that message's."""
        async with database.read() as session:
            await sight.need(session, agent, id)
            row = await session.get_one(Conversation, id)
            locale = await session.scalar(select(Contact.locale).where(Contact.id == row.contact_id))
            language = (row.language or locale or "en").split("-")[0]
            last = await session.scalar(
                select(Message)
                .where(Message.conversation_id == id, Message.sender == "customer", Message.payload.is_(None))
                .order_by(Message.number.desc())
                .limit(1)
            )
            replies = await canned.listed(session, language)
        if last is None or not last.text:
            return {"number": 0, "suggestions": []}
        answers = await knowledge.search(last.text, language, PASSAGES, LEAST)
        like = await knowledge.alike(last.text, [reply.text for reply in replies], REPLIES)
        passages = [
            {"kind": "article", **shown(answer, texts, language, base_url, LONGEST)} for answer in answers
        ]
        ready = [
            {"kind": "canned", "title": f"/{replies[at].shortcut}", "text": replies[at].text} for at in like
        ]
        return {"number": last.number, "suggestions": [*passages, *ready]}

    return api

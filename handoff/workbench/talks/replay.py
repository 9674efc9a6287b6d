"""Last week's talks, as far as the bot read them: customers' turns in order, nothing personal in them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from actions.db import Database
from handoff.conversations.models import Contact, Conversation, Message
from handoff.workbench.gathering.masking import mask

WEEK = timedelta(days=7)
MOST_TALKS = 200
MOST_TURNS = 1_000
LONGEST = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Talk:
    """``texts`` are masked. ``language``: the talk's; None: none was recognised."""

    language: str | None
    texts: tuple[str, ...]


async def last_week(database: Database, now: datetime) -> list[Talk]:
    """The newest talks; of a long one its last turns, so that there are no more than a thousand in all.

    Taps on buttons are no reading, and what was said to people was never read by the bot: neither is here.
    """
    recent = (
        select(Conversation.id, Conversation.language, Contact.name)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.last_customer_at > now - WEEK)
        .order_by(Conversation.last_customer_at.desc(), Conversation.id)
        .limit(MOST_TALKS)
    )
    async with database.read() as session:
        talks = (await session.execute(recent)).all()
        said = (
            select(Message.conversation_id, Message.text, Message.understanding)
            .where(
                Message.conversation_id.in_([id for id, _, _ in talks]),
                Message.sender == "customer",
                Message.payload.is_(None),
                Message.deleted_at.is_(None),
                Message.created_at > now - WEEK,
            )
            .order_by(Message.conversation_id, Message.number)
        )
        messages = (await session.execute(said)).all()
    texts: dict[str, list[str]] = defaultdict(list)
    for id, text, understanding in messages:
        if understanding and text.strip():
            texts[id].append(text[:LONGEST])
    chosen = _bounded([(language, name, texts[id]) for id, language, name in talks if texts[id]])
    return await asyncio.to_thread(_masked, chosen)


def _bounded(
    talks: Sequence[tuple[str | None, str | None, list[str]]],
) -> list[tuple[str | None, str | None, list[str]]]:
    """As many turns of each as fit, the newest talks first."""
    kept, left = [], MOST_TURNS
    for language, name, texts in talks:
        if left <= 0:
            break
        kept.append((language, name, texts[-left:]))
        left -= len(kept[-1][2])
    return kept


def _masked(talks: Sequence[tuple[str | None, str | None, list[str]]]) -> list[Talk]:
    return [
        Talk(language, tuple(mask(text, [name] if name else ()).text for text in texts))
        for language, name, texts in talks
    ]

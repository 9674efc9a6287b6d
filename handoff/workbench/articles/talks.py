"""What recent talks tell about the articles: what they answered, what nothing answered, what people did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.conversations.models import Contact, Conversation, Handoff, Message
from handoff.errors import NotFound
from handoff.workbench.articles.outcomes import Asked, Line, asked
from handoff.workbench.models import Utterance

SINCE = timedelta(days=30)
MOST_TALKS = 2_000
MOST_QUESTIONS = 60
MOST_ANSWERS = 40
SHORTEST = 60  # characters of an agent's words that may be worth an article
AROUND = 12  # messages after an answer, in which its outcome shows


@dataclass(frozen=True, slots=True)
class Answered:
    """What an agent said to a customer's question."""

    conversation_id: str
    number: int  # of the answer
    question: str
    answer: str
    language: str | None
    intent: str | None  # that the question was read as
    names: tuple[str, ...]  # of the customer, to be masked
    at: datetime


async def answered_by_articles(session: AsyncSession, now: datetime) -> list[Asked]:
    """Questions of the last 30 days that articles answered."""
    recent = _recent(now).subquery()
    holding = await session.execute(
        select(Message.conversation_id, Message.number).where(
            Message.conversation_id.in_(select(recent.c.id)),
            Message.sender == "bot",
            Message.text.contains("/help/"),
        )
    )
    talks = sorted({row.conversation_id for row in holding})
    lines = select(
        Message.conversation_id, Message.number, Message.sender, Message.text, Message.payload
    ).where(Message.private.is_(False), Message.deleted_at.is_(None))
    found: list[Asked] = []
    for start in range(0, len(talks), 200):
        rows = await session.execute(lines.where(Message.conversation_id.in_(talks[start : start + 200])))
        found += asked(Line(*row) for row in rows)
    return found


async def unanswered(session: AsyncSession, language: str | None = None) -> Sequence[Utterance]:
    """What was asked and neither understood nor answered, the most frequent first."""
    chosen = select(Utterance).where(
        Utterance.hidden.is_(False), Utterance.state != "skipped", Utterance.score > 0
    )
    if language:
        chosen = chosen.where(Utterance.language == language)
    # By usefulness from the index; how often, and whether in doubt, is looked at in the few that come.
    rows = (await session.scalars(chosen.order_by(Utterance.score.desc()).limit(10 * MOST_QUESTIONS))).all()
    lost = [one for one in rows if one.reading.get("doubtful") or one.signals.get("handed_over")]
    return sorted(lost, key=lambda one: -one.count * one.group_size)[:MOST_QUESTIONS]


async def answered_by_people(session: AsyncSession, now: datetime) -> list[Answered]:
    """The first longer answer of an agent after each recent hand-off, newest first."""
    handoffs = (
        select(Handoff.conversation_id, Handoff.assigned_at)
        .where(Handoff.assigned_at > now - SINCE)
        .order_by(Handoff.assigned_at.desc())
        .limit(5 * MOST_ANSWERS)
    )
    found: list[Answered] = []
    for row in (await session.execute(handoffs)).all():
        first = (
            select(Message.number)
            .where(
                Message.conversation_id == row.conversation_id,
                Message.sender == "agent",
                Message.private.is_(False),
                Message.deleted_at.is_(None),
                Message.created_at >= row.assigned_at,
            )
            .order_by(Message.number)
            .limit(AROUND)
        )
        for number in (await session.scalars(first)).all():
            one = await answer(session, row.conversation_id, number)
            if one is not None and len(one.answer) >= SHORTEST:
                found.append(one)
                break
        if len(found) == MOST_ANSWERS:
            break
    return found


async def answer(session: AsyncSession, conversation_id: str, number: int) -> Answered | None:
    """The agent's message of that number and the question before it; None where there is none."""
    said, before = aliased(Message), aliased(Message)
    row = (
        await session.execute(
            select(said, Conversation, Contact.name)
            .join(Conversation, Conversation.id == said.conversation_id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(said.conversation_id == conversation_id, said.number == number, said.sender == "agent")
            .where(said.private.is_(False), said.deleted_at.is_(None))
        )
    ).first()
    if row is None:
        raise NotFound("message_unknown")
    message, conversation, name = row[0], row[1], row[2]
    question = await session.scalar(
        select(before)
        .where(
            before.conversation_id == conversation_id,
            before.number < number,
            before.sender == "customer",
            before.payload.is_(None),
            before.deleted_at.is_(None),
            before.text != "",
        )
        .order_by(before.number.desc())
        .limit(1)
    )
    if question is None:
        return None
    understood = question.understanding or {}
    return Answered(
        conversation_id=conversation_id,
        number=number,
        question=question.text,
        answer=message.text,
        language=conversation.language,
        intent=understood.get("intent"),
        names=(name,) if name else (),
        at=message.created_at,
    )


def _recent(now: datetime) -> Select[str]:
    return (
        select(Conversation.id)
        .where(Conversation.last_message_at > now - SINCE)
        .order_by(Conversation.last_message_at.desc())
        .limit(MOST_TALKS)
    )

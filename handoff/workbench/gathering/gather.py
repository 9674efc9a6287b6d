"""The regular work: what customers write becomes utterances, once whatever the number of gateways.

Small batches: texts are masked in a thread, a batch is one short transaction, and between two of them the
gateway has its turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.conversations.models import Handoff, Message
from handoff.workbench.context import Context
from handoff.workbench.gathering import aftermath, crediting, marks
from handoff.workbench.gathering.differing import look_at_shadow
from handoff.workbench.gathering.intake import Ready, Said, put, ready
from handoff.workbench.gathering.marks import Mark, Moved
from handoff.workbench.gathering.rereading import BATCH as BATCH_READ
from handoff.workbench.gathering.rereading import read_again
from handoff.workbench.gathering.surroundings import known_names
from handoff.workbench.gathering.tending import tend
from handoff.workbench.gathering.topical import cluster

BATCH = 100  # messages
REST = 0.05  # seconds between two batches, for others
PAUSE = 5.0  # seconds, when there is nothing to do
PAUSE_OF_READING = 30.0  # seconds between looks for another live model
PAUSE_OF_TOPICS = 300.0  # seconds between looks whether it is time
LAG = timedelta(seconds=5)  # a transaction begun earlier may still commit something older
LATE = timedelta(minutes=15)  # then what followed a message is known
KEPT_UP = timedelta(minutes=1)  # a mark without news moves no oftener

Step = Callable[[Context], Coroutine[Any, Any, int]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    messages: Sequence[Message]
    names: dict[str, list[str]]
    value: dict[str, Any]  # the mark behind them


async def gather(context: Context) -> int:
    """One batch of new messages; how many there were. Raises :class:`Moved`."""
    now = context.clock()
    mark = await marks.read(context.database, "gather", now)
    async with context.database.read() as session:
        found = await _new(session, mark, now - LAG)
    prepared = await asyncio.to_thread(_prepared, found)
    if prepared or _moves(mark, found, now):
        async with context.database.write() as session:
            await marks.move(session, mark, found.value, now)
            await put(session, context.database, prepared, now)
    return len(found.messages)


async def look_back(context: Context) -> int:
    """One batch of messages that are old enough to know what came of them. Raises :class:`Moved`."""
    now = context.clock()
    mark = await marks.read(context.database, "aftermath", now)
    async with context.database.read() as session:
        found = await _new(session, mark, now - LATE)
        told = await _followed(session, found.messages)
    by_key = await asyncio.to_thread(crediting.by_key, found.messages, found.names, told)
    if by_key or _moves(mark, found, now):
        async with context.database.write() as session:
            await marks.move(session, mark, found.value, now)
            await crediting.tell(session, by_key, now)
    return len(found.messages)


def works(context: Context) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
    return {
        "gathering": lambda: forever(context, "gathering", gather),
        "looking_back": lambda: forever(context, "looking_back", look_back),
        "looking_at_the_shadow": lambda: forever(context, "looking_at_the_shadow", look_at_shadow),
        "tending_the_queue": lambda: forever(context, "tending_the_queue", tend),
        "reading_again": lambda: forever(context, "reading_again", read_again, PAUSE_OF_READING, BATCH_READ),
        "topics": lambda: forever(context, "topics", cluster, PAUSE_OF_TOPICS),
    }


async def forever(context: Context, name: str, step: Step, pause: float = PAUSE, full: int = BATCH) -> None:
    """Do ``step`` again and again. ``full``: from how many on there may be more to do at once."""
    while True:
        try:
            more = await step(context) >= full
        except Moved:
            more = True
        except Exception:
            log.exception(f"{name}_failed")
            more = False
        await asyncio.sleep(REST if more else pause)


async def _new(session: AsyncSession, mark: Mark, until: datetime) -> Found:
    """The customers' understood messages behind the mark, as they were handled."""
    since = datetime.fromisoformat(mark.value["at"]) if mark.value else None
    asked = select(Message).where(
        Message.sender == "customer",
        Message.handled_at <= until,
        Message.understanding.is_not(None),
        Message.payload.is_(None),
        Message.deleted_at.is_(None),
        Message.text != "",
    )
    if since is not None:
        beside = and_(Message.handled_at == since, Message.id > mark.value["id"])
        later = Message.handled_at > since
        asked = asked.where(Message.handled_at >= since, or_(later, beside) if mark.value["id"] else later)
    messages = (await session.scalars(asked.order_by(Message.handled_at, Message.id).limit(BATCH))).all()
    full = len(messages) == BATCH
    last = messages[-1] if messages else None
    at = last.handled_at if full and last else max(until, since or until)
    names = await known_names(session, list({one.conversation_id for one in messages}))
    value = {"at": (at or until).isoformat(), "id": last.id if full and last else ""}
    return Found(messages, names, value)


def _moves(mark: Mark, found: Found, now: datetime) -> bool:
    """Whether the mark should move although nothing is to be done: what is behind it is not read again."""
    return bool(found.messages) or not mark.value or now - mark.at >= KEPT_UP


def _prepared(found: Found) -> list[Ready]:
    said = (
        Said(
            text=one.text,
            at=one.created_at,
            message_id=one.id,
            conversation_id=one.conversation_id,
            number=one.number,
            understood=one.understanding or {},
            names=found.names.get(one.conversation_id, ()),
        )
        for one in found.messages
    )
    return [one for one in map(ready, said) if one is not None]


async def _followed(session: AsyncSession, messages: Sequence[Message]) -> dict[str, dict[str, int]]:
    """By message, what came of it."""
    talks = list({one.conversation_id for one in messages})
    if not talks:
        return {}
    first = min(one.created_at for one in messages)
    after = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id.in_(talks),
            Message.sender == "customer",
            Message.created_at >= first,
            Message.payload.is_(None),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.conversation_id, Message.number)
    )
    asked = select(Handoff.conversation_id, Handoff.requested_at)
    handed = await session.execute(
        asked.where(Handoff.conversation_id.in_(talks), Handoff.requested_at >= first)
    )
    over: dict[str, list[datetime]] = {}
    for talk, at in handed:
        over.setdefault(talk, []).append(at)
    following: dict[str, Message] = {}
    last: Message | None = None
    for one in after:
        if last is not None and last.conversation_id == one.conversation_id:
            following[last.id] = one
        last = one
    return {
        one.id: aftermath.signals(
            _event(one),
            _event(following[one.id]) if one.id in following else None,
            over.get(one.conversation_id, []),
        )
        for one in messages
    }


def _event(one: Message) -> aftermath.Event:
    understood = one.understanding or {}
    score = float((understood.get("sentiment") or {}).get("score") or 0.0)
    return aftermath.Event(one.text, one.created_at, understood.get("intent"), score)

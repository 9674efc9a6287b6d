"""The regular work on topics: a few times a day one gateway clusters anew what no intent serves well."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import new_id
from actions.knowledge.serving import client as bot_calls
from actions.knowledge.vectors import BotVectors, Kept, NoVectors
from handoff.workbench.context import Context
from handoff.workbench.gathering import choosing, clustering, marks
from handoff.workbench.gathering.clustering import Floats
from handoff.workbench.gathering.intake import rescore
from handoff.workbench.models import Proposal, Topic, Utterance

EVERY = timedelta(hours=6)
MOST = 3_000  # utterances that are clustered, those that matter most
FEWEST = 30
BATCH = 200  # of a transaction
LOW_SCOPE, LOW_CONFIDENCE = 0.3, 0.5  # below, no intent serves it well

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _One:
    id: str
    text: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A topic: ``id`` of the one that it goes on, or a new one."""

    id: str
    words: list[str]
    members: list[str]


async def cluster(context: Context) -> int:
    """Find the topics anew if it is time; how many there are. Raises :class:`marks.Moved`."""
    now = context.clock()
    mark = await marks.read(context.database, "topics", now)
    if now - mark.at < EVERY:
        return 0
    async with context.database.write() as session:  # the others leave it to this gateway
        await marks.move(session, mark, {"holder": context.holder}, now)
    async with context.database.read() as session:
        ones = await _candidates(session)
    if len(ones) < FEWEST:
        return 0
    vectors = await _vectors(context, [one.text for one in ones])
    found = await asyncio.to_thread(_topics, ones, vectors)
    await _write(context, found, ones, now)
    return len(found)


def _topics(ones: Sequence[_One], vectors: Floats) -> list[_Found]:
    groups = clustering.clusters(vectors)
    inside = {row for rows in groups for row in rows}
    words = clustering.telling(
        [[ones[row].text for row in rows] for rows in groups],
        [one.text for row, one in enumerate(ones) if row not in inside],
    )
    before: dict[str, set[str]] = {}
    for one in ones:
        if one.topic:
            before.setdefault(one.topic, set()).add(one.id)
    same = clustering.kept([{ones[row].id for row in rows} for rows in groups], before)
    return [
        _Found(id or new_id(), told, [ones[row].id for row in rows])
        for id, told, rows in zip(same, words, groups, strict=True)
    ]


async def _candidates(session: AsyncSession) -> list[_One]:
    """Open ones that stand for their like, that no intent serves well, or that are of a topic now."""
    confidence = Utterance.reading["confidence"].as_float()
    scope = Utterance.reading["in_scope"].as_float()
    doubtful = Utterance.reading["doubtful"].as_boolean()
    poor = or_(
        scope < LOW_SCOPE, confidence < LOW_CONFIDENCE, doubtful.is_(True), Utterance.topic_id.is_not(None)
    )
    asked = (
        select(Utterance.id, Utterance.text, Utterance.topic_id)
        .where(Utterance.state == "open", Utterance.hidden.is_(False), poor)
        .order_by(Utterance.score.desc())
        .limit(MOST)
    )
    return [_One(*row) for row in await session.execute(asked)]


async def _vectors(context: Context, texts: Sequence[str]) -> Floats:
    """Of the bot's encoder, kept from time to time; of letters where no bot gives any."""
    async with bot_calls() as client:
        source = BotVectors(context.bot_urls, context.bot_token, client)
        try:
            return (await Kept(source, Path(context.home) / "topics").encode(texts)).rows
        except NoVectors as missing:
            log.info("topics_without_vectors", why=str(missing)[:200])
    return await asyncio.to_thread(choosing.rows, texts)


async def _write(context: Context, found: Sequence[_Found], ones: Sequence[_One], now: datetime) -> None:
    """In small transactions: a page that is open meanwhile sees some topics old and some new."""
    of = {member: one.id for one in found for member in one.members}
    changed = [one.id for one in ones if of.get(one.id) != one.topic]
    async with context.database.write() as session:
        for one in found:
            topic = await session.get(Topic, one.id) or Topic(id=one.id)
            topic.words, topic.size, topic.made_at = one.words, len(one.members), now
            session.add(topic)
    for start in range(0, len(changed), BATCH):
        part = changed[start : start + BATCH]
        async with context.database.write() as session:
            rows = (await session.scalars(select(Utterance).where(Utterance.id.in_(part)))).all()
            for row in rows:
                row.topic_id = of.get(row.id)
                rescore(row, now)
                if row.group_size > 1:
                    like = update(Utterance).where(Utterance.group_id == row.id, Utterance.id != row.id)
                    await session.execute(like.values(topic_id=row.topic_id))
    async with context.database.write() as session:
        used = select(Utterance.topic_id).where(Utterance.topic_id.is_not(None))
        proposed = select(Proposal.topic_id).where(Proposal.topic_id.is_not(None))
        await session.execute(delete(Topic).where(Topic.id.not_in(used), Topic.id.not_in(proposed)))

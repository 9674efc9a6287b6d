"""Topics as they are listed; :mod:`.clustering` finds them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.workbench.gathering.views import shown
from handoff.workbench.models import Topic, Utterance

SHOWN = 5  # utterances of each
MOST = 60  # topics


async def listed(session: AsyncSession, agent: Agent) -> list[dict[str, Any]]:
    """The largest first, each with its most useful utterances; without those that are labelled by now."""
    of_topic = Utterance.topic_id.is_not(None) & (Utterance.state == "open")
    found = await session.execute(
        select(Utterance.topic_id, Utterance.language, func.count())
        .where(of_topic)
        .group_by(Utterance.topic_id, Utterance.language)
    )
    languages: dict[str, dict[str, int]] = {}
    for id, language, count in found:
        languages.setdefault(id or "", {})[language or ""] = count
    rows = await session.scalars(select(Topic).where(Topic.id.in_(list(languages))))
    topics = sorted(rows, key=lambda row: -sum(languages[row.id].values()))[:MOST]
    shares = []
    for topic in topics:
        asked = select(Utterance).where(Utterance.topic_id == topic.id, Utterance.state == "open")
        best = (await session.scalars(asked.order_by(Utterance.score.desc()).limit(SHOWN))).all()
        counts = languages[topic.id]
        shares.append(
            {
                "id": topic.id,
                "words": topic.words,
                "size": sum(counts.values()),
                "languages": sorted((code for code in counts if code), key=lambda code: -counts[code]),
                "utterances": await shown(session, agent, best),
            }
        )
    return shares

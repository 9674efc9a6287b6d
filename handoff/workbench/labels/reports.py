"""Figures on labels: how far people agree, where they do not, how much is done, who said what when."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.workbench.gathering.views import shown
from handoff.workbench.labels import agreement
from handoff.workbench.labels.meaning import meaning
from handoff.workbench.labels.states import Standing, Usable, of_group
from handoff.workbench.labels.store import QUARRELS, group_of, item, label_of, labels_of
from handoff.workbench.labels.views import annotation
from handoff.workbench.models import Annotation, Utterance

SHOWN = 100  # disagreements at once
PERIOD = "%G-W%V"  # a week
WEEKS = 26  # told at most, the last ones


async def agreed(session: AsyncSession, agent: Agent, usable: Usable) -> dict[str, Any]:
    """Kappa (or alpha) of the utterances that two people label, and what people disagree on now."""
    names = await names_of(session)
    units = [unit for _, unit in await _units(session)]
    found = await asyncio.to_thread(agreement.agreement, units)  # a second, for thousands of them

    def person(id: str) -> dict[str, str]:
        return {"id": id, "name": names.get(id, "")}

    return {
        "doubly": found.doubly,
        "agreed": found.agreed,
        "kappa": found.value,
        "kappa_low": found.low,
        "kappa_high": found.high,
        "method": found.method,
        "reason": found.reason,
        "least": agreement.LEAST,
        "by_intent": [
            {"intent": _intent(said), "n": n, "agreed": same} for said, n, same in agreement.by_meaning(units)
        ],
        "coders": [
            {"agent": person(who), "n": n, "agreed": same} for who, n, same in agreement.by_person(units)
        ],
        "pairs": [
            {"intents": [_intent(one) for one in pair], "count": n} for pair, n in agreement.apart(units)[:20]
        ],
        "disagreements": await disagreements(session, agent, usable, names),
    }


async def over_time(session: AsyncSession) -> dict[str, Any]:
    """``weeks``: how far people agreed week by week; ``coders``: of each person how often others said the
    same, ``[{"agent", "weeks": [{"week", "n", "agreed"}]}]``. A week is that of the later of the labels."""
    names = await names_of(session)
    weeks: defaultdict[str, list[agreement.Unit]] = defaultdict(list)
    for at, unit in await _units(session):
        if len(unit) > 1:
            weeks[at.strftime(PERIOD)].append(unit)
    last = sorted(weeks)[-WEEKS:]
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for week in last:
        for who, n, same in agreement.by_person(weeks[week]):
            found[who].append({"week": week, "n": n, "agreed": same})
    figures = await asyncio.to_thread(lambda: [agreement.agreement(weeks[week]) for week in last])
    return {
        "weeks": [_week(week, one) for week, one in zip(last, figures, strict=True)],
        "coders": [
            {"agent": {"id": who, "name": names.get(who, "")}, "weeks": rows}
            for who, rows in sorted(found.items())
        ],
    }


def _week(week: str, found: agreement.Agreement) -> dict[str, Any]:
    """``at``: its Monday."""
    return {
        "week": week,
        "at": date.fromisoformat(week).isoformat(),
        "doubly": found.doubly,
        "agreed": found.agreed,
        "kappa": found.value,
        "kappa_low": found.low,
        "kappa_high": found.high,
        "reason": found.reason,
    }


async def disagreements(
    session: AsyncSession, agent: Agent, usable: Usable, names: dict[str, str]
) -> list[dict[str, Any]]:
    """What waits for a decision, the most frequent first. ``mine``: the asker is part of it."""
    quarrelling = Utterance.state == "labelled", Utterance.contradicting.is_(True)
    asked = select(Utterance).where(*quarrelling).order_by(Utterance.count.desc(), Utterance.id)
    rows = (await session.scalars(asked.limit(SHOWN))).all()
    seen = await shown(session, agent, rows)
    found = []
    for row, told in zip(rows, seen, strict=True):
        standings = await standings_like(session, row, usable)
        why = standings[row.id].why
        if why in QUARRELS:
            # As in deciding: who has said something of its like is part of it; against the data nobody is.
            mine = why != "data" and any(
                voice.agent == agent.id for one in standings.values() for voice in one.voices
            )
            last = _last(await said_of(session, row.id))
            labels = [annotation(one, names.get(one.agent_id)) for one in last]
            found.append({"utterance": told, "why": why, "mine": mine, "labels": labels})
    return found


async def standings_like(session: AsyncSession, row: Utterance, usable: Usable) -> dict[str, Standing]:
    """How an utterance and its like stand, by id."""
    group = group_of(row)
    asked = select(Utterance).where((Utterance.group_id == group) | (Utterance.id == group))
    like = {one.id: one for one in await session.scalars(asked)} | {row.id: row}
    labels = await labels_of(session, list(like))
    return of_group({id: item(one, labels[id]) for id, one in like.items()}, usable)


async def said_of(session: AsyncSession, id: str, undone: bool = False) -> Sequence[Annotation]:
    """The labels, oldest first; ``undone``: those, too, that were taken back."""
    asked = select(Annotation).where(Annotation.utterance_id == id)
    if not undone:
        asked = asked.where(Annotation.undone_at.is_(None))
    return (await session.scalars(asked.order_by(Annotation.at, Annotation.id))).all()


async def progress(
    session: AsyncSession, since: datetime, ready: int, left: dict[str, int]
) -> dict[str, Any]:
    """``today``: labels since then that still stand."""
    today = func.sum(case((Annotation.at >= since, 1), else_=0))
    asked = (
        select(Annotation.agent_id, Agent.name, func.count(), today)
        .join(Agent, Agent.id == Annotation.agent_id)
        .where(Annotation.undone_at.is_(None))
        .group_by(Annotation.agent_id, Agent.name)
    )
    people = (await session.execute(asked)).all()
    by_agent = [
        {"agent": {"id": id, "name": name}, "today": int(new), "total": total}
        for id, name, total, new in sorted(people, key=lambda one: (-one[3], -one[2], one[1]))
    ]
    return {
        "ready": ready,
        "left": left,
        "today": sum(one["today"] for one in by_agent),
        "by_agent": by_agent,
    }


async def _units(session: AsyncSession) -> list[tuple[datetime, agreement.Unit]]:
    """Of each utterance that two people label what each said first, without having seen the others' labels,
    and when the last of them did."""
    asked = (
        select(Annotation)
        .join(Utterance, Utterance.id == Annotation.utterance_id)
        .where(Utterance.second.is_(True), Annotation.undone_at.is_(None))
        .order_by(Annotation.at, Annotation.id)
    )
    first: defaultdict[str, dict[str, str]] = defaultdict(dict)
    decided: set[str] = set()
    last: dict[str, datetime] = {}
    for row in await session.scalars(asked):
        said = meaning(label_of(row))
        if row.settles:
            decided.add(row.utterance_id)
        elif (
            said is not None
            and row.utterance_id not in decided
            and row.agent_id not in first[row.utterance_id]
        ):
            first[row.utterance_id][row.agent_id] = said
            last[row.utterance_id] = row.at
    return [(last[id], first[id]) for id in sorted(last)]


def _last(rows: Sequence[Annotation]) -> list[Annotation]:
    """Everybody's last word, and decisions."""
    last = {row.agent_id: row for row in rows if not row.settles}
    return [row for row in rows if row.settles or last[row.agent_id] is row]


def _intent(said: str) -> str:
    """``intent:x`` is x; out of scope and two wishes keep their names."""
    return said.removeprefix("intent:")


async def names_of(session: AsyncSession) -> dict[str, str]:
    return {row.id: row.name for row in await session.execute(select(Agent.id, Agent.name))}

"""The queue: which utterances a trainer sees next, in which order, and who has taken which."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String

from handoff.agents.models import Agent
from handoff.errors import Invalid
from handoff.workbench.gathering import choosing, index
from handoff.workbench.models import Annotation, Utterance

T = TypeVar("T")

PAGE = 30
EVERY = 10  # one in so many of the useful ones is drawn at random instead
LEASE = timedelta(minutes=10)
MOST = 50  # to take at once
VIEWS = ("useful", "random", "second", "contradicting", "mine", "topic", "labelled", "all")


@dataclass(frozen=True, slots=True)
class Filter:
    view: str = "useful"
    topic: str | None = None
    language: str | None = None
    reason: str | None = None
    intent: str | None = None
    q: str = ""
    indexed: bool = False  # whether the database has the index of words

    def checked(self) -> Filter:
        """Raises :class:`Invalid`."""
        if self.view not in VIEWS:
            raise Invalid("view_unknown", view=self.view)
        if self.view == "topic" and not self.topic:
            raise Invalid("topic_missing")
        return self


@dataclass(frozen=True, slots=True)
class Page:
    """``random``: ids of those that were mixed in; ``next``: ``after`` of the next page."""

    rows: Sequence[Utterance]
    random: frozenset[str]
    next: str | None


async def page(session: AsyncSession, agent: Agent, wanted: Filter, after: int, now: datetime) -> Page:
    """``after``: how many pages were seen before."""
    if wanted.view != "useful":
        rows = await _listed(session, _asked(wanted, agent, now), after * PAGE, PAGE + 1)
        return Page(rows[:PAGE], frozenset(), str(after + 1) if len(rows) > PAGE else None)
    drawn = PAGE // EVERY
    useful, more = await _useful(session, wanted, agent, now, after)
    random = await _listed(session, _asked(replace(wanted, view="random"), agent, now), after * drawn, drawn)
    mixed = _mixed(useful, [row.id for row in random])
    rows = await _by_id(session, mixed)
    return Page(rows, frozenset(row.id for row in random), str(after + 1) if more else None)


async def _useful(
    session: AsyncSession, wanted: Filter, agent: Agent, now: datetime, after: int
) -> tuple[list[str], bool]:
    """Ids of a page of the most useful, picked so that they are not all the same; whether there are more."""
    size = PAGE - PAGE // EVERY
    pages = choosing.WINDOW // size
    block, within = divmod(after, pages)
    ranked = await _ranked(session, _asked(wanted, agent, now), block * pages * size, pages * size)
    chosen = await _picked(ranked, (within + 1) * size)
    more = len(ranked) > (within + 1) * size or len(ranked) == pages * size
    return [ranked[i].id for i in chosen[within * size :]], more


@dataclass(frozen=True, slots=True)
class _Ranked:
    id: str
    text: str
    intent: str | None
    score: float


async def _ranked(session: AsyncSession, asked: Select[Utterance], skip: int, count: int) -> list[_Ranked]:
    columns = (Utterance.id, Utterance.text, Utterance.intent, Utterance.score)
    found = await session.execute(asked.with_only_columns(*columns).offset(skip).limit(count))
    return [_Ranked(*row) for row in found]


async def _picked(ranked: Sequence[_Ranked], count: int) -> list[int]:
    def choose() -> list[int]:
        worth, intents = [one.score for one in ranked], [one.intent for one in ranked]
        return choosing.pick(worth, intents, choosing.rows([one.text for one in ranked]), count)

    return await asyncio.to_thread(choose) if ranked else []


async def take(session: AsyncSession, agent: Agent, wanted: Filter, count: int, now: datetime) -> Page:
    """Lease the next ``count``: for a while nobody else gets them. Those that the agent has come first."""
    if not 1 <= count <= MOST:
        raise Invalid("count_out_of_range", most=MOST)
    random: list[str] = []
    if wanted.view == "useful":
        asked = _asked(wanted, agent, now, taking=True)
        ranked = await _ranked(session, asked, 0, max(choosing.WINDOW, count))
        drawn = (count + EVERY // 2) // EVERY
        asked = _asked(replace(wanted, view="random"), agent, now, taking=True)
        random = [row.id for row in await _ranked(session, asked, 0, drawn)]
        ids = [ranked[i].id for i in await _picked(ranked, count - len(random))]
    else:
        ids = [row.id for row in await _ranked(session, _asked(wanted, agent, now, taking=True), 0, count)]
    got = await session.scalars(
        update(Utterance)
        .where(Utterance.id.in_([*ids, *random]), _free(agent, now))
        .values(
            # What a supervisor assigned stays assigned without end.
            assigned_until=case(
                (and_(Utterance.assigned_to == agent.id, Utterance.assigned_until.is_(None)), None),
                else_=now + LEASE,
            ),
            assigned_to=agent.id,
        )
        .returning(Utterance.id)
        .execution_options(synchronize_session=False)
    )
    have = set(got.all())
    mixed = _mixed([one for one in ids if one in have], [one for one in random if one in have])
    return Page(await _by_id(session, mixed), frozenset(random), None)


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many there are in each view that is the same for all."""
    is_head = Utterance.hidden.is_(False)
    head, unsettled = and_(Utterance.state == "open", is_head), Utterance.state.in_(("open", "labelled"))
    kinds = {
        "useful": and_(head, Utterance.frozen.is_(False)),
        "random": and_(head, Utterance.sampled.is_(True)),
        "second": and_(unsettled, Utterance.second.is_(True), is_head),
        "contradicting": and_(unsettled, Utterance.contradicting.is_(True)),
        "labelled": Utterance.state == "labelled",
        "settled": Utterance.state == "settled",
        "open": Utterance.state == "open",
    }  # fmt: skip
    asked = [
        select(func.count()).select_from(Utterance).where(where).scalar_subquery() for where in kinds.values()
    ]
    row = (await session.execute(select(*asked))).one()
    return dict(zip(kinds, row, strict=True))


async def mine(session: AsyncSession, agent: Agent, now: datetime) -> int:
    asked = select(func.count()).select_from(Utterance).where(*_where(Filter("mine"), agent, now))
    return await session.scalar(asked) or 0


async def assign(
    session: AsyncSession, to: str | None, wanted: Filter, ids: Sequence[str], count: int, now: datetime
) -> list[str]:
    """Give utterances to somebody until they are labelled; ``to`` None: to nobody. Their ids."""
    chosen = list(ids)
    if not chosen:
        asked = _asked(wanted, None, now, taking=True)
        chosen = [row.id for row in await _ranked(session, asked, 0, count)]
    got = await session.scalars(
        update(Utterance)
        .where(Utterance.id.in_(chosen), Utterance.state.in_(("open", "labelled")))
        .values(assigned_to=to, assigned_until=None)
        .returning(Utterance.id)
        .execution_options(synchronize_session=False)
    )
    return list(got.all())


def _asked(wanted: Filter, agent: Agent | None, now: datetime, *, taking: bool = False) -> Select[Utterance]:
    """All that a view holds, in its order."""
    asked = select(Utterance).where(*_where(wanted, agent, now))
    if taking:
        asked = asked.where(_free(agent, now), Utterance.state.in_(("open", "labelled")))
        asked = asked.where(_not_mine(agent)) if agent else asked
    orders: dict[str, tuple[ColumnElement[Any], ...]] = {
        "random": (Utterance.key.asc(),),
        "labelled": (Utterance.last_at.desc(),),
    }
    return asked.order_by(*orders.get(wanted.view, (Utterance.score.desc(), Utterance.id)))


def _where(wanted: Filter, agent: Agent | None, now: datetime) -> list[ColumnElement[bool]]:
    is_open, head = Utterance.state == "open", Utterance.hidden.is_(False)
    unsettled = Utterance.state.in_(("open", "labelled"))
    unseen = [_not_mine(agent)] if agent else []
    own = Utterance.assigned_to == (agent.id if agent else "")
    where: dict[str, list[ColumnElement[bool]]] = {
        "useful": [is_open, head, Utterance.frozen.is_(False), _free(agent, now)],
        "random": [is_open, head, Utterance.sampled.is_(True), _free(agent, now)],
        "second": [unsettled, head, Utterance.second.is_(True), *unseen],
        "contradicting": [unsettled, Utterance.contradicting.is_(True)],
        "mine": [unsettled, own, _unspent(now), *unseen],
        "topic": [is_open, head, Utterance.topic_id == wanted.topic],
        "labelled": [Utterance.state.in_(("labelled", "settled"))],
        "all": [head],
    }  # fmt: skip
    found = list(where[wanted.view])
    if wanted.language:
        found.append(Utterance.language == wanted.language)
    if wanted.intent:
        found.append(Utterance.intent == wanted.intent)
    if wanted.reason:
        found.append(_has_reason(wanted.reason))
    if words := wanted.q.split():
        found.append(index.holds(words, indexed=wanted.indexed))
    return found


def _free(agent: Agent | None, now: datetime) -> ColumnElement[bool]:
    """Nobody else has it."""
    own = Utterance.assigned_to == agent.id if agent else ~true()
    spent = and_(Utterance.assigned_until.is_not(None), Utterance.assigned_until < now)
    return or_(Utterance.assigned_to.is_(None), own, spent)


def _unspent(now: datetime) -> ColumnElement[bool]:
    return or_(Utterance.assigned_until.is_(None), Utterance.assigned_until >= now)


def _not_mine(agent: Agent) -> ColumnElement[bool]:
    """The agent has not labelled it yet."""
    own = select(Annotation.id).where(
        Annotation.utterance_id == Utterance.id,
        Annotation.agent_id == agent.id,
        Annotation.undone_at.is_(None),
    )
    return ~own.exists()


def _has_reason(reason: str) -> ColumnElement[bool]:
    return cast(Utterance.reasons, String).contains(f'"{reason}"', autoescape=True)


async def _listed(session: AsyncSession, asked: Select[Utterance], skip: int, count: int) -> list[Utterance]:
    return list((await session.scalars(asked.offset(skip).limit(count))).all())


async def _by_id(session: AsyncSession, ids: Sequence[str]) -> list[Utterance]:
    found = await session.scalars(
        select(Utterance).where(Utterance.id.in_(ids)).execution_options(populate_existing=True)
    )
    rows = {row.id: row for row in found}
    return [rows[id] for id in ids if id in rows]


def _mixed(useful: Sequence[T], random: Sequence[T]) -> list[T]:
    """One of ``random`` after every nine of ``useful``."""
    mixed, rest = list[T](), list(random)
    for i, one in enumerate(useful, 1):
        mixed.append(one)
        if rest and i % (EVERY - 1) == 0:
            mixed.append(rest.pop(0))
    return [*mixed, *rest]

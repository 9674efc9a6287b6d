"""Labels given and undone, by several people at once.

Whoever writes holds the utterances and all that are like them (a row lock on PostgreSQL; SQLite has one
writer), so that states always follow from all labels there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import new_id
from handoff.agents.models import Agent
from handoff.agents.roles import OVERRIDES
from handoff.errors import Conflict, Forbidden, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.labels import validity
from handoff.workbench.labels.carrying import carried
from handoff.workbench.labels.grounds import Grounds
from handoff.workbench.labels.meaning import Label, meaning
from handoff.workbench.labels.states import Why, latest, voices
from handoff.workbench.labels.store import PEOPLE, QUARRELS, Held, group_of, hold, is_anothers
from handoff.workbench.labels.validity import Vocabulary
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Annotation, Utterance

LEASE = timedelta(minutes=10)  # what was undone comes back to who undid it


@dataclass(frozen=True, slots=True)
class Asked:
    """A label that somebody wants to give. ``anyway``: they know that somebody else said otherwise."""

    utterance: str
    label: Label
    anyway: bool = False


@dataclass(slots=True)
class Given:
    batch: str
    labelled: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)  # [{"utterance", "code"}]
    states: dict[str, str] = field(default_factory=dict)
    against: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # where the data say otherwise


class Giving:
    """``grounds`` should be ready before a transaction begins."""

    def __init__(self, context: Context, words: Words, grounds: Grounds) -> None:
        self._clock = context.clock
        self._words = words
        self._grounds = grounds

    async def give(
        self,
        session: AsyncSession,
        agent: Agent,
        asked: Sequence[Asked],
        similar: bool = False,
        batch: str | None = None,
    ) -> Given:
        """What cannot be taken is refused, one by one; all else is one batch.

        ``similar``: also those alike that nobody has labelled, or taken. ``batch``: its id, for who may have
        to ask again because an answer was lost; what is there already is not given twice.
        """
        given, at = Given(batch or new_id()), self._clock()
        known = await self._words.known(session)
        held = await hold(session, [one.utterance for one in asked])
        if batch is not None and await self._is_there(session, agent, held, given):
            return given
        done: set[str] = set()
        for one in asked:
            code = "twice" if one.utterance in done else _refused(one, held, agent.id, known, at)
            if code:
                given.refused.append({"utterance": one.utterance, "code": code})
                continue
            row = held.rows[one.utterance]
            like = (
                [other for other in held.like(row) if _is_free(other, held, agent.id, at)] if similar else []
            )
            done |= {row.id, *(other.id for other in like)}
            for target in [row, *like]:
                label = one.label if target is row else carried(one.label, row.text, target.text, known)
                self._add(session, held, target, label, agent, given, at)
        return await self._finish(session, agent, held, given, "labels_given")

    async def _is_there(self, session: AsyncSession, agent: Agent, held: Held, given: Given) -> bool:
        rows = (await session.scalars(select(Annotation).where(Annotation.batch == given.batch))).all()
        if any(row.agent_id != agent.id for row in rows):
            raise Conflict("id_taken")
        given.labelled = [row.utterance_id for row in rows]
        groups = {group_of(held.rows[id]) for id in given.labelled if id in held.rows}
        given.states = {row.id: row.state for group in groups for row in held.groups[group]}
        return bool(rows)

    def _add(
        self,
        session: AsyncSession,
        held: Held,
        row: Utterance,
        label: Label,
        agent: Agent,
        given: Given,
        at: datetime,
    ) -> None:
        label = replace(label, agent=agent.id, batch=given.batch, at=held.later(row, at))
        held.add(session, row, label)
        given.labelled.append(row.id)
        if row.assigned_to == agent.id:  # done with; a second person may have it
            row.assigned_to = row.assigned_until = None

    async def _finish(
        self,
        session: AsyncSession,
        agent: Agent,
        held: Held,
        given: Given,
        what: str,
        about: str | None = None,
    ) -> Given:
        usable = await self._words.usable(session)
        rows = [held.rows[id] for id in given.labelled]
        await self._grounds.note(rows, [held.labels[row.id][-1].language for row in rows])
        given.states = held.settle(given.labelled, usable.__contains__)
        standing = held.standings(given.labelled, usable.__contains__)
        against = (row for row in rows if standing[row.id].why == "data")
        given.against = {row.id: row.signals["data"] for row in against}
        if given.labelled:
            last = Counter(held.labels[id][-1].kind for id in given.labelled)
            audit.note(session, agent.id, what, about or given.batch, count=len(given.labelled), **last)
        return given

    async def settle(
        self, session: AsyncSession, agent: Agent, utterance: str, label: Label, similar: bool = False
    ) -> Given:
        """Decide what it means, whoever said what.

        A supervisor may decide anything. A trainer only what others disagree on: were people to settle their
        own quarrels, double labelling would measure who came last. (They can still come to agree, by
        labelling anew.) Against the data everybody may decide. ``similar``: what is alike and in
        disagreement, too, is decided the same.
        """
        given, at = Given(new_id()), self._clock()
        known = await self._words.known(session)
        held = await hold(session, [utterance])
        row = held.rows.get(utterance)
        if row is None:
            raise NotFound("utterance_unknown")
        usable = await self._words.usable(session)
        standing = held.standings([utterance], usable.__contains__)
        _may_settle(agent, held, row, standing[utterance].why)
        if row.change_id is not None:
            raise Conflict("label_taken")
        code = validity.problem(label, row.text, known)
        if code:
            given.refused.append({"utterance": utterance, "code": code})
            return given
        alike = [
            one
            for one in held.like(row)
            if similar and one.change_id is None and standing[one.id].why in QUARRELS
        ]
        for target in [row, *alike]:
            mine = label if target is row else carried(label, row.text, target.text, known)
            self._add(session, held, target, replace(mine, settles=True), agent, given, at)
        return await self._finish(session, agent, held, given, "utterance_settled", utterance)

    async def undo(self, session: AsyncSession, agent: Agent, batch: str | None = None) -> dict[str, Any]:
        """Take a batch back, all of it: everything is as if it had never been given, whatever others have
        labelled since. Without ``batch`` one's own last one.

        :class:`Conflict` if it was undone already, or if something of it is in a change of the data (which
        has to be withdrawn first).
        """
        batch = batch or await _last(session, agent.id)
        asked = select(Annotation).where(Annotation.batch == batch, Annotation.undone_at.is_(None))
        rows = (await session.scalars(asked)).all() if batch else []
        held = await hold(session, [row.utterance_id for row in rows])
        # Who came first has undone it: read again what is true now that we hold it.
        again = asked.execution_options(populate_existing=True)
        rows = (await session.scalars(again)).all() if batch else []
        if not rows:
            raise Conflict("undone" if batch else "nothing_to_undo")
        if any(row.agent_id != agent.id for row in rows) and agent.role not in OVERRIDES:
            raise Forbidden("not_your_labels")
        if any(held.rows[row.utterance_id].change_id is not None for row in rows):
            raise Conflict("label_taken")
        at, ids = self._clock(), [row.utterance_id for row in rows]
        await session.execute(
            update(Annotation)
            .where(Annotation.batch == batch, Annotation.undone_at.is_(None))
            .values(undone_at=at)
            .execution_options(synchronize_session=False)
        )
        for id in ids:
            held.labels[id] = [one for one in held.labels[id] if one.batch != batch]
        usable = await self._words.usable(session)
        states = held.settle(ids, usable.__contains__)
        for id in ids:
            row = held.rows[id]
            if row.assigned_to is None and row.state == "open" and not row.second:
                row.assigned_to, row.assigned_until = agent.id, at + LEASE
        audit.note(session, agent.id, "labels_undone", batch, count=len(ids))
        first = rows[0]
        what = {"kind": first.kind, "intent": first.intent, "settles": first.settles, "count": len(ids)}
        return {"batch": batch, "utterances": ids, "what": what, "states": states}


def _refused(one: Asked, held: Held, agent_id: str, known: Vocabulary, at: datetime) -> str | None:
    row = held.rows.get(one.utterance)
    if row is None:
        return "unknown_utterance"
    if row.change_id is not None:
        return "taken_into_data"
    if is_anothers(row, agent_id, at):
        return "with_somebody_else"
    labels = held.labels.get(row.id, [])
    before = latest(labels)
    others = {meaning(voice) for voice in voices(labels) if voice.agent != agent_id or voice.settles}
    differs = bool(others) and meaning(one.label) not in (None, *others)
    awaited = row.second and row.state != "settled"  # another opinion is what is wanted
    if differs and not awaited and not one.anyway and agent_id not in before:
        return "labelled_meanwhile"
    return validity.problem(one.label, row.text, known)


def _is_free(row: Utterance, held: Held, agent_id: str, at: datetime) -> bool:
    """Whether a label may pass on to it from one alike: nobody said anything, or only I did."""
    return (
        row.change_id is None
        and not is_anothers(row, agent_id, at)
        and all(one.agent == agent_id and not one.settles for one in held.labels.get(row.id, ()))
    )


def _may_settle(agent: Agent, held: Held, row: Utterance, why: Why | None) -> None:
    if agent.role in OVERRIDES or why == "data":
        return
    if why not in PEOPLE:
        raise Conflict("nothing_to_settle")
    group = [row, *held.like(row)]
    if any(voice.agent == agent.id for one in group for voice in voices(held.labels.get(one.id, ()))):
        raise Forbidden("own_disagreement")


async def _last(session: AsyncSession, agent_id: str) -> str | None:
    asked = select(Annotation.batch).where(Annotation.agent_id == agent_id, Annotation.undone_at.is_(None))
    return await session.scalar(asked.order_by(Annotation.at.desc(), Annotation.id).limit(1))

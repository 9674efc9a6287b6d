"""New intents that somebody thinks are needed: made, labelled with, accepted into the data, or declined."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.agents.roles import OVERRIDES
from handoff.errors import Conflict, Forbidden, Invalid, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.labels.store import recheck
from handoff.workbench.labels.taking import Taking
from handoff.workbench.labels.titles import plain, unfilled
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Annotation, Change, Proposal, Utterance

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
EXAMPLES = 5


class Proposals:
    def __init__(self, context: Context, words: Words, taking: Taking) -> None:
        self._clock = context.clock
        self._texts = context.texts
        self._words = words
        self._taking = taking

    async def make(
        self, session: AsyncSession, agent: Agent, name: str, definition: str, topic_id: str | None
    ) -> Proposal:
        """:class:`Invalid` for a name that cannot be an intent's, :class:`Conflict` for one that is there.

        A declined one may be proposed again.
        """
        if len(name) > 60 or not NAME.fullmatch(name):
            raise Invalid("bad_proposal_name")
        if name in self._words.domain().intents:
            raise Conflict("intent_exists")
        row = await session.get(Proposal, name, with_for_update=True)
        if row is not None and row.state != "declined":
            raise Conflict("proposal_exists")
        if row is None:
            row = Proposal(name=name, agent_id=agent.id)
            session.add(row)
        row.agent_id, row.state, row.at = agent.id, "open", self._clock()
        row.definition, row.topic_id = definition.strip(), topic_id
        audit.note(session, agent.id, "intent_proposed", name)
        return row

    async def accept(
        self,
        session: AsyncSession,
        agent: Agent,
        name: str,
        titles: Mapping[str, str],
        definition: Mapping[str, str],
        language: str,
    ) -> tuple[Proposal, Change]:
        """The intent and what was labelled with it, as a change to be reviewed. Titles and definitions that
        are not given fall back to the name and to what the proposal says, in English.

        May be asked again while the intent is not there: after its change was withdrawn.
        """
        if agent.role not in OVERRIDES:
            raise Forbidden("supervisors_only")
        row = await _locked(session, name)
        if row.state == "declined" or name in self._words.domain().intents:
            raise Conflict("proposal_settled")
        if row.state == "accepted" and await _is_drafted(session, name):
            raise Conflict("proposal_settled")
        row.state = "accepted"
        await session.flush()
        ids = await _labelled(session, name)
        usable = await self._words.usable(session)
        await recheck(session, ids, usable.__contains__)
        await session.flush()
        made = await self._taking.lessons(session, lock=True, only=ids or {""}, new=name)
        defined = ({"en": row.definition} if row.definition else {}) | dict(definition)
        added = {
            "op": "add_intent",
            "name": name,
            "titles": {lang: unfilled(text) for lang, text in ({"en": plain(name)} | dict(titles)).items()},
            "definition": {lang: unfilled(text) for lang, text in defined.items()},
            "examples": {},
        }
        made.operations.insert(0, added)
        title = self._texts.say("workbench.labels.intent_title", language, name=name)
        change = await self._taking.propose(session, agent, title, made)
        audit.note(session, agent.id, "intent_accepted", name, change=change.id, count=len(made.ids))
        return row, change

    async def decline(self, session: AsyncSession, agent: Agent, name: str) -> Proposal:
        """By a supervisor, or who proposed it. What was labelled with it waits for other labels; the
        old ones stay for the record."""
        row = await _locked(session, name)
        if agent.role not in OVERRIDES and row.agent_id != agent.id:
            raise Forbidden("supervisors_only")
        if row.state != "open":
            raise Conflict("proposal_settled")
        row.state = "declined"
        ids = await _labelled(session, name)
        meant = Annotation.kind == "proposed", Annotation.intent == name, Annotation.undone_at.is_(None)
        await session.execute(update(Annotation).where(*meant).values(undone_at=self._clock()))
        await session.flush()
        usable = await self._words.usable(session)
        await recheck(session, ids, usable.__contains__)
        audit.note(session, agent.id, "intent_declined", name, count=len(ids))
        return row

    async def listed(self, session: AsyncSession, state: str | None = "open") -> list[dict[str, Any]]:
        """With how many utterances were labelled so, and some of them."""
        asked = select(Proposal, Agent.name).outerjoin(Agent, Agent.id == Proposal.agent_id)
        if state is not None:
            asked = asked.where(Proposal.state == state)
        rows = (await session.execute(asked.order_by(Proposal.at.desc(), Proposal.name))).all()
        return [await self.as_json(session, row, name) for row, name in rows]

    async def as_json(self, session: AsyncSession, row: Proposal, agent: str | None) -> dict[str, Any]:
        meant = (
            Annotation.kind == "proposed",
            Annotation.intent == row.name,
            Annotation.undone_at.is_(None),
        )
        count = await session.scalar(select(func.count(func.distinct(Annotation.utterance_id))).where(*meant))
        some = select(Utterance.text).where(Utterance.id.in_(select(Annotation.utterance_id).where(*meant)))
        texts = (await session.scalars(some.order_by(Utterance.count.desc()).limit(EXAMPLES))).all()
        return {
            "name": row.name,
            "title": plain(row.name),
            "definition": row.definition,
            "topic_id": row.topic_id,
            "agent": {"id": row.agent_id, "name": agent or ""},
            "state": row.state,
            "at": row.at.isoformat(),
            "count": count or 0,
            "examples": list(texts),
        }


async def _locked(session: AsyncSession, name: str) -> Proposal:
    row = await session.get(Proposal, name, with_for_update=True)
    if row is None:
        raise NotFound("proposal_unknown")
    return row


async def _labelled(session: AsyncSession, name: str) -> set[str]:
    asked = select(Annotation.utterance_id).where(
        Annotation.kind == "proposed", Annotation.intent == name, Annotation.undone_at.is_(None)
    )
    return set(await session.scalars(asked))


async def _is_drafted(session: AsyncSession, name: str) -> bool:
    drafts = await session.scalars(select(Change.operations).where(Change.state.in_(("draft", "applied"))))
    return any(
        one.get("op") == "add_intent" and one.get("name") == name
        for operations in drafts
        for one in operations
    )

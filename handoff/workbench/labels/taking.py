"""Settled labels become a change of the training data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.texts import Texts
from handoff.agents.models import Agent
from handoff.errors import Conflict
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.labels.learning import Knows, Lessons, Settled, lessons, place
from handoff.workbench.labels.ports import Changes
from handoff.workbench.labels.states import voices
from handoff.workbench.labels.store import MANY, group_of, labels_of
from handoff.workbench.labels.vocabulary import Words
from handoff.workbench.models import Change, Utterance


class Taking:
    def __init__(self, context: Context, words: Words, changes: Changes) -> None:
        self._texts: Texts = context.texts
        self._root = context.root
        self._words = words
        self._changes = changes
        self._examples: tuple[object, dict[tuple[str, str], list[str]]] = (None, {})

    async def take(self, session: AsyncSession, agent: Agent, language: str) -> tuple[Change, Lessons]:
        """A change with all that is settled and in none yet; :class:`Conflict` if it would say nothing."""
        made = await self.lessons(session, lock=True)
        if not made.operations:
            raise Conflict("nothing_to_learn")
        title = self._texts.say("workbench.labels.change_title", language, count=len(made.ids))
        change = await self.propose(session, agent, title, made)
        audit.note(session, agent.id, "labels_taken", change.id, count=len(made.ids))
        return change, made

    async def propose(self, session: AsyncSession, agent: Agent, title: str, made: Lessons) -> Change:
        """The change, and each label knows that it is in it: withdrawing frees them."""
        change = await self._changes.propose(session, agent, title, made.operations, labels=made.ids)
        await session.flush()
        for start in range(0, len(made.ids), MANY):
            taken = update(Utterance).where(Utterance.id.in_(made.ids[start : start + MANY]))
            await session.execute(taken.values(change_id=change.id))
        return change

    async def lessons(
        self, session: AsyncSession, *, lock: bool = False, only: Collection[str] = (), new: str | None = None
    ) -> Lessons:
        """What could be learnt now; of ``only`` these utterances; ``new``: an intent about to be made."""
        asked = select(Utterance).where(
            Utterance.state == "settled", Utterance.frozen.is_(False), Utterance.change_id.is_(None)
        )
        if lock:
            asked = asked.with_for_update().execution_options(populate_existing=True)
        rows = (await session.scalars(asked.order_by(Utterance.id))).all()
        rows = [row for row in rows if not only or row.id in only]
        labels = await labels_of(session, [row.id for row in rows])
        tested = await _with(session, rows, Utterance.frozen.is_(True))
        quarrels = await _with(
            session, rows, Utterance.state == "labelled", Utterance.contradicting.is_(True)
        )
        settled = (
            Settled(
                id=row.id,
                text=row.text,
                spans=row.spans,
                language=row.language,
                voices=voices(labels[row.id]),
                tested=group_of(row) in tested,
                quarrel=group_of(row) in quarrels,
            )
            for row in sorted(rows, key=lambda row: (row.first_at, row.id))
        )
        return lessons(settled, self._knows(new))

    def _knows(self, new: str | None) -> Knows:
        domain, all_of_them = self._words.domain(), self._words.examples.all()
        if self._examples[0] is not all_of_them:
            known: dict[tuple[str, str], list[str]] = {}
            for one in all_of_them:
                known.setdefault(place(one.language, one.text), []).append(one.intent)
            self._examples = all_of_them, known
        return Knows(
            intents=[*domain.meant, *([new] if new else [])],
            entities=domain.marked,
            languages=self._words.examples.languages(),
            examples=self._examples[1],
            foreign=_foreign(self._root),
        )


async def _with(session: AsyncSession, rows: Sequence[Utterance], *such: ColumnElement[bool]) -> set[str]:
    """The groups of ``rows`` that have something of the kind."""
    groups, found = sorted({group_of(row) for row in rows}), set()
    for start in range(0, len(groups), MANY):
        some = groups[start : start + MANY]
        asked = select(Utterance.group_id, Utterance.id).where(
            *such, or_(Utterance.group_id.in_(some), Utterance.id.in_(some))
        )
        found |= {group or id for group, id in (await session.execute(asked)).all()}
    return found


def _foreign(root: Path) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for file in sorted((root / "data" / "foreign").glob("*.yml")):
        content: dict[str, Any] = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) or {}
        found |= {place(file.stem, str(text)) for text in content.get("foreign") or []}
    return frozenset(found)

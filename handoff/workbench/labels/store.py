"""Labels in the database: utterances taken hold of with their like, and their states made to follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.workbench.labels import states
from handoff.workbench.labels.meaning import Label
from handoff.workbench.labels.states import Item, Standing, Usable
from handoff.workbench.labels.validity import read, written
from handoff.workbench.models import Annotation, Utterance

MANY = 500  # ids in one question
TICK = timedelta(microseconds=1)
PEOPLE = frozenset({"disagree", "contradicting"})  # they differ among themselves …
QUARRELS = PEOPLE | {"data"}  # … or with the training data


class Held:
    """Utterances and all that are like them, locked until the transaction ends, with their labels."""

    def __init__(self, rows: Sequence[Utterance], labels: defaultdict[str, list[Label]]) -> None:
        self.rows = {row.id: row for row in rows}
        self.labels = labels
        self.groups: dict[str, list[Utterance]] = defaultdict(list)
        for row in rows:
            self.groups[group_of(row)].append(row)

    def like(self, row: Utterance) -> list[Utterance]:
        """The others of its group."""
        return [one for one in self.groups[group_of(row)] if one.id != row.id]

    def standing(self, group: str, usable: Usable) -> dict[str, Standing]:
        items = {row.id: item(row, self.labels.get(row.id, ())) for row in self.groups[group]}
        return states.of_group(items, usable)

    def standings(self, ids: Iterable[str], usable: Usable) -> dict[str, Standing]:
        """How these and their like stand now."""
        groups = {group_of(self.rows[id]) for id in ids if id in self.rows}
        return {id: one for group in groups for id, one in self.standing(group, usable).items()}

    def later(self, row: Utterance, at: datetime) -> datetime:
        """``at``, but after every label that is there: clocks of gateways differ, an order is needed."""
        last = max((one.at for one in self.labels.get(row.id, ()) if one.at), default=at - TICK)
        return max(at, last + TICK)

    def add(self, session: AsyncSession, row: Utterance, label: Label) -> None:
        session.add(
            Annotation(
                utterance_id=row.id,
                agent_id=label.agent,
                batch=label.batch,
                kind=label.kind,
                intent=label.intent,
                wishes=list(label.wishes),
                entities=written(label.entities),
                language=label.language,
                settles=label.settles,
                at=label.at,
            )
        )
        self.labels[row.id].append(label)

    def settle(self, ids: Iterable[str], usable: Usable) -> dict[str, str]:
        """Let the rows' states follow from the labels; the states of all of their groups, by id."""
        now = self.standings(ids, usable)
        for id, standing in now.items():
            self.rows[id].state = standing.state
        for group in {group_of(self.rows[id]) for id in now}:
            quarrels = {row.id for row in self.groups[group] if now[row.id].why in PEOPLE}
            told = _told([now[row.id] for row in self.groups[group]]) if quarrels else []
            for row in self.groups[group]:
                # Who stands for its like shows their quarrel, too, as long as it is open itself.
                shows = row.id in quarrels or (bool(quarrels) and row.id == group and row.state == "open")
                _mark(row, told if shows else [], against_data=now[row.id].why == "data")
        return {id: standing.state for id, standing in now.items()}


def _told(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """What was said in a group, the most frequent first."""
    said = Counter((voice.kind, _name(voice)) for standing in standings for voice in standing.voices)
    return [{"kind": kind, "intent": name, "count": n} for (kind, name), n in said.most_common()]


def _name(voice: Label) -> str:
    return voice.intent or "+".join(sorted(voice.wishes)) or voice.kind


def _mark(row: Utterance, told: list[dict[str, Any]], *, against_data: bool) -> None:
    """The queue has a view of what contradicts itself, or the data."""
    row.contradicting = bool(told) or against_data
    others = [reason for reason in row.reasons if reason != "contradicting"]
    reasons = [*(["contradicting"] if row.contradicting else []), *others]
    if row.reasons != reasons:
        row.reasons = reasons
    if row.signals.get("contradiction", []) != told:
        rest = {key: value for key, value in row.signals.items() if key != "contradiction"}
        row.signals = rest | ({"contradiction": told} if told else {})


def group_of(row: Utterance) -> str:
    return row.group_id or row.id


def item(row: Utterance, labels: Sequence[Label]) -> Item:
    data = tuple(tuple(place["intents"]) for place in row.signals.get("data", ()))
    return Item(tuple(labels), row.second, row.change_id is not None, data)


async def hold(session: AsyncSession, ids: Collection[str]) -> Held:
    """Lock the utterances of these ids and their groups, always in the same order."""
    wanted = list(dict.fromkeys(ids))
    known = (
        await session.execute(select(Utterance.id, Utterance.group_id).where(Utterance.id.in_(wanted)))
    ).all()
    groups = list({group or id for id, group in known})
    asked = select(Utterance).where(
        or_(Utterance.id.in_(wanted), Utterance.id.in_(groups), Utterance.group_id.in_(groups))
    )
    asked = asked.order_by(Utterance.id).with_for_update().execution_options(populate_existing=True)
    rows = (await session.scalars(asked)).all()
    return Held(rows, await labels_of(session, [row.id for row in rows]))


async def labels_of(session: AsyncSession, ids: Sequence[str]) -> defaultdict[str, list[Label]]:
    """Of each utterance its labels that were not undone, oldest first."""
    found: defaultdict[str, list[Label]] = defaultdict(list)
    for start in range(0, len(ids), MANY):
        asked = select(Annotation).where(
            Annotation.utterance_id.in_(ids[start : start + MANY]), Annotation.undone_at.is_(None)
        )
        for row in await session.scalars(asked.order_by(Annotation.at, Annotation.id)):
            found[row.utterance_id].append(label_of(row))
    return found


def label_of(row: Annotation) -> Label:
    return Label(
        agent=row.agent_id,
        kind=row.kind,
        intent=row.intent,
        wishes=tuple(row.wishes),
        entities=read(row.entities),
        language=row.language,
        settles=row.settles,
        at=row.at,
        batch=row.batch,
        undone=row.undone_at is not None,
    )


async def recheck(session: AsyncSession, ids: Collection[str], usable: Callable[[str], bool]) -> None:
    """For whoever changes what states depend on (groups, proposals, changes taken back)."""
    held = await hold(session, ids)
    held.settle(list(held.rows), usable)


def is_anothers(row: Utterance, agent_id: str, at: datetime) -> bool:
    """Whether somebody else has taken it, or a supervisor gave it to somebody else."""
    if row.assigned_to in (None, agent_id):
        return False
    return row.assigned_until is None or row.assigned_until > at

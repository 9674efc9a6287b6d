"""New utterances into the queue: counted if known, else put with their like, scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import Database, new_id
from handoff.workbench.gathering import scoring
from handoff.workbench.gathering.folding import alike, bands, key, pieces, similarity
from handoff.workbench.gathering.masking import mask
from handoff.workbench.gathering.readings import reading, script_of
from handoff.workbench.models import Utterance, UtteranceBand

ONE_IN = 10  # groups of near-duplicates that are the test set; utterances that two people label
LOOKED_AT = 40  # near ones compared with a new one
_LOCK = 0x5E70  # of PostgreSQL, for who puts utterances in


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a customer, or a line of a file (then without ``message_id``)."""

    text: str
    at: datetime
    message_id: str | None = None
    conversation_id: str | None = None
    number: int | None = None
    understood: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """What is ready to be put in: masked and folded."""

    said: Said
    key: str
    text: str
    spans: list[dict[str, Any]]
    reading: dict[str, Any]
    pieces: frozenset[str]
    bands: list[int]


def ready(said: Said) -> Ready | None:
    """None for what holds nothing to label. Takes about a millisecond: for a thread."""
    masked = mask(said.text, said.names)
    if not masked.text.strip():
        return None
    parts = pieces(masked.text)
    read = reading(said.understood, said.text, masked) if said.understood else {}
    return Ready(said, key(masked.text), masked.text, masked.as_json(), read, parts, bands(parts))


async def put(session: AsyncSession, database: Database, found: Sequence[Ready], now: datetime) -> int:
    """Put them in; how many were new. In a transaction to write, of at most a few hundred."""
    if not database.is_sqlite:
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    known = {row.key: row for row in await _by(session, Utterance.key, {one.key for one in found})}
    fresh = [one for one in found if one.key not in known]
    near = await _near(session, fresh)
    heads = {row.id: row for row in near}
    for row in await _by(session, Utterance.id, {row.group_id for row in known.values() if row.group_id}):
        heads[row.id] = row
    shelf = _Shelf(near)
    marks: list[dict[str, Any]] = []
    touched: dict[str, Utterance] = {}
    for one in found:
        there = known.get(one.key)
        row = there or _new(one)
        if there is None:
            known[one.key] = row
            head = shelf.head_of(one)
            if head is None:
                _alone(row, one)
                heads[row.id] = row
                shelf.add(row, one)
                marks += [{"band": band, "utterance_id": row.id} for band in set(one.bands)]
            else:
                _join(row, head)
            session.add(row)
        else:
            _again(row, one)
        head = heads.get(row.group_id or row.id, row)
        _told(head, row, one)
        touched[head.id] = head
        touched[row.id] = row
    for row in touched.values():
        rescore(row, now)
    await session.flush()
    if marks:
        await session.execute(insert(UtteranceBand), marks)
    return len({one.key for one in fresh})


def rescore(row: Utterance, now: datetime) -> None:
    row.score, row.reasons = scoring.usefulness(
        scoring.evidence(
            row.reading,
            row.signals,
            contradicting=row.contradicting,
            new_topic=row.topic_id is not None,
            last_at=row.last_at,
            now=now,
            text=row.text,
        )
    )


def drawn(id: str, what: str) -> bool:
    """One in ten, always the same ones."""
    return int.from_bytes(hashlib.sha256(f"{what}:{id}".encode()).digest()[:4], "big") % ONE_IN == 0


class _Shelf:
    """The utterances that stand for their groups and may be like a new one."""

    def __init__(self, heads: Iterable[Utterance]) -> None:
        self._by_band: dict[int, list[tuple[Utterance, frozenset[str]]]] = {}
        for head in heads:
            parts = pieces(head.text)
            self._add(head, parts, bands(parts))

    def add(self, head: Utterance, one: Ready) -> None:
        self._add(head, one.pieces, one.bands)

    def _add(self, head: Utterance, parts: frozenset[str], marks: Iterable[int]) -> None:
        for mark in set(marks):
            self._by_band.setdefault(mark, []).append((head, parts))

    def head_of(self, one: Ready) -> Utterance | None:
        near = {head.id: (head, parts) for band in one.bands for head, parts in self._by_band.get(band, ())}
        best: tuple[float, Utterance] | None = None
        for head, parts in list(near.values())[:LOOKED_AT]:
            share = similarity(one.pieces, parts)
            same = one.reading.get("intent") is not None and one.reading.get("intent") == head.intent
            if alike(share, same) and (best is None or share > best[0]):
                best = (share, head)
        return best[1] if best else None


async def _near(session: AsyncSession, fresh: Sequence[Ready]) -> list[Utterance]:
    marks = list({band for one in fresh for band in one.bands})
    ids: set[str] = set()
    for start in range(0, len(marks), 500):
        asked = select(UtteranceBand.utterance_id).where(UtteranceBand.band.in_(marks[start : start + 500]))
        ids |= set((await session.scalars(asked.limit(2000))).all())
    return await _by(session, Utterance.id, ids)


async def _by(session: AsyncSession, column: Any, values: Iterable[str]) -> list[Utterance]:
    wanted, rows = list(values), list[Utterance]()
    for start in range(0, len(wanted), 500):
        found = await session.scalars(select(Utterance).where(column.in_(wanted[start : start + 500])))
        rows += found.all()
    return rows


def _new(one: Ready) -> Utterance:
    said, read = one.said, one.reading
    return Utterance(
        id=new_id(),
        key=one.key,
        text=one.text,
        spans=one.spans,
        language=said.language or read.get("language"),
        script=read.get("script") or script_of(one.text),
        source="talk" if said.message_id else "import",
        count=1,
        conversation_id=said.conversation_id,
        number=said.number,
        reading=read,
        intent=read.get("intent"),
        signals={},
        reasons=[],
        group_size=1,
        hidden=False,
        sampled=False,
        frozen=False,
        second=False,
        contradicting=False,
        state="open",
        first_at=said.at,
        last_at=said.at,
    )


def _alone(row: Utterance, one: Ready) -> None:
    """The first of its kind: whether it and its like are the test set is drawn now, for good.

    Drawn by its first message: were each message drawn, whatever is written often would sooner or later
    be in the test set, after it had been learnt from.
    """
    row.group_id = row.id
    if one.said.message_id:
        row.sampled = row.frozen = drawn(one.said.message_id, "frozen")
        row.second = drawn(one.said.message_id, "second")


def _join(row: Utterance, head: Utterance) -> None:
    row.group_id, row.hidden, row.frozen = head.id, True, head.frozen
    row.sampled = head.frozen and row.source == "talk"
    row.topic_id = head.topic_id
    row.contradicting = bool(head.signals.get("contradiction"))
    head.group_size += 1


def _again(row: Utterance, one: Ready) -> None:
    row.count += 1
    if one.said.at >= row.last_at and one.said.message_id:
        row.last_at, row.conversation_id, row.number = one.said.at, one.said.conversation_id, one.said.number
    if one.reading:
        row.reading, row.intent = one.reading, one.reading.get("intent")


def _told(head: Utterance, row: Utterance, one: Ready) -> None:
    """What one more message tells of the group."""
    signals = dict(head.signals)
    signals["written"] = int(signals.get("written", 0)) + 1
    same_model = one.reading.get("model") == head.reading.get("model")
    if row is not head and same_model and one.reading.get("intent") not in (None, head.intent):
        signals["disagree"] = int(signals.get("disagree", 0)) + 1
    head.signals = signals
    head.last_at = max(head.last_at, one.said.at)

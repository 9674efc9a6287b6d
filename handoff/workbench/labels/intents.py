"""What a trainer can choose from: intents with definitions, examples, what they are mistaken for, keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.workbench.context import Context
from handoff.workbench.dataset.examples import Example
from handoff.workbench.labels.keys import keys
from handoff.workbench.labels.titles import Titles
from handoff.workbench.labels.vocabulary import NOT_MEANT, Words
from handoff.workbench.models import Annotation, Promotion, Run, Utterance, Watermark

SHOWN = 5  # examples of each language, and of each entity
CONFUSED = 3  # other intents named at most …
LEAST = 0.02  # … of which each takes this share of the messages
KEPT = "intent_keys"

Confusions = Mapping[str, Mapping[str, float]]  # what it was → what it was read as → how often


class Intents:
    def __init__(self, context: Context, words: Words) -> None:
        self._database = context.database
        self._titles = Titles(context.texts, context.root)
        self._words = words
        self._samples: tuple[object, _Samples] | None = None

    async def all(self, language: str) -> list[dict[str, Any]]:
        """In the order of the domain, in the words of ``language``."""
        samples, counts = self._sampled(), self._words.examples.counts()
        names = self._words.domain().meant
        await self._titles.fresh()
        async with self._database.read() as session:
            totals, confusions = await confused(session)
        given = await self.keys(names)
        return [
            {
                "name": name,
                "title": self._titles.intent(name, language),
                "definition": self._titles.definition(name, language),
                "key": given.get(name),
                "counts": counts.get(name, {}),
                "examples": samples.intents.get(name, {}),
                "confused_with": [
                    {"name": other, "title": self._titles.intent(other, language), "share": round(share, 3)}
                    for other, share in shares(confusions.get(name, {}), totals.get(name, 0))
                ],
            }
            for name in names
        ]

    def entities(self, language: str) -> list[dict[str, Any]]:
        samples = self._sampled()
        return [
            {
                "name": name,
                "title": self._titles.entity(name, language),
                "examples": samples.entities.get(name, []),
            }
            for name in self._words.domain().marked
        ]

    async def keys(self, names: Sequence[str]) -> dict[str, str]:
        """Kept in the database once they are given, so that hands need not learn anew."""
        async with self._database.read() as session:
            row = await session.get(Watermark, KEPT)
        kept = dict(row.value) if row else {}
        given = keys(names, kept)
        if given != kept:
            try:
                async with self._database.write() as session:
                    row = await session.get(Watermark, KEPT, with_for_update=True)
                    given = keys(names, row.value if row else {})
                    if row is None:
                        session.add(Watermark(name=KEPT, value=given))
                    else:
                        row.value = given
            except IntegrityError:  # another gateway was faster; it computes the same
                return keys(names, kept)
        return given

    def _sampled(self) -> _Samples:
        everything = self._words.examples.all()
        if self._samples is None or self._samples[0] is not everything:
            self._samples = everything, _Samples(everything)
        return self._samples[1]


class _Samples:
    """Some examples of each intent and language, spread over all, and what is marked as each entity."""

    def __init__(self, examples: Iterable[Example]) -> None:
        texts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        marked: dict[str, dict[str, None]] = defaultdict(dict)
        for one in examples:
            texts[one.intent][one.language].append(one.text)
            for entity in one.entities:
                marked[entity.entity][one.text[entity.start : entity.end]] = None
        self.intents = {
            intent: {language: spread(of) for language, of in by.items()} for intent, by in texts.items()
        }
        self.entities = {name: spread(list(of)) for name, of in marked.items()}


def spread(texts: Sequence[str]) -> list[str]:
    """A few from all over the list."""
    step = max(1, len(texts) // SHOWN)
    return list(texts[::step][:SHOWN])


def shares(read_as: Mapping[str, float], total: float) -> list[tuple[str, float]]:
    """The intents that it is mistaken for most, with the share of its messages."""
    found = [(other, n / total) for other, n in read_as.items() if total and n / total >= LEAST]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:CONFUSED]


async def confused(session: AsyncSession) -> tuple[Mapping[str, float], Confusions]:
    """How often messages of each intent were judged, and what the live model took them for: in the newest
    comparison, and where people labelled what it had read."""
    totals: defaultdict[str, float] = defaultdict(float)
    confusions: defaultdict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    read = Utterance.reading["intent"].as_string()
    asked = (
        select(Annotation.intent, read, func.count())
        .join(Utterance, Utterance.id == Annotation.utterance_id)
        .where(Annotation.kind == "intent", Annotation.undone_at.is_(None), read.is_not(None))
        .group_by(Annotation.intent, read)
    )
    for truth, taken_for, n in (await session.execute(asked)).all():
        totals[truth] += n
        if taken_for != truth and taken_for not in NOT_MEANT:
            confusions[truth][taken_for] += n
    report, side = await _newest_report(session)
    for one in report.get("intents") or []:
        totals[one["intent"]] += one.get("n") or 0
    for one in (report.get("confusions") or {}).get(side) or []:
        if one["read"] not in NOT_MEANT:
            confusions[one["truth"]][one["read"]] += one["count"]
    return totals, confusions


async def _newest_report(session: AsyncSession) -> tuple[dict[str, Any], str]:
    """The report and which side of it is the live model: the challenger, if it was promoted."""
    row = (
        await session.execute(
            select(Run.report, Run.challenger)
            .where(Run.state == "done", Run.report.is_not(None))
            .order_by(Run.number.desc())
            .limit(1)
        )
    ).first()
    if row is None:
        return {}, "champion"
    live = await session.scalar(select(Promotion.model).order_by(Promotion.id.desc()).limit(1))
    return row[0] or {}, "challenger" if live == row[1] else "champion"

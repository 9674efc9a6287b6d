"""The help articles of a process: read once, asked in any language.

A text is answered from the articles of its own language; where one is missing, its English version (or any
other) stands in and says so by its ``language``. Meaning joins in as soon as the bot gave the vectors; until
then, and whenever the bot is away, words alone decide.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml

from actions.knowledge import index as indexes
from actions.knowledge.articles import FOLDER, Article, BadArticle, Passage, read
from actions.knowledge.certainty import COSTS_IN_TALK, Certainty, examples, threshold
from actions.knowledge.index import Index, Words
from actions.knowledge.vectors import Encoded, Kept, NoVectors, Source

log = logging.getLogger(__name__)

ENGLISH = "en"
LONGEST = 500  # characters of a question that are read
#: By how much an error is more probable than the articles' own questions tell, where words alone decide:
#: pieces of words are alike by chance ("weather" and "leather").
BLIND = 3.0
PAUSE = 5.0  # seconds until the bot is asked again after it gave nothing


class Answer(NamedTuple):
    article: Article
    passage: Passage
    probability: float  # that it answers

    @property
    def language(self) -> str:
        return self.article.language


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one language is answered from."""

    words: Index
    certainty: Certainty  # by words alone
    meaning: Index | None = None
    sure: Certainty | None = None  # with meaning
    encoder: str = ""


class Knowledge:
    """``source``: where vectors come from (None: words alone); ``folder`` keeps those of passages; ``data``:
    where the articles were read, to be read again when they change."""

    def __init__(
        self,
        articles: Sequence[Article],
        *,
        foreign: Mapping[str, Sequence[str]] | None = None,
        source: Source | None = None,
        folder: Path = Path("var/vectors"),
        data: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._data = data
        self._stamp: frozenset[tuple[str, int, int]] = frozenset()
        self.articles = list(articles)
        self._foreign = dict(foreign or {})
        self._source = source
        self._kept = Kept(source, folder) if source else None
        self._clock = clock
        self._away, self._away_until = False, 0.0
        self._shelves: dict[str, Shelf] = {}

    @classmethod
    def open(cls, data: Path = FOLDER, *, source: Source | None = None, folder: Path) -> Knowledge:
        """Read the articles; raises :class:`~actions.knowledge.articles.BadArticle`."""
        stamp = _stamp(data)  # before reading: what changes meanwhile is read again
        made = cls(read(data), foreign=_foreign(data), source=source, folder=folder, data=data)
        made._stamp = stamp
        return made

    @property
    def languages(self) -> list[str]:
        return sorted({article.language for article in self.articles})

    def article(self, slug: str, language: str) -> Article | None:
        """The article in that language, else in English, else in any."""
        return next((one for one in self.served(language) if one.slug == slug), None)

    def served(self, language: str) -> list[Article]:
        """Each article once, in the language if it is there."""
        best: dict[str, Article] = {}
        for article in self.articles:
            if article.slug not in best or _rank(article, language) < _rank(best[article.slug], language):
                best[article.slug] = article
        return [best[slug] for slug in sorted(best)]

    async def search(
        self, text: str, language: str, most: int = 1, least: float = threshold(COSTS_IN_TALK)
    ) -> list[Answer]:
        """At most ``most`` answers whose probability is at least ``least``, the best first."""
        text = text[:LONGEST]
        shelf = self._shelf(language)
        index, certainty, vector = shelf.words, shelf.certainty, None
        if shelf.meaning is not None and shelf.sure is not None:
            encoded = await self._meaning(text, language, shelf.encoder)
            if encoded is not None:
                index, certainty = shelf.meaning, shelf.sure
                text, vector = encoded.read[0], encoded.rows[0]
        error = 1.0 if index.by_meaning else BLIND
        found = [
            Answer(one.article, one.passage, _odds(certainty.of(one), error))
            for one in index.find(text, vector, most)
        ]
        return [answer for answer in found if answer.probability >= least]

    def ready(self, language: str) -> bool:
        """Whether texts in that language are already found by what they mean."""
        return self._shelf(language).meaning is not None

    async def alike(self, text: str, others: Sequence[str], most: int) -> list[int]:
        """Which of a few ready texts are most like ``text``, standing out from the rest; by number."""
        if not others:
            return []
        scores = Words(others).score(text)
        if self._source and self._kept and self._clock() >= self._away_until:
            try:
                rows = (await self._kept.encode([*others])).rows
                scores = rows @ (await self._source.encode([text[:LONGEST]])).rows[0]
            except NoVectors as reason:
                self._go_without(reason)
        stands_out = float(scores.mean() + scores.std())
        return [int(at) for at in np.argsort(-scores)[:most] if scores[at] > stands_out]

    async def run(self, languages: Sequence[str]) -> None:
        """Gets the vectors of all that these languages are answered from, and anew when the bot has another
        encoder; reads files that have changed. Runs until it is cancelled."""
        while self._data or (self.articles and self._kept):
            await self.refresh()
            try:
                for language in languages if self.articles else ():
                    await self._learn(language)
            except NoVectors as reason:
                self._go_without(reason)
            await asyncio.sleep(PAUSE)

    async def refresh(self) -> None:
        """Read the articles again if a file has changed; one that cannot be read leaves all as it is."""
        stamp = await asyncio.to_thread(_stamp, self._data)
        if self._data is None or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            articles, foreign = await asyncio.to_thread(lambda data: (read(data), _foreign(data)), self._data)
        except (BadArticle, OSError, ValueError) as wrong:
            log.error("the articles stay as they were: %s", wrong)
            return
        self.articles, self._foreign = articles, dict(foreign)
        self._shelves.clear()

    async def _learn(self, language: str) -> None:
        shelf = self._shelf(language)
        if self._kept is None or shelf.meaning is not None:
            return
        articles, foreign = shelf.words.articles, self._not_ours(language)
        wanted = indexes.texts(articles)
        encoded = await self._kept.encode([*wanted, *foreign])
        self._away, self._away_until = False, 0.0
        rows, others = encoded.rows[: len(wanted)], encoded.rows[len(wanted) :]
        index = Index(articles, rows)
        questions = rows[len(wanted) - len(index.questions) :]
        sure = Certainty.fit(examples(index, questions, foreign, others))
        self._shelves[language] = Shelf(shelf.words, shelf.certainty, index, sure, encoded.encoder)

    def _shelf(self, language: str) -> Shelf:
        """Of a language that has articles or foreign sentences; any other is answered as English is."""
        if language not in self._foreign and language not in self.languages:
            language = ENGLISH
        if language not in self._shelves:
            index = Index(self.served(language))
            certainty = Certainty.fit(examples(index, None, self._not_ours(language)))
            self._shelves[language] = Shelf(index, certainty)
        return self._shelves[language]

    def _not_ours(self, language: str) -> list[str]:
        return list(self._foreign.get(language) or ())

    async def _meaning(self, text: str, language: str, encoder: str) -> Encoded | None:
        if self._source is None or self._clock() < self._away_until:
            return None
        try:
            encoded = await self._source.encode([text], language)
        except NoVectors as reason:
            self._go_without(reason)
            return None
        self._away = False
        if encoded.encoder != encoder:  # another model was loaded: all is learned anew
            self._shelves.clear()
            return None
        return encoded

    def _go_without(self, reason: NoVectors) -> None:
        if not self._away:
            log.warning("articles are found by their words alone: %s", reason)
        self._away, self._away_until = True, self._clock() + PAUSE


def _foreign(data: Path) -> Mapping[str, Sequence[str]]:
    path = data / "foreign.yml"
    read: Mapping[str, Sequence[str]] = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    return read


def _stamp(data: Path | None) -> frozenset[tuple[str, int, int]]:
    """What changes when a file below does."""
    if data is None:
        return frozenset()
    files = [*data.glob("*/*.md"), *data.glob("foreign.yml")]
    stats = []
    for file in files:
        with contextlib.suppress(FileNotFoundError):  # it goes while we look
            stat = file.stat()
            stats.append((str(file), stat.st_mtime_ns, stat.st_size))
    return frozenset(stats)


def _odds(probability: float, error: float) -> float:
    """A probability whose error is so many times as probable."""
    return probability / (probability + error * (1 - probability))


def _rank(article: Article, language: str) -> tuple[bool, bool, str]:
    return article.language != language, article.language != ENGLISH, article.language

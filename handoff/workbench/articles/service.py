"""The help articles as trainers see them. Files are read as they stand; what is written becomes a change."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from actions.knowledge.articles import Article
from actions.knowledge.search import ENGLISH, Knowledge
from handoff.agents.models import Agent
from handoff.errors import Conflict, Invalid, NotFound
from handoff.knowledge import markup
from handoff.workbench.articles import talks, writing
from handoff.workbench.articles.outcomes import Asked
from handoff.workbench.articles.talks import Answered
from handoff.workbench.articles.writing import Fields
from handoff.workbench.context import Context
from handoff.workbench.dataset.changes import Changes
from handoff.workbench.dataset.hashes import digest
from handoff.workbench.gathering.masking import mask
from handoff.workbench.models import Utterance

FOLDER = "data/knowledge"
MOST_ASKED = 40  # questions shown of an article
SURE = 0.5  # from which an article may be said to answer; the bot itself asks for more


class Articles:
    """``knowledge`` is what this gateway answers from now; the files may be newer by seconds."""

    def __init__(self, context: Context, changes: Changes) -> None:
        self._context = context
        self._changes = changes

    @property
    def knowledge(self) -> Knowledge:
        return self._context.knowledge

    async def listed(self) -> dict[str, Any]:
        """Every article once, its languages, and how often it answered in the last 30 days."""
        async with self._context.database.read() as session:
            asked = await talks.answered_by_articles(session, self._context.clock())
        articles = self.knowledge.articles
        languages = sorted({*self._context.texts.languages, *(one.language for one in articles)})
        slugs: dict[str, list[Article]] = {}
        for article in articles:
            slugs.setdefault(article.slug, []).append(article)
        listed = [
            {
                "slug": slug,
                "titles": {one.language: one.title for one in of},
                "missing": [one for one in languages if one not in {a.language for a in of}],
                "topics": list(of[0].topics),
                **_outcomes([one for one in asked if one.slug == slug]),
            }
            for slug, of in sorted(slugs.items())
        ]
        return {"articles": listed, "languages": languages}

    async def one(self, slug: str, language: str) -> dict[str, Any]:
        """The file as it stands, and the questions it answered; NotFound when no language has it."""
        path = _path(slug, language)
        content = await asyncio.to_thread(self._changes.workspace.read, path)
        others = {one.language: one for one in self.knowledge.articles if one.slug == slug}
        if content is None and not others:
            raise NotFound("article_unknown")
        async with self._context.database.read() as session:
            asked = await talks.answered_by_articles(session, self._context.clock())
        mine = [one for one in asked if (one.slug, one.language) == (slug, language)]
        return {
            "slug": slug,
            "language": language,
            "path": path,
            "fields": _as_json(writing.fields_of(content)) if content else None,
            "problem": writing.read(content, language=language, slug=slug)[1] if content else None,
            "base": digest(content),
            "languages": sorted(others),
            "model": self._written(
                slug, [one for one in (ENGLISH, *others) if one in others and one != language]
            ),
            "asked": [_question(one) for one in reversed(mine[-MOST_ASKED:])],
            **_outcomes(mine),
        }

    def preview(self, slug: str, language: str, fields: Fields) -> dict[str, Any]:
        """How it will look, what is wrong with it, and whether its questions find it."""
        content = writing.compose(fields)
        article, problem = writing.read(content, language=language, slug=slug)
        if article is None:
            return {"title": "", "sections": [], "problem": problem, "questions": []}
        near = [one for one in self.knowledge.served(language) if one.language == language]
        return {
            "title": article.title,
            "sections": [
                {"title": part.title, "html": str(markup.html(part.text, _address(language)))}
                for part in article.passages
            ],
            "problem": None,
            "questions": [
                {"text": one.question, "found": one.found, "instead": one.instead}
                for one in writing.checks(article, near)
            ],
        }

    async def unanswered(self, language: str | None) -> list[dict[str, Any]]:
        """What customers asked in vain, with the article that comes nearest."""
        async with self._context.database.read() as session:
            rows = await talks.unanswered(session, language)
        told = []
        for row in rows:
            nearest = await self.knowledge.search(row.text, row.language or ENGLISH, 1, 0.0)
            told.append(
                _lost(row, nearest[0].article.slug, nearest[0].probability) if nearest else _lost(row)
            )
        return told

    async def answered_by_people(self) -> list[dict[str, Any]]:
        """Agents' answers that might become articles; those that an article gives already are told."""
        async with self._context.database.read() as session:
            found = await talks.answered_by_people(session, self._context.clock())
        told = []
        for one in found:
            near = await self.knowledge.search(one.question, one.language or ENGLISH, 1, SURE)
            told.append(
                {
                    "conversation_id": one.conversation_id,
                    "number": one.number,
                    "question": mask(one.question, one.names).text,
                    "answer": mask(one.answer, one.names).text,
                    "language": one.language,
                    "at": one.at,
                    "article": near[0].article.slug if near else None,
                }
            )
        return told

    async def draft(self, conversation_id: str, number: int) -> dict[str, Any]:
        """An article from an agent's answer, with nothing personal in it, for the trainer to write on."""
        async with self._context.database.read() as session:
            found = await talks.answer(session, conversation_id, number)
        if found is None:
            raise Invalid("answer_without_question")
        return self._drafted(found)

    def _drafted(self, found: Answered) -> dict[str, Any]:
        question, answer = mask(found.question, found.names).text, mask(found.answer, found.names).text
        fields = writing.draft(question, answer, [found.intent] if found.intent else [])
        slug = writing.slug_of(question, {one.slug for one in self.knowledge.articles})
        return {"slug": slug, "language": found.language or ENGLISH, "fields": _as_json(fields)}

    async def save(self, agent: Agent, slug: str, language: str, fields: Fields, base: str | None) -> str:
        """The id of the change that would write it; :class:`Conflict` when the file is not ``base`` now."""
        content = writing.compose(fields)
        article, problem = writing.read(content, language=language, slug=slug)
        if article is None:
            raise Invalid("article_bad", problem=problem)
        path = _path(slug, language)
        present = await asyncio.to_thread(self._changes.workspace.read, path)
        if digest(present) != base:
            raise Conflict("article_moved_on")
        operation = {"op": "write_file", "path": path, "content": content}
        async with self._context.database.write() as session:
            change = await self._changes.propose(session, agent, f"{article.title} ({language})", [operation])
            return change.id

    def _written(self, slug: str, languages: Sequence[str]) -> dict[str, Any] | None:
        """The article in another language, to be translated from."""
        for language in languages:
            content = self._changes.workspace.read(_path(slug, language))
            if content and (fields := writing.fields_of(content)):
                return {"language": language, "fields": _as_json(fields)}
        return None


def _first(language: str, languages: Sequence[str]) -> list[str]:
    return sorted(languages, key=lambda one: one != language)


def _path(slug: str, language: str) -> str:
    return str(Path(FOLDER) / language / f"{slug}.md")


def _address(language: str) -> Any:
    return lambda slug: f"/help/{language}/{slug}"


def _as_json(fields: Fields | None) -> dict[str, Any] | None:
    return asdict(fields) if fields else None


def _outcomes(asked: Sequence[Asked]) -> dict[str, int]:
    counts = Counter(one.outcome for one in asked)
    return {"answered": len(asked), "helped": counts["helped"], "person": counts["person"]}


def _question(one: Asked) -> dict[str, Any]:
    return {
        "text": mask(one.question).text,
        "section": one.section,
        "outcome": one.outcome,
        "conversation_id": one.conversation_id,
        "number": one.number,
    }


def _lost(row: Utterance, nearest: str | None = None, probability: float = 0.0) -> dict[str, Any]:
    return {
        "utterance": row.id,
        "text": row.text,
        "language": row.language,
        "count": row.count * row.group_size,
        "handed_over": int(row.signals.get("handed_over") or 0),
        "nearest": {"slug": nearest, "probability": round(probability, 3)} if nearest else None,
    }

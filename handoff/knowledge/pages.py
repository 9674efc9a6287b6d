"""Public pages of the help articles, ``/help/<language>/`` and ``/help/<language>/<slug>``: no scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.knowledge.articles import Article, shortened
from actions.knowledge.certainty import COSTS_IN_LIST, threshold
from actions.knowledge.search import Answer, Knowledge
from actions.texts import Texts
from handoff.answers import language_of
from handoff.conversations.rates import Rates
from handoff.errors import NotFound, TooMany
from handoff.knowledge import markup

WEB = Path(__file__).parents[1] / "web" / "help"
#: No script at all, and nothing from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
KEPT = "public, max-age=300"
MOST, LEAST = 5, threshold(COSTS_IN_LIST)
SUMMARY = 180  # characters
LONGEST = 200  # of a question


class Pages:
    """Fills the templates. ``chat`` is where a page with the chat is, "" if we know of none."""

    def __init__(self, knowledge: Knowledge, texts: Texts, chat: str = "") -> None:
        self.knowledge = knowledge
        self._texts = texts
        self._chat = chat
        self._templates = Environment(
            loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip

    @property
    def languages(self) -> list[str]:
        return sorted({*self._texts.languages, *self.knowledge.languages})

    def index(self, language: str) -> str:
        return self._page("index.html", language, articles=self._links(language), query=None)

    def found(self, language: str, query: str, answers: list[Answer]) -> str:
        rows = [
            {
                "title": answer.article.title,
                "section": answer.passage.title,
                "text": shortened(answer.passage.plain, SUMMARY),
                "path": path_to(answer.article, answer.passage.number),
                **self._tongue(answer.language, language),
            }
            for answer in answers
        ]
        return self._page("index.html", language, articles=self._links(language), query=query, answers=rows)

    def article(self, language: str, article: Article) -> str:
        sections = [
            {
                "id": f"s{passage.number}",
                "title": passage.title,
                "html": markup.html(passage.text, lambda slug: f"/help/{language}/{slug}"),
            }
            for passage in article.passages
        ]
        return self._page(
            "article.html",
            language,
            article=article,
            sections=sections,
            **self._tongue(article.language, language),
        )

    def missing(self, language: str) -> str:
        return self._page("missing.html", language, articles=self._links(language))

    def name(self, language: str, seen_in: str) -> str:
        return self._texts.say(f"actions.language.{language}", seen_in)

    def direction(self, language: str) -> str:
        return self._texts.say("widget.direction", language)

    def _tongue(self, language: str, page: str) -> dict[str, Any]:
        """What a reader must be told of a text that is not in the page's language."""
        return {
            "tongue": language,
            "direction": self.direction(language),
            "other": "" if language == page else self.name(language, page),
        }

    def _links(self, language: str) -> list[dict[str, Any]]:
        return [
            {"title": article.title, "path": path_to(article), **self._tongue(article.language, language)}
            for article in self.knowledge.served(language)
        ]

    def _page(self, template: str, language: str, **values: Any) -> str:
        def say(key: str, **given: Any) -> str:
            return self._texts.say(f"help.{key}", language, **given)

        others = [(one, self.name(one, one)) for one in self.languages if one != language]
        return self._templates.get_template(template).render(
            language=language, page_direction=self.direction(language), say=say, others=others,
            chat=self._chat, own_name=self.name(language, language), limit=LONGEST, **values,
        )  # fmt: skip


def path_to(article: Article, section: int | None = None) -> str:
    """An article's address on this server; with a section, the place in it."""
    return f"/help/{article.language}/{quote(article.slug)}" + (f"#s{section}" if section else "")


def router(*, knowledge: Knowledge, texts: Texts, rates: Rates, chat: str = "") -> APIRouter:
    api = APIRouter(prefix="/help", include_in_schema=False)
    pages = Pages(knowledge, texts, chat)

    def answer(content: str, status: int = 200, kept: str = KEPT) -> HTMLResponse:
        return HTMLResponse(content, status, {"Cache-Control": kept})

    def known(language: str) -> str:
        if language not in pages.languages:
            raise NotFound("not_found")
        return language

    @api.get("/help.css")
    async def style() -> Response:
        return FileResponse(WEB / "help.css", headers={"Cache-Control": "no-cache"})

    @api.get("/")
    async def anywhere(request: Request) -> Response:
        wanted = (language_of(request) or "en").split("-")[0].lower()
        there = wanted if wanted in pages.languages else "en"
        return RedirectResponse(f"/help/{there}/", 302, {"Vary": "Accept-Language"})

    @api.get("/{language}/")
    async def index(
        request: Request, language: str, q: str = Query(default="", max_length=LONGEST)
    ) -> HTMLResponse:
        known(language)
        if not q.strip():
            return answer(pages.index(language))
        limited(rates, request)
        found = await knowledge.search(q.strip(), language, MOST, LEAST)
        return answer(pages.found(language, q.strip(), found), kept="no-store")

    @api.get("/{language}/{slug}")
    async def article(language: str, slug: str) -> HTMLResponse:
        found = knowledge.article(slug, known(language))
        if found is None:
            return answer(pages.missing(language), 404)
        return answer(pages.article(language, found))

    return api


def limited(rates: Rates, request: Request) -> None:
    """Searching costs the bot a few milliseconds: :class:`TooMany` for an address that asks without end."""
    wait = rates.spend(request.client.host if request.client else "")
    if wait:
        raise TooMany("too_fast", wait)

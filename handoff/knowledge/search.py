"""The widget's search: ``GET /api/widget/{inbox}/search?q=&language=``, open to the pages an inbox allows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from actions.knowledge.articles import shortened
from actions.knowledge.search import Answer, Knowledge
from actions.texts import Texts
from handoff.channels.registry import Inboxes
from handoff.channels.web import opened_to, readable
from handoff.conversations.rates import Rates
from handoff.errors import SetuError
from handoff.knowledge.pages import LEAST, LONGEST, MOST, limited, path_to

SUMMARY = 220  # characters


def router(
    *,
    knowledge: Knowledge,
    texts: Texts,
    inboxes: Inboxes,
    rates: Rates,
    base_url: str = "",
    public_url: str = "",
) -> APIRouter:
    api = APIRouter(prefix="/api/widget", tags=["widget"])

    @api.get("/{id}/search")
    async def search(
        request: Request,
        id: str,
        q: str = Query(max_length=LONGEST),
        language: str = Query(default="en", max_length=64),
    ) -> Response:
        """The articles that answer, best first; none is an empty list."""
        await opened_to(inboxes, request, id, public_url)
        spoken = language.replace("_", "-").split("-")[0].lower()
        try:
            limited(rates, request)
            found = await knowledge.search(q.strip(), spoken, MOST, LEAST)
            answer, status = {"answers": [shown(one, texts, spoken, base_url) for one in found]}, 200
        except SetuError as refused:  # the page's script must be able to read why
            answer, status = refused.body(texts, spoken), refused.status
        return JSONResponse(answer, status, readable(request))

    return api


def shown(answer: Answer, texts: Texts, reader: str, base_url: str, most: int = SUMMARY) -> dict[str, Any]:
    """An answer as JSON; ``other`` is the language's name where it is not the reader's."""
    language = answer.language
    return {
        "title": answer.passage.title or answer.article.title,
        "article": answer.article.title,
        "text": shortened(answer.passage.plain, most),
        "url": f"{base_url}{path_to(answer.article, answer.passage.number)}",
        "language": language,
        "direction": texts.say("widget.direction", language),
        "other": "" if language == reader else texts.say(f"actions.language.{language}", reader),
    }

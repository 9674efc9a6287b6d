"""HTTP of files: ``GET /files/{id}``, and the two ways to upload one.

What is served can do nothing where it is opened: no scripts, no frames, no sniffing of types, a sandbox
without an origin; only what was redrawn or is played is shown in place, all else is a download. The id is the
only key, so nothing is listed and answers are kept by the one browser that asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from handoff.answers import language_of
from handoff.attachments.service import Attachments
from handoff.channels import web
from handoff.channels.registry import Inboxes
from handoff.channels.visitors import Visitors
from handoff.conversations.rates import Rates
from handoff.conversations.views import InboxView
from handoff.desk.access import Door
from handoff.errors import Invalid, NotFound, Say, SetuError, TooMany, Unauthorised

SLOW = 180.0  # seconds for one upload
NAME = 1000  # characters of the header, percent-encoded
IN_PLACE = frozenset({"image", "audio", "video"})
INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, x-name",
    "Access-Control-Max-Age": "600",
}


def is_upload(path: str) -> bool:
    """Whether a path takes more than an ordinary body, as a stream (see :class:`handoff.edge.Edge`).

    >>> is_upload("/api/desk/files"), is_upload("/api/widget/x/files"), is_upload("/api/widget/x/start")
    (True, True, False)
    """
    match path.split("/"):
        case ["", "api", "desk", "files"] | ["", "api", "widget", _, "files"]:
            return True
    return False


def router(
    *,
    attachments: Attachments,
    visitors: Visitors,
    inboxes: Inboxes,
    door: Door,
    texts: Say,
    public_url: str = "",
    rates: Rates | None = None,
) -> APIRouter:
    api = APIRouter(tags=["files"])
    spent = rates or Rates(per_second=0.2, burst=30)  # uploads of one person …
    together = Rates(per_second=2, burst=120)  # … and of all from one address, who may be one after all

    @api.head("/files/{id}", include_in_schema=False)
    @api.get("/files/{id}")
    async def serve(id: str) -> Response:
        """A file, by the id that its message tells."""
        found = await attachments.find(id)
        if found is None:
            raise NotFound("not_found")
        inline = found.kind in IN_PLACE
        headers = INERT | {"Cross-Origin-Resource-Policy": "cross-origin" if inline else "same-origin"}
        return FileResponse(
            found.path,
            media_type=found.media_type,
            filename=found.name,
            content_disposition_type="inline" if inline else "attachment",
            headers=headers,
        )

    @api.post("/api/desk/files")
    async def from_desk(request: Request) -> dict[str, Any]:
        """Raw body; ``X-Name``: its name, percent-encoded. Answers ``{file}``, to be sent with a reply."""
        agent = await door.agent(request)
        return {"file": await take(request, by=agent.id)}

    @api.options("/api/widget/{id}/files")
    async def preflight(request: Request, id: str) -> Response:
        await web.opened_to(inboxes, request, id, public_url)
        return Response(status_code=204, headers=web.readable(request) | PREFLIGHT)

    @api.post("/api/widget/{id}/files")
    async def from_widget(request: Request, id: str) -> Response:
        """The same for a customer; ``Authorization: Bearer`` has the widget's token."""
        inbox = await web.opened_to(inboxes, request, id, public_url)
        try:
            contact = await whose(request, inbox)
            answer, status = {"file": await take(request, by=contact, inbox_id=inbox.id)}, 200
        except SetuError as refused:  # the page's script must be able to read why
            answer, status = refused.body(texts, language_of(request)), refused.status
            if isinstance(refused, TooMany):
                answer["error"]["retry_after"] = refused.retry_after
        return JSONResponse(answer, status, web.readable(request))

    async def whose(request: Request, inbox: InboxView) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(token) <= 200:
            raise Unauthorised("token_unknown")
        visitor = await visitors.by_token(token)
        if visitor.inbox.id != inbox.id:
            raise Unauthorised("token_unknown")
        return visitor.contact_id

    async def take(request: Request, *, by: str, inbox_id: str | None = None) -> dict[str, Any]:
        wait = spent.spend(by) or together.spend(request.client.host if request.client else "")
        if wait:
            raise TooMany("too_fast", retry_after=wait)
        declared = request.headers.get("content-type", "").partition("/")[0].strip().lower()
        try:
            async with asyncio.timeout(SLOW):
                return await attachments.upload(
                    body(request), name=name_of(request), by=by, inbox_id=inbox_id, expected=declared
                )
        except TimeoutError as slow:
            raise Invalid("upload_slow") from slow

    return api


async def body(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


def name_of(request: Request) -> str:
    return unquote(request.headers.get("x-name", "")[:NAME], errors="replace")

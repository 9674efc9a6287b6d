"""The web widget: a channel over sockets, and the HTTP of its start from the pages an inbox allows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from actions.db import Database
from actions.texts import Texts
from handoff.channels.base import Capabilities, Outbound, SendFailed, Setting
from handoff.channels.registry import Inboxes
from handoff.channels.visitors import Visitors
from handoff.conversations import reading
from handoff.conversations.hygiene import TEXT_LIMIT
from handoff.conversations.rates import Rates
from handoff.conversations.views import InboxView
from handoff.errors import Forbidden, NotFound, SetuError, TooMany, Unauthorised
from handoff.realtime.origins import is_allowed

CHANNEL = "web"
MESSAGES = 50
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "600",
}
SHOWN = ("theme", "name", "welcome", "buttons")  # the options that a widget may know


class WebChannel:
    """Everything is published over sockets and fetched again after a gap; nothing is pushed."""

    capabilities = Capabilities(
        buttons=100,
        cards=100,
        images=True,
        files=True,
        typing=True,
        read_receipts=True,
        edits=True,
        deletions=True,
        whole=True,
    )
    settings = (
        Setting("origins", required=False, kind="lines"),
        Setting("name", required=False),
        Setting("welcome", required=False),
    )

    def pushes(self, inbox: InboxView) -> bool:
        return False

    async def send(self, outbound: Outbound) -> str | None:
        raise SendFailed("the web channel pushes nothing", final=True)


class Start(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str | None = Field(default=None, max_length=200)
    identity: dict[str, Any] | None = None
    locale: str | None = Field(default=None, max_length=64)
    page: str | None = Field(default=None, max_length=2000)


class GoOn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


def router(
    *,
    database: Database,
    visitors: Visitors,
    inboxes: Inboxes,
    texts: Texts,
    public_url: str = "",
    helpful: bool = False,
    file_limit: int = 0,
    offer: Callable[[str], Awaitable[str]] | None = None,
) -> APIRouter:
    """``helpful``: there are help articles, and the widget shows its search. ``file_limit``: bytes of a file;
    0: the widget takes none. ``offer`` makes a code that a contact takes to another channel."""
    api = APIRouter(prefix="/api/widget", tags=["widget"])
    offers = Rates(per_second=1 / 60, burst=5)  # codes of one contact

    @api.options("/{id}/continue")
    @api.options("/{id}/start")
    async def preflight(request: Request, id: str) -> Response:
        await opened_to(inboxes, request, id, public_url)
        return Response(status_code=204, headers=readable(request) | PREFLIGHT)

    @api.post("/{id}/start")
    async def start(request: Request, id: str, body: Start) -> Response:
        """Find or make the contact, and give the widget all it shows first."""
        inbox = await opened_to(inboxes, request, id, public_url)
        try:
            answer, status = await begin(inbox, body, request.client.host if request.client else ""), 200
        except SetuError as refused:  # the page's script must be able to read why
            answer, status = refused.body(texts, body.locale), refused.status
        return JSONResponse(answer, status, readable(request))

    @api.post("/{id}/continue")
    async def go_on(request: Request, id: str, body: GoOn) -> Response:
        """A code with which the customer goes on elsewhere, in the same talk: the page puts it into a link
        (``wa.me/…?text=CODE``, ``t.me/…?start=CODE``, ``m.me/…?ref=CODE``). Good once, for ten minutes."""
        inbox = await opened_to(inboxes, request, id, public_url)
        try:
            visitor = await visitors.by_token(body.token)
            if visitor.inbox.id != inbox.id or offer is None:
                raise Unauthorised("token_unknown")
            if wait := offers.spend(visitor.contact_id):
                raise TooMany("too_fast", retry_after=wait)
            answer, status = {"code": await offer(visitor.contact_id)}, 200
        except SetuError as refused:
            answer, status = refused.body(texts), refused.status
        return JSONResponse(answer, status, readable(request))

    async def begin(inbox: InboxView, body: Start, address: str) -> dict[str, Any]:
        found = await visitors.start(
            inbox, token=body.token, identity=body.identity, locale=body.locale, address=address
        )
        async with database.read() as session:
            conversation = await reading.view(session, found.conversation_id)
            messages = await reading.messages(session, found.conversation_id, limit=MESSAGES)
        return {
            "token": found.token,
            "contact": {"id": found.contact.id, "name": found.contact.name},
            "conversation": conversation.for_customer(),
            "messages": [message.for_customer() for message in messages],
            "texts": texts.section("widget", body.locale or found.contact.locale),
            "options": {name: inbox.options[name] for name in SHOWN if name in inbox.options}
            | {"name": inbox.options.get("name", inbox.name)},
            "limits": {"text": TEXT_LIMIT, "file": file_limit},
            "help": helpful,
        }

    return api


async def opened_to(inboxes: Inboxes, request: Request, id: str, public_url: str = "") -> InboxView:
    """The web inbox, if the page that asks may use it."""
    inbox = await inboxes.get(id)
    if inbox.channel != CHANNEL:
        raise NotFound("inbox_unknown")
    if inbox.disabled:
        raise Forbidden("inbox_disabled")
    origin, host = request.headers.get("origin"), request.headers.get("host")
    if not is_allowed(origin, inbox.options.get("origins") or [], host=host, public_url=public_url):
        raise Forbidden("origin_refused")
    return inbox


def readable(request: Request) -> dict[str, str]:
    """Lets the script of the page that asked read the answer; no cookie is ever involved."""
    origin = request.headers.get("origin")
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}

"""One address for every platform that calls us: ``/webhooks/{inbox}``.

Platforms call often, and judge us by how soon we answer. So their requests are taken at the door:
the framework behind it (routing, dependencies, validation) would take as long as all that is done.
"""

from __future__ import annotations

from typing import Protocol

import orjson
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from handoff import answers
from handoff.channels.arrivals import Arrivals
from handoff.channels.base import Acknowledging, Challenged, Channel, RawRequest, Webhook
from handoff.channels.registry import Channels, Inboxes
from handoff.errors import NotFound, Say, SetuError, Unauthorised

PATH = "/webhooks/"

log = structlog.get_logger()


class Watching(Protocol):
    """Counts what comes to an inbox; never slow, never failing."""

    def seen(self, inbox_id: str) -> None: ...

    def refused(self, inbox_id: str) -> None: ...


class Webhooks:
    def __init__(self, arrivals: Arrivals, inboxes: Inboxes, channels: Channels, watching: Watching) -> None:
        self._arrivals = arrivals
        self._inboxes = inboxes
        self._channels = channels
        self._watching = watching
        # Asked once of each kind: whether an object fits a protocol takes longer to tell than its signature.
        self._called: dict[Channel | None, Webhook | None] = {}
        self._answering: dict[Channel, Acknowledging | None] = {}

    async def take(self, inbox_id: str, request: Request) -> Response:
        """Verify, keep everything the request tells, acknowledge; the rest follows by itself.

        An error leaves the request unacknowledged: what it brings again is known by its key.
        """
        inbox = await self._inboxes.get(inbox_id)
        kind = self._channels.kinds.get(inbox.channel)
        if kind not in self._called:
            self._called[kind] = kind if isinstance(kind, Webhook) else None
        channel = self._called[kind]
        if channel is None:
            raise NotFound("inbox_unknown")
        raw = RawRequest(await request.body(), dict(request.headers), dict(request.query_params))
        try:
            channel.verify(inbox, raw)
        except Unauthorised:
            self._watching.refused(inbox_id)
            raise
        stored = await self._arrivals.store(inbox, channel.parse(inbox, raw))
        self._watching.seen(inbox_id)
        if channel not in self._answering:
            self._answering[channel] = channel if isinstance(channel, Acknowledging) else None
        acknowledging = self._answering[channel]
        answer = acknowledging.acknowledge(inbox, raw) if acknowledging else None
        body = orjson.dumps(answer) if answer else b'{"stored":%d}' % stored
        return Response(body, media_type="application/json")

    async def challenge(self, inbox_id: str, request: Request) -> Response:
        """The platform makes sure that the address is ours."""
        inbox = await self._inboxes.get(inbox_id)
        channel = self._channels.kinds.get(inbox.channel)
        if not isinstance(channel, Challenged):
            raise NotFound("inbox_unknown")
        return PlainTextResponse(channel.challenge(inbox, dict(request.query_params)))


class Door:
    """ASGI: takes what platforms post, and lets everything else through to ``app``."""

    def __init__(self, app: ASGIApp, webhooks: Webhooks, texts: Say) -> None:
        self._app = app
        self._webhooks = webhooks
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._webhooks.take(scope["path"][len(PATH) :], request)
        except SetuError as error:
            response = answers.of(error, request, self._texts)
        except Exception:
            log.exception("request_failed", method="POST", route=PATH)
            response = answers.of(SetuError("internal"), request, self._texts, 500)
        await response(scope, receive, send)


def router(webhooks: Webhooks) -> APIRouter:
    api = APIRouter(tags=["webhooks"])

    @api.get(PATH + "{inbox}", include_in_schema=False)
    async def challenge(inbox: str, request: Request) -> Response:
        return await webhooks.challenge(inbox, request)

    return api

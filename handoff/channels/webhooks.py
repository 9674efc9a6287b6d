"""One address for every platform that calls us: ``/webhooks/{inbox}``."""

from __future__ import annotations

from typing import Protocol

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from handoff.channels.arrivals import Arrivals
from handoff.channels.base import Acknowledging, Challenged, Channel, RawRequest, Webhook
from handoff.channels.registry import Channels, Inboxes
from handoff.errors import NotFound, Unauthorised


class Watching(Protocol):
    """Counts what comes to an inbox; never slow, never failing."""

    def seen(self, inbox_id: str) -> None: ...

    def refused(self, inbox_id: str) -> None: ...


def router(*, arrivals: Arrivals, inboxes: Inboxes, channels: Channels, watching: Watching) -> APIRouter:
    api = APIRouter(tags=["webhooks"])
    # Asked once of each kind: whether an object fits a protocol takes longer to tell than its signature.
    called: dict[Channel | None, Webhook | None] = {}
    answering: dict[Channel, Acknowledging | None] = {}

    @api.post("/webhooks/{inbox}")
    async def receive(inbox: str, request: Request) -> Response:
        """Verify, keep everything the request tells, acknowledge; the rest follows by itself.

        An error leaves the request unacknowledged: what it brings again is known by its key.
        """
        configured = await inboxes.get(inbox)
        kind = channels.kinds.get(configured.channel)
        if kind not in called:
            called[kind] = kind if isinstance(kind, Webhook) else None
        channel = called[kind]
        if channel is None:
            raise NotFound("inbox_unknown")
        raw = RawRequest(await request.body(), dict(request.headers), dict(request.query_params))
        try:
            channel.verify(configured, raw)
        except Unauthorised:
            watching.refused(inbox)
            raise
        stored = await arrivals.store(configured, channel.parse(configured, raw))
        watching.seen(inbox)
        if channel not in answering:
            answering[channel] = channel if isinstance(channel, Acknowledging) else None
        answers = answering[channel]
        answer = answers.acknowledge(configured, raw) if answers else None
        body = orjson.dumps(answer) if answer else b'{"stored":%d}' % stored
        return Response(body, media_type="application/json")

    @api.get("/webhooks/{inbox}", include_in_schema=False)
    async def challenge(inbox: str, request: Request) -> Response:
        """The platform makes sure that the address is ours."""
        configured = await inboxes.get(inbox)
        channel = channels.kinds.get(configured.channel)
        if not isinstance(channel, Challenged):
            raise NotFound("inbox_unknown")
        return PlainTextResponse(channel.challenge(configured, dict(request.query_params)))

    return api

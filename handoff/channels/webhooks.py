"""One address for every platform that calls us: ``POST /webhooks/{inbox}``."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request

from handoff.channels.base import RawRequest, Webhook
from handoff.channels.registry import Channels, Inboxes
from handoff.conversations.service import Conversations
from handoff.errors import Invalid, NotFound

log = structlog.get_logger()


def router(*, conversations: Conversations, inboxes: Inboxes, channels: Channels) -> APIRouter:
    api = APIRouter(tags=["webhooks"])

    @api.post("/webhooks/{inbox}")
    async def receive(inbox: str, request: Request) -> dict[str, int]:
        """Verify, store all messages of the request, acknowledge; the answers follow by themselves.

        A message that nobody could read is skipped: the platform would send it for ever. Any other
        error leaves the request unacknowledged, and what it brings again is known by its id.
        """
        configured = await inboxes.get(inbox)
        channel = channels.of(configured)
        if not isinstance(channel, Webhook):
            raise NotFound("inbox_unknown")
        raw = RawRequest(await request.body(), dict(request.headers), dict(request.query_params))
        channel.verify(configured, raw)
        stored = 0
        for inbound in channel.parse(configured, raw):
            try:
                await conversations.receive(configured, inbound)
                stored += 1
            except Invalid as unreadable:
                log.warning("inbound_skipped", channel=configured.channel, code=unreadable.code)
        return {"stored": stored}

    return api

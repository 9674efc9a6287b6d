"""How a conversation's customer can be reached now: the window, what the channel can do, its templates."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from handoff.channels.base import Changes, Templated
from handoff.conversations.context import Context
from handoff.conversations.models import Contact, Conversation
from handoff.delivery import outbox
from handoff.delivery.routes import Route, Routes
from handoff.delivery.windows import Window

FRESH, FAILED = 300.0, 30.0  # seconds for which a list of templates, or that there is none, is believed

log = structlog.get_logger()


@dataclass(slots=True)
class Reach:
    context: Context
    routes: Routes
    clock: Callable[[], float] = time.monotonic
    _templates: dict[str, tuple[float, list[dict[str, Any]]]] = field(default_factory=dict)

    async def of(self, conversation_id: str) -> dict[str, Any]:
        """``{window, can, templates}`` for the contact last used. Of a disabled inbox nothing is open."""
        async with self.context.database.read() as session:
            conversation = await session.get_one(Conversation, conversation_id)
            contact = await session.get_one(Contact, conversation.contact_id)
            last = await outbox.last_customer_at(session, conversation, contact.id)
        route = await self.routes.to(contact.inbox_id)
        if route is None:
            window = Window(open=False, closes_at=None, human_until=None, template_only=False)
            return {"window": window.as_json(), "can": {}, "templates": []}
        window = Window.of(route.can, last, self.context.clock())
        return {"window": window.as_json(), "can": _can(route), "templates": await self._of(route)}

    async def _of(self, route: Route) -> list[dict[str, Any]]:
        inbox, channel = route.inbox, route.channel
        if not route.can.templates or not isinstance(channel, Templated):
            return []
        until, known = self._templates.get(inbox.id, (0.0, []))
        if until > self.clock():
            return known
        try:
            known, kept = await channel.templates(inbox), FRESH
        except Exception as broken:
            # An agent may write all the same; what was known before is better than nothing.
            log.warning("templates_unknown", inbox=inbox.id, error=type(broken).__name__)
            kept = FAILED
        self._templates[inbox.id] = (self.clock() + kept, known)
        return known


def _can(route: Route) -> dict[str, Any]:
    can = route.can
    here = isinstance(route.channel, Changes) or not route.channel.pushes(route.inbox)
    return {
        "files": can.files,
        "images": can.images,
        "edits": can.edits and here,
        "deletions": can.deletions and here,
        "text_limit": can.text_limit,
        "typing": can.typing,
        "read_receipts": can.read_receipts,
    }

"""Kinds of channels by name, and the inboxes that are configured."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from actions.db import Database, new_id
from handoff.channels.base import Channel
from handoff.channels.models import Inbox
from handoff.channels.vault import Vault
from handoff.conversations.views import InboxView
from handoff.errors import Invalid, NotFound, Unauthorised

FRESH = 5.0  # seconds that a looked-up inbox is trusted


def hashed(token: str) -> str:
    """How tokens are kept: they are long and random, so a plain hash does."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Channels:
    """The kinds of channels this installation has."""

    def __init__(self, kinds: Mapping[str, Channel]) -> None:
        self.kinds = dict(kinds)

    def of(self, inbox: InboxView) -> Channel:
        return self.kinds[inbox.channel]

    def pushes(self, inbox: InboxView) -> bool:
        return inbox.channel in self.kinds and self.of(inbox).pushes(inbox)


@dataclass(frozen=True, slots=True)
class Made:
    """A new inbox with its token and secret, readable this once."""

    inbox: InboxView
    token: str
    secret: str


class Inboxes:
    """Finds inboxes; each is looked up anew after a few seconds, so that changes reach every gateway."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._known: dict[str, tuple[float, InboxView]] = {}
        self._looking = asyncio.Lock()

    async def get(self, inbox_id: str) -> InboxView:
        """The inbox with its secret in clear; raises ``NotFound``."""
        if inbox := self._fresh(inbox_id):
            return inbox
        async with self._looking:  # one looks, the others find it: their order is kept
            return self._fresh(inbox_id) or await self._look(inbox_id)

    def _fresh(self, inbox_id: str) -> InboxView | None:
        at, inbox = self._known.get(inbox_id, (0.0, None))
        return inbox if self._clock() - at < FRESH else None

    async def _look(self, inbox_id: str) -> InboxView:
        async with self._database.read() as session:
            row = (
                await session.get(Inbox, inbox_id) if inbox_id.isascii() and inbox_id.isprintable() else None
            )
        if row is None:
            self._known.pop(inbox_id, None)
            raise NotFound("inbox_unknown")
        inbox = InboxView(
            id=row.id,
            channel=row.channel,
            name=row.name,
            options=row.options,
            token_hash=row.token_hash,
            secret=self._vault.open(row.secret) if row.secret else None,
        )
        self._known[inbox_id] = (self._clock(), inbox)
        return inbox

    async def authenticated(self, inbox_id: str, token: str | None, channel: str) -> InboxView:
        """The inbox, if ``token`` is its own; ``Unauthorised`` does not tell which of both was wrong."""
        try:
            inbox = await self.get(inbox_id)
        except NotFound as unknown:
            raise Unauthorised("inbox_unknown") from unknown
        right = inbox.token_hash or ""
        if not token or inbox.channel != channel or not hmac.compare_digest(hashed(token), right):
            raise Unauthorised("inbox_unknown")
        return inbox

    async def create(
        self, channel: str, name: str, options: dict[str, Any] | None = None, inbox_id: str | None = None
    ) -> Made:
        """Make an inbox with a fresh token and secret; raises ``Invalid`` (bad_name, bad_callback)."""
        if not name.strip() or len(name) > 80:
            raise Invalid("bad_name")
        callback = (options or {}).get("callback_url")
        if callback and urlsplit(str(callback)).scheme not in ("http", "https"):
            raise Invalid("bad_callback")
        token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        row = Inbox(
            id=inbox_id or new_id(),
            channel=channel,
            name=name.strip(),
            token_hash=hashed(token),
            secret=self._vault.seal(secret),
            options=options or {},
        )
        async with self._database.write() as session:
            session.add(row)
        return Made(InboxView(row.id, channel, row.name, row.options, row.token_hash, secret), token, secret)

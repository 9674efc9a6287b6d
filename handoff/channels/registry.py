"""Kinds of channels by name, and the inboxes that are configured."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select, update

from actions.db import Database, new_id
from handoff.channels.base import Channel
from handoff.channels.models import Inbox
from handoff.channels.vault import Vault
from handoff.conversations.views import InboxView
from handoff.errors import Forbidden, Invalid, NotFound, Unauthorised

FRESH = 5.0  # seconds that a looked-up inbox is trusted

T = TypeVar("T")


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
            row = await session.get(Inbox, inbox_id) if _readable(inbox_id) else None
        if row is None:
            self._known.pop(inbox_id, None)
            raise NotFound("inbox_unknown")
        inbox = self._view(row)
        self._known[inbox_id] = (self._clock(), inbox)
        return inbox

    def _view(self, row: Inbox) -> InboxView:
        """Raises ``ValueError`` for secrets that another key sealed."""
        return InboxView(
            id=row.id,
            channel=row.channel,
            name=row.name,
            options=row.options,
            token_hash=row.token_hash,
            secret=self._vault.open(row.secret) if row.secret else None,
            credentials=self._vault.open_all(row.credentials),
            disabled=row.disabled,
        )

    async def authenticated(self, inbox_id: str, token: str | None, channel: str) -> InboxView:
        """The inbox, if ``token`` is its own; ``Unauthorised`` does not tell which of both was wrong.

        ``Forbidden`` (inbox_disabled) while it is out of service.
        """
        try:
            inbox = await self.get(inbox_id)
        except NotFound as unknown:
            raise Unauthorised("inbox_unknown") from unknown
        right = inbox.token_hash or ""
        if not token or inbox.channel != channel or not hmac.compare_digest(hashed(token), right):
            raise Unauthorised("inbox_unknown")
        if inbox.disabled:
            raise Forbidden("inbox_disabled")
        return inbox

    async def create(
        self,
        channel: str,
        name: str,
        options: dict[str, Any] | None = None,
        inbox_id: str | None = None,
        credentials: Mapping[str, str] | None = None,
    ) -> Made:
        """Make an inbox with a fresh token and secret; raises ``Invalid`` (bad_name, bad_callback).

        ``credentials``: the platform's tokens and secrets by the names of the channel's settings.
        """
        _check(name, options or {})
        token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        row = Inbox(
            id=inbox_id or new_id(),
            channel=channel,
            name=name.strip(),
            token_hash=hashed(token),
            secret=self._vault.seal(secret),
            credentials=self._vault.seal_all(dict(credentials or {})),
            options=options or {},
            disabled=False,
        )
        async with self._database.write() as session:
            session.add(row)
        return Made(self._view(row), token, secret)

    async def update(
        self,
        inbox_id: str,
        *,
        name: str | None = None,
        options: Mapping[str, Any] | None = None,
        credentials: Mapping[str, str | None] | None = None,
        disabled: bool | None = None,
    ) -> InboxView:
        """Change what is given and leave the rest; None as a value takes an option or credential away.

        Raises ``NotFound`` or ``Invalid`` as :meth:`create`. Other gateways see it within seconds.
        """
        async with self._database.write() as session:
            row = await session.get(Inbox, inbox_id, with_for_update=True) if _readable(inbox_id) else None
            if row is None:
                raise NotFound("inbox_unknown")
            changed = _laid_over(row.options, options or {})
            _check(row.name if name is None else name, changed)
            row.name = row.name if name is None else name.strip()
            row.options = changed
            if credentials:
                row.credentials = self._vault.seal_all(
                    _laid_over(self._vault.open_all(row.credentials), credentials)
                )
            row.disabled = row.disabled if disabled is None else disabled
        self._known.pop(inbox_id, None)
        return self._view(row)

    async def renew(self, inbox_id: str, what: Literal["token", "secret"]) -> str:
        """A new integrator's token or signing secret, readable this once; the old one ends at once."""
        value = secrets.token_urlsafe(32)
        fresh = {"token_hash": hashed(value)} if what == "token" else {"secret": self._vault.seal(value)}
        async with self._database.write() as session:
            done = await session.execute(
                update(Inbox).where(Inbox.id == inbox_id).values(**fresh).returning(Inbox.id)
            )
            if done.scalar_one_or_none() is None:
                raise NotFound("inbox_unknown")
        self._known.pop(inbox_id, None)
        return value

    async def reseal(self) -> int:
        """Seal every secret with the present key; returns how many inboxes changed.

        All or nothing: ``ValueError`` if one was sealed with a key that is not given any more.
        """
        changed = 0
        async with self._database.write() as session:
            for row in await session.scalars(select(Inbox).with_for_update()):
                before = (row.secret, row.credentials)
                row.secret, row.credentials = (one and self._vault.reseal(one) for one in before)
                changed += before != (row.secret, row.credentials)
        return changed


def _readable(inbox_id: str) -> bool:
    return inbox_id.isascii() and inbox_id.isprintable()


def _laid_over(kept: Mapping[str, T], changes: Mapping[str, T | None]) -> dict[str, T]:
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}


def _check(name: str, options: Mapping[str, Any]) -> None:
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise Invalid("bad_name")
    callback = options.get("callback_url")
    if callback and urlsplit(str(callback)).scheme not in ("http", "https"):
        raise Invalid("bad_callback")

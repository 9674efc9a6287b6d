"""Inboxes made and changed: form, platform, check, and a line in the log of who did what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from actions.db import Database, now
from handoff.channels import forms
from handoff.channels.base import Challenged, Channel, Configured, Setting, Webhook
from handoff.channels.models import Inbox
from handoff.channels.registry import Channels, Inboxes
from handoff.channels.vault import redacted
from handoff.conversations.views import InboxView, iso
from handoff.errors import Invalid, NotFound
from handoff.inboxes import figures
from handoff.inboxes.checking import Checks
from handoff.inboxes.judgement import Facts, judge

log = structlog.get_logger()

OWN = ("token", "secret")  # of every inbox that is no platform's: for integrators, and to sign identities


@runtime_checkable
class Formed(Protocol):
    """A channel whose inboxes have settings, with a platform behind it or not."""

    @property
    def settings(self) -> tuple[Setting, ...]: ...


def settings_of(channel: Channel) -> tuple[Setting, ...]:
    return channel.settings if isinstance(channel, Formed) else ()


class Care:
    """``by`` is who does it (an agent's id, or ``cli``); it is logged with the names of what changed."""

    def __init__(
        self,
        database: Database,
        inboxes: Inboxes,
        channels: Channels,
        checks: Checks,
        base_url: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._inboxes = inboxes
        self._channels = channels
        self._checks = checks
        self._base_url = base_url
        self._clock = clock

    # --- looking

    def kinds(self) -> list[dict[str, Any]]:
        """The channels there are, with the fields of their forms."""
        return [
            {
                "channel": name,
                "webhook": isinstance(channel, Webhook),
                "verified": isinstance(channel, Challenged),  # the platform is told our webhook by hand
                "checked": isinstance(channel, Configured),
                "settings": [_described(setting) for setting in settings_of(channel)],
                "own": _own(channel),
            }
            for name, channel in self._channels.kinds.items()
        ]

    @property
    def reachable(self) -> bool:
        """Whether platforms could find our webhooks at all, as far as the address tells."""
        parts = urlsplit(self._base_url)
        return parts.scheme == "https" and "." in (parts.hostname or "")

    async def listed(self) -> list[dict[str, Any]]:
        """Every inbox with its health; never with a secret."""
        async with self._database.read() as session:
            rows = list(await session.scalars(select(Inbox).order_by(Inbox.created_at, Inbox.id)))
            known = {row.id: figures.of_row(row, has_webhook=self._has_webhook(row)) for row in rows}
            facts = await figures.counted(session, known, self._clock())
        return [await self._json(row, facts[row.id]) for row in rows]

    async def one(self, inbox_id: str) -> dict[str, Any]:
        """One of them; raises ``NotFound``."""
        row = await self._row(inbox_id)
        known = {row.id: figures.of_row(row, has_webhook=self._has_webhook(row))}
        async with self._database.read() as session:
            facts = await figures.counted(session, known, self._clock())
        return await self._json(row, facts[row.id])

    # --- changing

    async def create(
        self, by: str, channel: str, name: str, settings: Mapping[str, Any]
    ) -> tuple[str, dict[str, str]]:
        """Make an inbox, tell its platform, check it: ``(id, what was made up)``, readable this once.

        What the platform dislikes is kept as the inbox's problem: nothing has to be typed again.
        Raises ``Invalid`` as :func:`forms.fill`, and ``unknown_channel``.
        """
        kind = self._kind(channel)
        filled = forms.fill(settings_of(kind), settings)
        made = await self._inboxes.create(channel, name, filled.options, credentials=filled.credentials)
        _audit(by, made.inbox.id, "created", [*filled.options, *filled.credentials], channel=channel)
        own = {"token": made.token, "secret": made.secret}
        shown = {what: own[what] for what in _own(kind)} | _made_up(settings_of(kind), made.inbox)
        await self._checks.connect(made.inbox.id, self._webhook(made.inbox.id))
        return made.inbox.id, shown

    async def update(
        self, by: str, inbox_id: str, *, name: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> None:
        """Change what is given; a secret that is left empty stays. Raises ``NotFound``, ``Invalid``."""
        row = await self._row(inbox_id)
        filled = forms.fill(settings_of(self._kind(row.channel)), settings or {}, partly=True)
        await self._inboxes.update(
            inbox_id, name=name, options=filled.options, credentials=filled.credentials
        )
        changed = [*(["name"] if name is not None else []), *filled.options, *filled.credentials]
        _audit(by, inbox_id, "changed", changed)
        if (filled.options or filled.credentials) and not row.disabled:
            await self._checks.connect(inbox_id, self._webhook(inbox_id))

    async def renew(self, by: str, inbox_id: str, what: str) -> dict[str, str]:
        """A new value for something that we made up, readable this once."""
        row = await self._row(inbox_id)
        kind = self._kind(row.channel)
        _audit(by, inbox_id, "renewed", [what])
        if what in _own(kind):
            return {what: await self._inboxes.renew(inbox_id, "token" if what == "token" else "secret")}
        fresh = [setting for setting in settings_of(kind) if setting.made and setting.name == what]
        if not fresh:
            raise Invalid("unknown_setting")
        filled = forms.made(fresh)
        changed = await self._inboxes.update(inbox_id, options=filled.options, credentials=filled.credentials)
        if not row.disabled:
            await self._checks.connect(inbox_id, self._webhook(inbox_id))
        return _made_up(fresh, changed)

    async def check(self, inbox_id: str) -> None:
        await self._row(inbox_id)
        await self._checks.check(inbox_id)

    async def switch(self, by: str, inbox_id: str, *, disabled: bool) -> None:
        """Take an inbox out of service, or back into it.

        While it is out, webhooks are still verified, stored and answered 200: a platform that gets
        errors sends again for hours, then cuts the whole app off (Meta) or fills its queue (Telegram),
        and what customers wrote meanwhile would be lost. What came is handled once it is back.
        """
        await self._row(inbox_id)
        await self._inboxes.update(inbox_id, disabled=disabled)
        _audit(by, inbox_id, "disabled" if disabled else "enabled", [])
        if not disabled:
            await self._checks.connect(inbox_id, self._webhook(inbox_id))

    # --- parts

    async def _row(self, inbox_id: str) -> Inbox:
        async with self._database.read() as session:
            row = await session.get(Inbox, inbox_id)
        if row is None:
            raise NotFound("inbox_unknown")
        return row

    def _kind(self, channel: str) -> Channel:
        if channel not in self._channels.kinds:
            raise Invalid("unknown_channel", channel=channel[:40])
        return self._channels.kinds[channel]

    def _webhook(self, inbox_id: str) -> str:
        return f"{self._base_url}/webhooks/{inbox_id}"

    def _has_webhook(self, row: Inbox) -> bool:
        return isinstance(self._channels.kinds.get(row.channel), Webhook)

    async def _json(self, row: Inbox, facts: Facts) -> dict[str, Any]:
        kind = self._channels.kinds.get(row.channel)
        settings = settings_of(kind) if kind else ()
        sealed, credentials = False, dict[str, str]()
        try:
            credentials = (await self._inboxes.get(row.id)).credentials
        except ValueError:  # the key is gone: the page has to say so, not to fail
            sealed = True
        judged = judge(facts, self._clock())
        signs = ["sealed", *judged.signs] if sealed else list(judged.signs)
        words = [one and redacted(one, credentials.values()) for one in (facts.problem, facts.dead_error)]
        return {
            "id": row.id,
            "channel": row.channel,
            "name": row.name,
            "disabled": row.disabled,
            "created_at": iso(row.created_at),
            "webhook": self._webhook(row.id) if self._has_webhook(row) else None,
            "settings": {s.name: row.options.get(s.name) for s in settings if not s.secret},
            "secrets": {s.name: bool(credentials.get(s.name)) for s in settings if s.secret},
            "health": {
                "state": "bad" if sealed else judged.state,
                "signs": signs,
                "problem": words[0],
                "checked_at": iso(facts.checked_at),
                "last_webhook_at": iso(facts.last_webhook_at),
                "refused": facts.refused,
                "last_refused_at": iso(facts.last_refused_at),
                "token_expires_at": iso(facts.token_expires_at),
                "sent": facts.sent,
                "failed": facts.failed,
                "error_rate": facts.error_rate,
                "dead": facts.dead,
                "dead_error": words[1],
                "dead_code": facts.dead_code,
                "outgoing": facts.outgoing,
                "waiting": facts.waiting,
                "waiting_since": iso(facts.waiting_since),
                "broken": facts.broken,
                "unknown": facts.unknown,
            },
        }


def _own(channel: Channel) -> list[str]:
    return [] if isinstance(channel, Webhook) else list(OWN)


def _described(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "secret": setting.secret,
        "required": setting.required,
        "made": setting.made,
        "kind": setting.kind,
    }


def _made_up(settings: Sequence[Setting], inbox: InboxView) -> dict[str, str]:
    values = inbox.options | inbox.credentials
    return {s.name: str(values[s.name]) for s in settings if s.made and s.name in values}


def _audit(by: str, inbox_id: str, did: str, what: list[str], **more: str) -> None:
    """Who did what, with names only: values may be secrets."""
    log.info("inbox_changed", by=by, inbox=inbox_id, did=did, what=sorted(what), **more)

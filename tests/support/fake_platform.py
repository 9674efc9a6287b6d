"""A platform of nobody's, for tests of what is around channels: its adapter, and what it was told."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoff.channels.base import Capabilities, Health, Outbound, RawRequest, SendFailed, Setting
from handoff.conversations.inbound import Incoming
from handoff.conversations.views import InboxView
from handoff.errors import Forbidden, Unauthorised


@dataclass
class Pigeons:
    """A channel with everything a platform has. ``failure`` is how it refuses from now on."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(buttons=3, text_limit=200))
    settings: tuple[Setting, ...] = (
        Setting("loft"),
        Setting("access_token", secret=True),
        Setting("app_secret", secret=True),
        Setting("verify_token", made=True),
        Setting("seal", secret=True, made=True),
        Setting("perch", required=False, kind="number"),
    )
    health: Health = field(default_factory=Health)
    failure: SendFailed | None = None
    broken: Exception | None = None
    sent: list[Outbound] = field(default_factory=list)
    connected: list[tuple[InboxView, str]] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    def pushes(self, inbox: InboxView) -> bool:
        return True

    async def send(self, outbound: Outbound) -> str | None:
        self._fail()
        self.sent.append(outbound)
        return f"p-{len(self.sent)}"

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        right = hmac.new(inbox.credentials["app_secret"].encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("x-seal", "").encode(), right.encode()):
            raise Unauthorised("bad_signature")

    def parse(self, inbox: InboxView, request: RawRequest) -> Sequence[Incoming]:
        return []

    def challenge(self, inbox: InboxView, query: Mapping[str, str]) -> str:
        if query.get("token") != inbox.options["verify_token"]:
            raise Forbidden("bad_challenge")
        return query.get("challenge", "")

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        self._fail()
        self.connected.append((inbox, webhook_url))

    async def check(self, inbox: InboxView) -> Health:
        self.checked.append(inbox.id)
        if self.broken:
            raise self.broken
        return self.health

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


FILLED = {"loft": "North tower", "access_token": "pigeon-access-token-1", "app_secret": "pigeon-app-secret-1"}
SECRETS = (FILLED["access_token"], FILLED["app_secret"])

"""What a platform tells a business: one event, and how a request of several is made and signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from handoff.simulators.accounts import Account
from handoff.simulators.world import Said, Shown, Thread


@dataclass(frozen=True, slots=True)
class Event:
    """``field``: the subscription it belongs to. ``body`` goes into the platform's envelope."""

    contact: str
    field: str
    body: dict[str, Any]


class Telling(Protocol):
    """How one platform tells what happened. An empty list: it does not tell that."""

    batch: int  # events in one request, at most

    def wrote(self, account: Account, thread: Thread, said: Said) -> list[Event]: ...
    def edited(self, account: Account, thread: Thread, said: Said) -> list[Event]: ...
    def unsent(self, account: Account, thread: Thread, said: Said) -> list[Event]: ...
    def reacted(self, account: Account, thread: Thread, to: Shown | Said, before: str) -> list[Event]: ...
    def read(self, account: Account, thread: Thread, now: float) -> list[Event]: ...
    def sent(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        """Right after a call, or after a person has answered from the platform's own inbox."""

    def delivered(self, account: Account, thread: Thread, shown: Shown) -> list[Event]: ...
    def blocked(self, account: Account, thread: Thread, now: float) -> list[Event]: ...
    def envelope(self, account: Account, events: Sequence[Event], now: float) -> dict[str, Any]: ...
    def headers(self, account: Account, body: bytes) -> Mapping[str, str]: ...


NOT_BY_DEFAULT = ("message_reaction", "message_reaction_count", "chat_member")  # of Telegram's updates


def wanted(account: Account, event: Event) -> bool:
    """Whether the business hears of it: what it has subscribed to, or all when nobody said."""
    hook = account.webhook
    if hook is None:
        return False
    if account.platform == "telegram":
        return event.field in hook.allowed if hook.allowed else event.field not in NOT_BY_DEFAULT
    subscribed = hook.fields is None or event.field in hook.fields
    return subscribed and (hook.page_fields is None or event.field in hook.page_fields)


def written(body: Mapping[str, Any]) -> bytes:
    """As Meta writes JSON: compact, letters beyond ASCII and slashes escaped; it signs these bytes."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

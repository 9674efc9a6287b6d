"""How an inbox does, from what is known of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

TOKEN_WARNING = timedelta(days=14)  # before a token ends
STUCK = timedelta(minutes=2)  # that something may wait before it is odd
FEW = 3  # pushes below which a rate says nothing
SOME_FAIL, MANY_FAIL = 0.05, 0.5

State = Literal["good", "warn", "bad", "off", "new"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tables say. ``sent`` and ``failed`` are of the last 24 hours, ``dead`` of the last week."""

    disabled: bool = False
    has_webhook: bool = False
    last_webhook_at: datetime | None = None
    refused: int = 0  # webhooks with a wrong signature since the last right one
    last_refused_at: datetime | None = None
    checked_at: datetime | None = None
    problem: str | None = None  # the platform's words
    token_expires_at: datetime | None = None
    sent: int = 0
    failed: int = 0
    dead: int = 0
    dead_error: str | None = None  # why the newest of them failed
    dead_code: str | None = None  # the same in a code (texts ``desk.undelivered.<code>``)
    outgoing: int = 0  # pushes that wait
    outgoing_since: datetime | None = None  # when the longest of them should have gone
    waiting: int = 0  # arrivals that are not handled yet
    waiting_since: datetime | None = None
    broken: int = 0  # whose handling failed, in 24 hours
    unknown: int = 0  # events of a kind that we do not know, in 24 hours

    @property
    def error_rate(self) -> float | None:
        """The share of the last day's pushes that failed; None if there were none."""
        tries = self.sent + self.failed
        return self.failed / tries if tries else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """``signs`` are codes, the gravest first (texts ``desk.inboxes.signs.<code>``)."""

    state: State
    signs: tuple[str, ...]


def judge(facts: Facts, now: datetime) -> Judgement:
    """Red for what keeps messages from coming or going, yellow for what may soon."""
    if facts.disabled:
        return Judgement("off", ("disabled",))
    bad = [code for code, here in _bad(facts, now).items() if here]
    warn = [code for code, here in _warn(facts, now).items() if here and code not in bad]
    quiet = facts.has_webhook and facts.last_webhook_at is None
    state: State = "bad" if bad else "warn" if warn else "new" if quiet else "good"
    return Judgement(state, (*bad, *warn, *(["quiet"] if quiet and "signatures" not in bad else [])))


def _bad(facts: Facts, now: datetime) -> dict[str, bool]:
    ends, rate = facts.token_expires_at, facts.error_rate
    return {
        "token_expired": ends is not None and ends <= now,
        "problem": facts.problem is not None,
        "signatures": facts.refused > 0 and facts.last_webhook_at is None,
        "failing": rate is not None and facts.sent + facts.failed >= FEW and rate >= MANY_FAIL,
    }


def _warn(facts: Facts, now: datetime) -> dict[str, bool]:
    ends, rate = facts.token_expires_at, facts.error_rate
    return {
        "token_expires": ends is not None and now < ends <= now + TOKEN_WARNING,
        "signatures": facts.refused >= FEW,
        "failing": rate is not None and rate >= SOME_FAIL,
        "dead": facts.dead > 0,
        "backlog": _stuck(facts.waiting_since, now) or _stuck(facts.outgoing_since, now),
        "broken": facts.broken > 0,
    }


def _stuck(since: datetime | None, now: datetime) -> bool:
    return since is not None and since < now - STUCK

"""What the tables of deliveries and arrivals say about each inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.channels.models import Arrival, Inbox
from handoff.conversations.models import Contact
from handoff.delivery.models import Delivery
from handoff.inboxes.judgement import Facts

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WORDS = ("message", "echo", "control")  # kinds of which none may fail; a mark or an edit may come too late


def of_row(row: Inbox, *, has_webhook: bool) -> Facts:
    """What the inbox's own row says."""
    return Facts(
        disabled=row.disabled,
        has_webhook=has_webhook,
        last_webhook_at=row.last_webhook_at,
        refused=row.refused,
        last_refused_at=row.last_refused_at,
        checked_at=row.checked_at,
        problem=row.problem,
        token_expires_at=row.token_expires_at,
    )


async def counted(session: AsyncSession, known: dict[str, Facts], now: datetime) -> dict[str, Facts]:
    """``known`` by the inboxes' ids, with all that has to be counted."""
    found: dict[str, dict[str, Any]] = {inbox_id: {} for inbox_id in known}
    for query in (_pushes(now), _waiting_pushes(), _arrivals(now)):
        for row in (await session.execute(query)).mappings():
            values = dict(row)
            found.get(values.pop("inbox_id"), {}).update(values)
    for inbox_id, values in found.items():
        if values.get("dead"):
            last = (await session.execute(_last_error(inbox_id))).first()
            values["dead_error"], values["dead_code"] = tuple(last) if last else (None, None)
    return {inbox_id: replace(known[inbox_id], **values) for inbox_id, values in found.items()}


# ``next_at`` of a settled push is about when it was last tried, and there is an index over it.
_OF_INBOX = Contact.inbox_id.label("inbox_id")


def _pushes(now: datetime) -> Any:
    lately, bad = Delivery.next_at >= now - DAY, or_(Delivery.state == "dead", Delivery.mark == "failed")
    return (
        select(
            _OF_INBOX,
            _sum(lately & ~bad).label("sent"),
            _sum(lately & bad).label("failed"),
            _sum(bad).label("dead"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state.in_(("sent", "dead")), Delivery.next_at >= now - WEEK)
        .group_by(Contact.inbox_id)
    )


def _waiting_pushes() -> Any:
    return (
        select(
            _OF_INBOX,
            func.count().label("outgoing"),
            func.min(Delivery.created_at).label("outgoing_since"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state.in_(("due", "sending")))
        .group_by(Contact.inbox_id)
    )


def _arrivals(now: datetime) -> Any:
    is_open, unknown = Arrival.handled_at.is_(None), Arrival.kind == "unknown"
    return (
        select(
            Arrival.inbox_id,
            _sum(is_open & ~unknown).label("waiting"),
            func.min(case((is_open & ~unknown, Arrival.received_at))).label("waiting_since"),
            _sum(Arrival.kind.in_(WORDS) & Arrival.error.is_not(None)).label("broken"),
            _sum(unknown & (Arrival.received_at >= now - DAY)).label("unknown"),
        )
        .where(or_(is_open, Arrival.handled_at >= now - DAY))
        .group_by(Arrival.inbox_id)
    )


def _last_error(inbox_id: str) -> Any:
    return (
        select(Delivery.error, Delivery.code)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state == "dead", Contact.inbox_id == inbox_id)
        .order_by(Delivery.next_at.desc())
        .limit(1)
    )


def _sum(what: Any) -> Any:
    return func.coalesce(func.sum(case((what, 1), else_=0)), 0)

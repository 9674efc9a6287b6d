"""One push: its parts are called out one by one, and each outcome goes on record before the next call."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import structlog

from handoff.channels.base import Outbound, SendFailed
from handoff.channels.parts import plan
from handoff.channels.vault import redacted
from handoff.conversations.context import Context
from handoff.conversations.thread import opened
from handoff.delivery import news, outbox
from handoff.delivery.backoff import ATTEMPTS, TOO_OLD, pause
from handoff.delivery.ledger import Ledger, Taken
from handoff.delivery.models import Delivery
from handoff.delivery.outbox import CALL, LEASE, Due
from handoff.delivery.pace import Pace
from handoff.delivery.routes import Route
from handoff.delivery.windows import way

UNSURE_WAIT = 45.0  # seconds for news of a call whose answer was lost
LIMITED_WAIT = 5.0  # seconds, where a platform says "too fast" and not for how long
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = structlog.get_logger()


class Sender:
    """``base_url``: where platforms fetch our files; ``stopping``: no further call is begun."""

    def __init__(
        self,
        context: Context,
        pace: Pace,
        *,
        base_url: str = "",
        unsure_wait: float = UNSURE_WAIT,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._context = context
        self._ledger = Ledger(context)
        self._pace = pace
        self._base_url = base_url
        self._unsure_wait = unsure_wait
        self._luck = luck
        self.stopping = False

    async def push(self, due: Due, route: Route | None) -> None:
        """Send a claimed push as far as it goes. Its right to one call has been taken."""
        if self.stopping or route is None:
            await self._wait(due, 0.0)
        elif due.stale:
            await self._drop(due)
        elif due.message.deleted_at is not None:
            await self._ledger.write(due.id, state="dropped")
        else:
            await self._send(due, route)

    async def _send(self, due: Due, route: Route) -> None:
        message, can, clock = due.message, route.can, self._context.clock
        template = bool(message.rich.get("template"))
        found = way(can, due.last_customer_at, message.sender, clock(), template=template)
        if found in ("closed", "template_only"):
            await self._die(due, "the window is closed", "window_closed", due.attempts)
            return
        parts = plan(message, can, self._base_url)
        place, taken = due.parts, None
        while place < len(parts):
            at = clock()
            outbound = Outbound(
                due.id, route.inbox, due.contact, message, parts[place], place, found == "late", due.reply_to
            )
            try:
                external_id = await _call(route, outbound)
            except SendFailed as failure:
                await self._failed(due, route, failure)
                return
            self._pace.answered(due.inbox_id)
            # What takes messages whole tells of them by our own id, if at all.
            taken = None if can.whole else Taken(place, due.inbox_id, external_id, at)
            place = due.after(place)
            if place < len(parts) and not await self._go_on(due, route, taken, place):
                return
        seen = {"mark": "sent"} if can.whole else {}
        await self._ledger.write(due.id, taken, state="sent", parts=place, **seen)

    async def _go_on(self, due: Due, route: Route, taken: Taken | None, place: int) -> bool:
        """Put a part on record; whether the next may follow at once. If not, the push is given back, so
        that a death while it waits leaves no doubt about it."""
        wait = self._pace.take(due.inbox_id, due.contact, route.can)
        if wait or self.stopping:
            next_at = self._context.clock() + timedelta(seconds=wait)
            await self._ledger.write(due.id, taken, state="due", parts=place, next_at=next_at)
            return False
        until = self._context.clock() + LEASE
        return await self._ledger.write(due.id, taken, state="sending", parts=place, next_at=until)

    async def _failed(self, due: Due, route: Route, failure: SendFailed) -> None:
        told = redacted(str(failure), route.inbox.credentials.values())
        error = told.replace("\x00", "")[:500]  # in the platform's words
        code, attempts = failure.code[:20] or None, due.attempts + 1
        silent = failure.unsure or (not failure.final and failure.code in ("", "unreachable"))
        if silent:
            if self._pace.silent(due.inbox_id, due.id) and not failure.unsure:
                attempts = due.attempts  # the platform is out for everybody
        else:
            self._pace.answered(due.inbox_id)
        too_old = self._context.clock() - due.created_at > TOO_OLD
        if failure.final or too_old:
            await self._die(due, error, code, attempts)
        elif failure.unsure and not route.can.whole:
            await self._wait(
                due, self._unsure_wait, state="unsure", attempts=attempts, error=error, code="unsure"
            )
        elif failure.code in ("rate_limited", "contact_limited"):
            wait = failure.retry_after or LIMITED_WAIT
            alone = due.contact if failure.code == "contact_limited" else None
            self._pace.pause(due.inbox_id, wait, alone)
            await self._wait(due, wait, error=error, code=code)  # being fast is not failing
        elif attempts >= ATTEMPTS:
            await self._die(due, error, code, attempts)
        else:
            wait = pause(max(1, attempts), self._luck(), failure.retry_after)
            await self._wait(due, wait, attempts=attempts, error=error, code=code)

    async def _wait(self, due: Due, seconds: float, *, state: str = "due", **values: Any) -> None:
        next_at = self._context.clock() + timedelta(seconds=seconds)
        await self._ledger.write(due.id, state=state, next_at=next_at, **values)

    async def _drop(self, due: Due) -> None:
        """People have the talk by now: what the bot said before stays unsaid, and they see that."""
        await self._end(due, "undelivered_reply", {"text": due.message.text}, state="dropped")

    async def _die(self, due: Due, error: str, code: str | None, attempts: int) -> None:
        values = {"error": error, "code": code, "attempts": attempts}
        await self._end(due, "undelivered", {"error": error, "code": code or ""}, state="dead", **values)

    async def _end(self, due: Due, key: str, told: dict[str, str], **values: object) -> None:
        mine = Delivery.lease_owner == self._context.holder.token
        message = due.message
        await end(
            self._context, due.id, message.conversation_id, message.number, "sending", mine, key, told, values
        )


async def end(
    context: Context,
    delivery_id: str,
    conversation_id: str,
    number: int,
    before: str,
    only: object,
    key: str,
    told: dict[str, str],
    values: dict[str, object],
) -> bool:
    """A push ends undelivered; the desk reads in the thread why, in the same transaction."""
    async with opened(context, conversation_id) as thread:
        row = await outbox.move(thread.session, delivery_id, before, only, lease_owner=None, **values)
        if row is not None:
            if told.get("code"):
                told = told | {"error": _explained(context, told["code"], thread.row.language, told["error"])}
            thread.note(key, number=number, **told)
            thread.journal(key, delivery=delivery_id, number=number)
    if row is None:
        return False
    context.metrics.deliveries.labels(row.state).inc()
    await news.tell(context, [row])
    return True


def _explained(context: Context, code: str, language: str | None, error: str) -> str:
    try:
        return context.texts.say(f"desk.undelivered.{code}", language)
    except KeyError:
        return error


async def _call(route: Route, outbound: Outbound) -> str | None:
    """One call; whatever goes wrong is a ``SendFailed``, and what we do not understand is unsure."""
    try:
        async with asyncio.timeout(CALL):
            return await route.channel.send(outbound)
    except SendFailed:
        raise
    except NOT_SENT as broken:
        raise SendFailed(type(broken).__name__, code="unreachable") from broken
    except (TimeoutError, httpx.HTTPError) as broken:
        raise SendFailed(type(broken).__name__, unsure=True, code="unreachable") from broken
    except Exception as broken:
        log.exception("push_broken", delivery=outbound.delivery_id)
        raise SendFailed(type(broken).__name__, unsure=True) from broken

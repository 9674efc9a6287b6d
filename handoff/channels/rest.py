"""The REST channel: integrators post messages; replies are fetched, waited for, or pushed to a callback.

A push is ``POST callback_url`` with ``{"delivery", "contact", "message"}``, signed like so:
``X-Setu-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(inbox secret, "<t>.<body>")>``;
``X-Setu-Delivery`` is the same at every attempt, for the receiver to deduplicate by.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
import orjson

from handoff.channels.addresses import NotPublic
from handoff.channels.base import Capabilities, Outbound, SendFailed, Setting
from handoff.conversations.views import InboxView

TIMEOUT = 5.0  # seconds for the receiver
TRY_AGAIN = frozenset({408, 425, 429})  # beside all of 5xx


class RestChannel:
    """Where callbacks may go is the client's to know: see :mod:`handoff.channels.addresses`."""

    capabilities = Capabilities(buttons=100, cards=100, images=True, files=True, edits=False, whole=True)
    settings = (Setting("callback_url", required=False, kind="url"),)

    def __init__(self, client: httpx.AsyncClient, *, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock

    def pushes(self, inbox: InboxView) -> bool:
        return bool(inbox.options.get("callback_url"))

    async def send(self, outbound: Outbound) -> str | None:
        url = str(outbound.inbox.options["callback_url"])
        body = orjson.dumps(
            {
                "delivery": outbound.delivery_id,
                "contact": outbound.contact,
                "message": outbound.message.for_customer(),
            }
        )
        headers = {
            "Content-Type": "application/json",
            "X-Setu-Delivery": outbound.delivery_id,
            "X-Setu-Signature": sign(outbound.inbox.secret or "", int(self._clock()), body),
        }
        try:
            answer = await self._client.post(
                url, content=body, headers=headers, timeout=TIMEOUT, follow_redirects=False
            )
        except (NotPublic, httpx.InvalidURL, httpx.UnsupportedProtocol) as wrong:
            raise SendFailed(f"callback_url: {wrong}", final=True) from wrong
        except httpx.HTTPError as broken:
            raise SendFailed(type(broken).__name__, code="unreachable") from broken
        status = answer.status_code
        if 200 <= status < 300:
            return None
        final = status < 500 and status not in TRY_AGAIN
        wait = retry_after(answer.headers.get("Retry-After"), self._clock())
        code = "" if final else "rate_limited" if status == 429 else "unreachable"
        raise SendFailed(f"HTTP {status}", final=final, retry_after=wait, code=code)


def sign(secret: str, at: int, body: bytes) -> str:
    """The signature header of an outgoing call."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds of a ``Retry-After`` header (a number or a date, RFC 9110); None if there is none.

    >>> retry_after("120", 0.0)
    120.0
    """
    if not header:
        return None
    if header.isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except ValueError:
        return None

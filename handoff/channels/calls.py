"""A call to a platform, whose failures on the way are told apart: surely not sent, or perhaps sent."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from handoff.channels.base import SendFailed
from handoff.channels.rest import retry_after

TIMEOUT = 15.0  # seconds
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


async def post(
    client: httpx.AsyncClient,
    url: str,
    body: Any = None,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: float = TIMEOUT,
    **form: Any,
) -> httpx.Response:
    """The answer, whatever its status. ``body`` goes as JSON, else ``form`` (httpx's ``data``, ``files``).

    Raises ``SendFailed``, unsure where the request may have arrived. No address gets into it: some
    platforms have their token there.
    """
    headers = dict(headers or {})
    if not form:
        headers["Content-Type"] = "application/json"
        form = {"content": json.dumps(body)}  # ASCII: nothing in a text can spoil it
    try:
        return await client.post(url, headers=headers, timeout=seconds, follow_redirects=False, **form)
    except NEVER_SENT as broken:
        raise SendFailed(type(broken).__name__, code="unreachable") from None
    except httpx.HTTPError as broken:
        raise SendFailed(type(broken).__name__, unsure=True, code="unreachable") from None


def read(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty if it is none."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def refusal(answer: httpx.Response) -> SendFailed:
    """What a status that is no success means where a platform says no more than HTTP does.

    >>> refusal(httpx.Response(429, headers={"Retry-After": "7"})).retry_after
    7.0
    """
    status = answer.status_code
    wait = retry_after(answer.headers.get("Retry-After"), time.time())
    final = 400 <= status < 500 and status not in (408, 425, 429)
    code = {401: "token_expired", 403: "blocked", 429: "rate_limited"}.get(
        status, "bad_content" if final else ""
    )
    # Whoever fails inside, or answers with something else, may have done it all the same.
    unsure = status >= 500 or status < 400
    return SendFailed(f"HTTP {status}", final=final, retry_after=wait, unsure=unsure, code=code)

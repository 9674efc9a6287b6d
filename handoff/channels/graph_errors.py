"""The Graph API's errors, and what each means for what was being sent.

An error is ``{"error": {"message", "code", "error_subcode"?, "is_transient"?, "error_data": {"details"}?}}``.
https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import orjson

from handoff.channels import loose
from handoff.channels.base import SendFailed
from handoff.channels.rest import retry_after

# Subcodes say more than codes, and are looked at first.
WINDOW = frozenset({2018278, 2018065, 2534022})
ELSEWHERE = frozenset({2018300, 2534037})  # another app controls the thread
BLOCKED_SUB = frozenset({1545041, 2018001, 2018108, 2534014})
DONE_PERHAPS = frozenset({1357046})  # "invalid JSON reply": documented to come although all was sent

CODES: dict[str, frozenset[int]] = {
    "window_closed": frozenset({470, 131047}),
    "token_expired": frozenset({0, 3, 10, 102, 190, 131005}),
    "blocked": frozenset({200, 551, 131021, 131026, 131030, 131049, 131050, 130472}),
    "rate_limited": frozenset({4, 17, 32, 341, 613, 80006, 80007, 130429, 131048, 133016}),
    "contact_limited": frozenset({131056}),  # too many to this one person: others need not wait
}
WAITS = {131056: 6.0, 130429: 2.0, 131048: 600.0}  # seconds, where the answer does not say
WAIT = 60.0
LONGEST = 86_400.0  # no answer makes us wait longer than a day
TEMPORARY = frozenset({1, 2, 1200, 131000, 131016, 131057, 133004, 2018007, 2018008})


class Elsewhere(SendFailed):
    """Another application of the page has this conversation now."""


def failure(
    status: int, body: Any, headers: Mapping[str, str] | None = None, now: float | None = None
) -> SendFailed:
    """The exception for an answer that is no success.

    An answer that is not the API's own (a proxy's error page) leaves open what became of the call.
    """
    headers = headers or {}
    wait = _wait(headers, time.time() if now is None else now)
    error = loose.within(body, "error")
    if not error:
        lost = status >= 500 or 200 <= status < 300
        limited = status == 429
        return SendFailed(
            f"HTTP {status}",
            final=400 <= status < 500 and not limited and status != 408,
            unsure=lost,
            retry_after=wait,
            code="rate_limited" if limited else "unreachable",
        )
    return of_error(error, status, wait)


def of_error(error: dict[str, Any], status: int = 400, wait: float | None = None) -> SendFailed:
    """What one error means, be it in an answer or in a status that came later."""
    code, subcode = loose.whole(error.get("code")) or 0, loose.whole(error.get("error_subcode")) or 0
    detail = describe(error)
    if subcode in ELSEWHERE or "controlling this thread" in detail:
        return Elsewhere(detail, final=True, code="elsewhere")
    if subcode in WINDOW or "outside of allowed window" in detail or code in CODES["window_closed"]:
        return SendFailed(detail, final=True, code="window_closed")
    if subcode in BLOCKED_SUB or code in CODES["blocked"]:
        return SendFailed(detail, final=True, code="blocked")
    if code in CODES["contact_limited"]:
        return SendFailed(detail, retry_after=wait or WAITS[code], code="contact_limited")
    if code in CODES["rate_limited"] or status == 429:
        return SendFailed(detail, retry_after=wait or WAITS.get(code, WAIT), code="rate_limited")
    if (code in CODES["token_expired"] and (code or status in (401, 403))) or 200 < code < 300:
        return SendFailed(detail, final=True, code="token_expired")
    if code in TEMPORARY or subcode in TEMPORARY or error.get("is_transient") is True or status >= 500:
        return SendFailed(detail, retry_after=wait, unsure=subcode in DONE_PERHAPS, code="unreachable")
    return SendFailed(detail, final=True, code="bad_content")


def describe(error: Mapping[str, Any]) -> str:
    """An error in the platform's own words, in sends and in WhatsApp's statuses alike.

    >>> describe({"code": 131047, "title": "Re-engagement message"})
    '131047 Re-engagement message'
    """
    said = [
        loose.ident(error.get("code")),
        loose.string(error.get("message")) or loose.string(error.get("title")),
        loose.string(loose.within(error, "error_data").get("details")),
    ]
    return " ".join(dict.fromkeys(part for part in said if part))[:500] or "unknown error"


def _wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, as ``Retry-After`` or the usage header (in minutes) says."""
    said = retry_after(headers.get("retry-after"), now)
    if said is not None:
        return min(said, LONGEST)
    try:
        usage = orjson.loads(headers.get("x-business-use-case-usage", "") or "{}")
    except orjson.JSONDecodeError:
        return None
    minutes = [
        loose.real(item.get("estimated_time_to_regain_access")) or 0.0
        for listed in loose.mapping(usage).values()
        for item in loose.mappings(listed)
    ]
    longest = max(minutes, default=0.0)
    return min(longest * 60, LONGEST) if longest > 0 else None

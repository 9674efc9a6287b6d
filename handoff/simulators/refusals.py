"""How the platforms say no: documented codes, words and shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Refused(Exception):
    """A call is answered with this instead of being done."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def graph(
    message: str,
    code: int,
    *,
    status: int = 400,
    subcode: int | None = None,
    details: str | None = None,
    kind: str = "OAuthException",
    transient: bool = False,
    retry_after: float | None = None,
    usage: Mapping[str, str] | None = None,
) -> Refused:
    """An error of the Graph API. ``details``: WhatsApp's ``error_data``. The API does not promise
    ``Retry-After``; it comes where a gateway in front of it would add it (429, 503)."""
    error: dict[str, Any] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    if details is not None:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    if transient:
        error["is_transient"] = True
    error["fbtrace_id"] = "AsimulatedTraceOfCall00"
    headers = dict(usage or {})
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return Refused(status, {"error": error}, headers)


def telegram(status: int, description: str, retry_after: float | None = None) -> Refused:
    """``{"ok": false, "error_code", "description"}``, of the Bot API."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": max(1, math.ceil(retry_after))}
    return Refused(status, body)


def bad_token(status: int = 400) -> Refused:
    """Messenger answers 400, WhatsApp's table of errors says 401."""
    return graph("Invalid OAuth access token - Cannot parse access token", 190, status=status)


def expired_token(status: int = 400) -> Refused:
    return graph("Error validating access token: Session has expired", 190, status=status, subcode=463)


def unknown_object(name: str) -> Refused:
    return graph(
        f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        100,
        subcode=33,
        kind="GraphMethodException",
    )


def invalid(message: str, subcode: int | None = None) -> Refused:
    return graph(f"(#100) {message}", 100, subcode=subcode)


def busy_graph() -> Refused:
    """While the platform is dark, and for a failure before anything is done."""
    return graph("Service temporarily unavailable", 2, status=503, transient=True, retry_after=1)

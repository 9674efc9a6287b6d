"""A known customer, vouched for by the shop's own server: a signature with an end. Pure."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoff.errors import Unauthorised

LONGEST_ID = 32  # as the shop's half stores it


@dataclass(frozen=True, slots=True)
class Identity:
    """``customer`` is the shop's id, ``expires`` in Unix seconds, ``signature`` hex HMAC-SHA256."""

    customer: str
    expires: int
    signature: str


def sign(secret: str, customer: str, expires: int) -> Identity:
    """What the shop's server does: HMAC-SHA256 over ``<customer>.<expires>`` with the inbox's secret."""
    return Identity(customer, expires, _signature(secret, customer, expires))


def verify(secret: str | None, data: Any, now: datetime) -> str:
    """The customer's id; :class:`Unauthorised` if it is malformed, forged or has expired."""
    if not isinstance(data, dict):
        raise Unauthorised("identity_invalid")
    customer, expires, signature = (data.get(name) for name in ("customer", "expires", "signature"))
    if (
        not secret
        or not isinstance(customer, str)
        or not 0 < len(customer) <= LONGEST_ID
        or not customer.isascii()
        or not customer.isprintable()
        or isinstance(expires, bool)
        or not isinstance(expires, int)
        or not isinstance(signature, str)
        or not signature.isascii()
    ):
        raise Unauthorised("identity_invalid")
    if not hmac.compare_digest(signature.lower(), _signature(secret, customer, expires)):
        raise Unauthorised("identity_invalid")
    if expires <= now.timestamp():
        raise Unauthorised("identity_expired")
    return customer


def _signature(secret: str, customer: str, expires: int) -> str:
    return hmac.new(secret.encode(), f"{customer}.{expires}".encode(), hashlib.sha256).hexdigest()

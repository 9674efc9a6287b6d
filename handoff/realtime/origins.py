"""Which web pages may talk to us. Pure.

A browser always says where a cross-site request comes from (``Origin``); a program that is
no browser may leave it out, and has no customer's or agent's cookie to misuse either.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def normal(origin: str) -> str | None:
    """``HTTPS://Shop.example:443/`` → ``https://shop.example``; None for what is no origin."""
    try:
        parts = urlsplit(origin.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = port is None or port == _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if default else f"{parts.scheme}://{host}:{port}"


def is_own(origin: str | None, *, host: str | None, public_url: str = "") -> bool:
    """Whether a request comes from our own pages: the origin names the host it was sent to."""
    if origin is None:
        return True
    given = normal(origin)
    if given is None:
        return False
    own = {normal(f"{scheme}://{host}") for scheme in _PORTS} if host else set()
    return given in own or (bool(public_url) and given == normal(public_url))


def is_allowed(origin: str | None, allowed: Iterable[str], *, host: str | None, public_url: str = "") -> bool:
    """As :func:`is_own`, and besides what an inbox allows (its option ``origins``, ``*`` for any)."""
    if is_own(origin, host=host, public_url=public_url):
        return True
    permitted = list(allowed)
    given = normal(origin) if origin else None
    return given is not None and ("*" in permitted or given in {normal(one) for one in permitted})

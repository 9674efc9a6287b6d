"""Where outgoing calls may go: not into the own network, by way of an address somebody configured."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from handoff.channels.base import SendFailed


async def check_public(url: str) -> None:
    """Raise :class:`SendFailed` unless every address of the URL's host is a public one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SendFailed("callback_url is no http(s) URL", final=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise SendFailed("the host of callback_url is unknown") from unknown
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise SendFailed("callback_url leads into a private network", final=True)

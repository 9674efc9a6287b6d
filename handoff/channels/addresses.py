"""Where outgoing calls may go: not into the own network, by way of an address somebody gave us.

It is decided where the connection is made: the name is resolved, every address it has is looked at, and one
of these very addresses is connected to. A name that means something else a moment later (DNS rebinding) gains
nothing, and each redirect is a connection of its own.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore
import httpx

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, given up: the same


class NotPublic(httpx.ConnectError):
    """The address leads into a private network; nothing was sent."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, also where another wraps it (mapped, 6to4, NAT64).

    >>> is_public("93.184.216.34"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::10.0.0.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and (ip in _NAT64 or ip in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver; raises ``OSError``."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Connects to public addresses and to no others; raises :class:`NotPublic` instead.

    TLS still asks for the certificate of the name: it is only the connection that goes by address.
    """

    def __init__(
        self, resolve: Resolve = resolved, inner: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._resolve = resolve
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the backend's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as slow:
            raise httpcore.ConnectTimeout("the name was not resolved in time") from slow
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError("the host is unknown") from unknown
        if not addresses or not all(map(is_public, addresses)):
            raise NotPublic("the address leads into a private network")
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class PublicTransport(httpx.AsyncHTTPTransport):
    """For ``httpx.AsyncClient(transport=…)``: everything it calls has to be on the internet."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend | None = None) -> None:
        context: ssl.SSLContext = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=backend or PublicOnly(),
        )

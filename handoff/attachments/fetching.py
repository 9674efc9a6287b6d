"""Fetches a file from where a channel says it is; trusts neither the address nor the size nor the name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from handoff.attachments.rules import too_large
from handoff.channels.addresses import NotPublic
from handoff.channels.base import Source
from handoff.channels.rest import retry_after

WAIT = 60.0  # seconds for all of it, redirects included: a trickle ends too
QUIET = 15.0  # seconds in which nothing comes
REDIRECTS = 5
TRY_AGAIN = frozenset({408, 425, 429})  # beside all of 5xx


class Gone(Exception):
    """It cannot be had, and asking again is of no use."""


class NotNow(Exception):
    """Worth another try, after ``wait`` seconds at the earliest."""

    def __init__(self, detail: str, wait: float | None = None) -> None:
        super().__init__(detail)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Fetched:
    """``name``: the last part of its address, for files that came without one."""

    size: int
    name: str


class Fetcher:
    """``public`` connects to the internet only (:class:`~handoff.channels.addresses.PublicTransport`);
    ``own`` to anything, and is used for the configured address of a platform's API alone."""

    def __init__(self, public: httpx.AsyncClient, own: httpx.AsyncClient, wait: float = WAIT) -> None:
        self._public, self._own, self._wait = public, own, wait

    async def fetch(self, source: Source, into: Path, limit: int, api_url: str = "") -> Fetched:
        """Write it to ``into``. Raises :class:`Gone`, :class:`NotNow`, ``Refused`` (too_large)."""
        try:
            async with asyncio.timeout(self._wait):
                return await self._follow(source, into, limit, api_url)
        except TimeoutError as slow:
            raise NotNow("time is up") from slow
        except (NotPublic, httpx.InvalidURL, httpx.UnsupportedProtocol) as wrong:
            raise Gone(type(wrong).__name__) from wrong
        except httpx.HTTPError as broken:
            raise NotNow(type(broken).__name__) from broken

    async def _follow(self, source: Source, into: Path, limit: int, api_url: str) -> Fetched:
        url = source.url
        for _ in range(REDIRECTS + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                raise Gone("no http(s) address")
            own = source.own and bool(api_url) and _origin(url) == _origin(api_url)
            headers = {"Accept-Encoding": "identity"}
            if _origin(url) == _origin(source.url):  # our token is for nobody else
                headers |= source.headers
            client = self._own if own else self._public
            async with client.stream(
                "GET", url, headers=headers, timeout=QUIET, follow_redirects=False
            ) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["location"])
                    continue
                _look(answer)
                size = await _take(answer, into, limit)
                return Fetched(size, unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
        raise Gone("too many redirects")


def _look(answer: httpx.Response) -> None:
    status = answer.status_code
    if status >= 500 or status in TRY_AGAIN:
        raise NotNow(f"HTTP {status}", retry_after(answer.headers.get("Retry-After"), 0.0))
    if status != 200:
        raise Gone(f"HTTP {status}")
    if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Gone("packed, though it was asked not to be")  # nothing is ever unpacked here


async def _take(answer: httpx.Response, into: Path, limit: int) -> int:
    """The bytes as they come, counted: what the header says of their number is only good for an early no."""
    declared = answer.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)
    size = 0
    with _opened(into) as file:
        async for chunk in answer.aiter_bytes():  # not packed, see above: the bytes as they come
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            file.write(chunk)
    return size


def _origin(url: str) -> tuple[str, str, int]:
    parts = httpx.URL(url)
    return parts.scheme, parts.host, parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def _opened(path: Path) -> BinaryIO:
    return path.open("wb")

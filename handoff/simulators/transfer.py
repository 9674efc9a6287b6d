"""What the platforms fetch from others: files by their address, the answer to a challenge."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import aiohttp

from handoff.simulators.simulator import Simulator
from handoff.simulators.world import File

LARGEST = 100 * 1024 * 1024  # bytes


class NotFetched(Exception):
    pass


class Transfer:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._http: aiohttp.ClientSession | None = None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15), trust_env=False)
        return self._http

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    async def fetch(self, url: str) -> File:
        """Get a file that a business has named by its address. Raises ``NotFetched``."""
        try:
            async with self._session().get(url) as answer:
                if answer.status != 200:
                    raise NotFetched(f"HTTP status {answer.status}")
                data = await answer.content.read(LARGEST + 1)
                kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        except (OSError, TimeoutError, ValueError, aiohttp.ClientError) as lost:
            raise NotFetched(type(lost).__name__) from lost
        if len(data) > LARGEST:
            raise NotFetched("too large")
        name = unquote(urlsplit(url).path.rpartition("/")[2]) or "file"
        kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._simulator.files.keep(data, name, kind, self._simulator.api_url)

    async def ask(self, url: str, query: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            async with self._session().get(url, params=dict(query), allow_redirects=False) as answer:
                return int(answer.status), await answer.content.read(10_000)
        except (OSError, TimeoutError, ValueError, aiohttp.ClientError) as lost:
            return 0, type(lost).__name__.encode()

"""An open-loop load over HTTP: requests leave when they are due, whether or not earlier ones are answered.

Plain sockets and bytes made beforehand, so that the load costs little beside what it measures. A latency
counts from the moment a request was *due*: if the connections were all busy, or this process was late, that
is in the figure; how late this process was by itself is told too (``lag``).
"""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import httptools

CONNECTIONS = 16  # kept open from the start, as platforms keep them …
MOST = 256  # … and opened as needed
PATIENCE = 20.0  # seconds; then a platform gives up


@dataclass(slots=True)
class Measured:
    """Milliseconds of the answered requests, and what else happened."""

    latencies: list[float] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    broken: int = 0  # not answered: connection lost, or no patience left
    seconds: float = 0.0  # from the first due request to the last answer
    connections: int = 0

    @property
    def errors(self) -> int:
        return self.broken + sum(count for status, count in self.statuses.items() if status != 200)


class _Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request on it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self._parser is not None:
            self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        assert self._parser is not None
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._parser.get_status_code())

    def connection_lost(self, why: Exception | None) -> None:
        self.transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(why or ConnectionResetError())

    async def ask(self, content: bytes) -> int:
        """Send one request; its answer's status."""
        if self.transport is None:
            raise ConnectionResetError
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self.transport.write(content)
        return await asyncio.wait_for(self._answer, PATIENCE)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class _Pool:
    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._idle: deque[_Connection] = deque()
        self._room = asyncio.Semaphore(MOST)
        self.opened = 0

    async def open(self, count: int) -> None:
        self._idle.extend([await self._new() for _ in range(count)])

    async def _new(self) -> _Connection:
        self.opened += 1
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, *self._where)
        return connection

    async def ask(self, content: bytes) -> int:
        async with self._room:
            connection = self._idle.pop() if self._idle else await self._new()
            try:
                status = await connection.ask(content)
            except BaseException:
                connection.close()
                raise
            self._idle.append(connection)
            return status

    def close(self) -> None:
        for connection in self._idle:
            connection.close()


async def send(host: str, port: int, requests: Sequence[bytes], rate: float) -> Measured:
    """Send all, ``rate`` a second, evenly; returns when each is answered or given up."""
    measured, loop = Measured(), asyncio.get_running_loop()
    pool = _Pool(host, port)
    await pool.open(CONNECTIONS)

    async def one(content: bytes, due: float) -> None:
        measured.lag.append((loop.time() - due) * 1000)
        try:
            status = await pool.ask(content)
        except (OSError, TimeoutError, httptools.HttpParserError):
            measured.broken += 1
            return
        measured.latencies.append((loop.time() - due) * 1000)
        measured.statuses[status] = measured.statuses.get(status, 0) + 1

    gc.collect()
    gc.freeze()
    gc.disable()  # a pause of ours must not be taken for one of theirs
    try:
        start = loop.time() + 0.05
        running: list[asyncio.Task[None]] = []
        for number, content in enumerate(requests):
            due = start + number / rate
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            running.append(loop.create_task(one(content, due)))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*running), PATIENCE * 2)
        measured.seconds = loop.time() - start
    finally:
        gc.enable()
        gc.unfreeze()
        measured.connections = pool.opened
        pool.close()
    return measured


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A whole POST as bytes."""
    everywhere = {"Host": "setu", "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{k}: {v}" for k, v in (everywhere | headers).items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

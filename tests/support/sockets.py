"""A small Socket.IO client for tests: one WebSocket, one namespace, nothing hidden.

It speaks the wire protocol itself (Engine.IO 4, Socket.IO 5), so that a test can also send
what no proper client would.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 10.0  # seconds until a test gives up waiting


class Refused(Exception):
    """The server does not let us into the namespace."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer.get("message"))
        self.code = (answer.get("data") or {}).get("code")


class Socket:
    """A connected client. ``seen`` holds every event so far as ``(name, data)``."""

    def __init__(self, connection: ClientConnection, namespace: str) -> None:
        self._connection = connection
        self._namespace = namespace
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None
        self.seen: deque[tuple[str, Any]] = deque()
        self.closed = asyncio.Event()
        self.on_event: Callable[[str, Any], None] | None = None

    async def join(self, auth: dict[str, Any] | None) -> None:
        await self._connection.recv()  # the open packet of Engine.IO
        await self._connection.send(f"40{self._namespace},{json.dumps(auth) if auth is not None else ''}")
        while True:
            packet = str(await self._connection.recv())
            if packet == "2":
                await self._connection.send("3")
            elif packet.startswith("44"):
                raise Refused(json.loads(packet.split(",", 1)[1]))
            elif packet.startswith("40"):
                break
            else:
                self._take(packet)  # told while we were still coming in
        self._reader = asyncio.create_task(self._read())

    async def emit(self, event: str, data: Any = None) -> None:
        """Send and want no answer."""
        await self._connection.send(f"42{self._namespace},{json.dumps([event, data])}")

    async def call(self, event: str, data: Any = None) -> Any:
        """Send and return the acknowledgement."""
        number = len(self._acks)
        self._acks[number] = asyncio.get_running_loop().create_future()
        await self._connection.send(f"42{self._namespace},{number}{json.dumps([event, data])}")
        return await asyncio.wait_for(self._acks[number], PATIENCE)

    async def until(self, event: str, where: Callable[[Any], bool] = lambda _data: True) -> Any:
        """The data of the first event of that name that fits, waiting for it if need be."""

        def found() -> Any:
            return next((data for name, data in self.seen if name == event and where(data)), None)

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: found() is not None), PATIENCE)
        return found()

    def of(self, event: str) -> list[Any]:
        """The data of all events of that name so far."""
        return [data for name, data in self.seen if name == event]

    def stop_reading(self) -> None:
        """Take nothing from the network any more, as a browser that sleeps."""
        self._connection.transport.pause_reading()

    def go_on_reading(self) -> None:
        self._connection.transport.resume_reading()

    async def close(self) -> None:
        await self._connection.close()
        if self._reader:
            await self._reader

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for raw in self._connection:
                packet = str(raw)
                if packet == "2":
                    await self._connection.send("3")
                elif packet.startswith(("1", "41")):
                    break
                else:
                    self._take(packet)
                    async with self._news:
                        self._news.notify_all()
        self.closed.set()

    def _take(self, packet: str) -> None:
        kind, _, rest = packet.partition(",")
        start = min((place for place in (rest.find("["), rest.find("{")) if place >= 0), default=len(rest))
        number, body = rest[:start], json.loads(rest[start:] or "null")
        if kind.startswith("43"):
            self._acks[int(number)].set_result(body[0] if body else None)
        elif kind.startswith("42"):
            name, *data = body
            self.seen.append((name, data[0] if data else None))
            if self.on_event:
                self.on_event(name, data[0] if data else None)


@asynccontextmanager
async def socket(
    base: str,
    namespace: str,
    auth: dict[str, Any] | None = None,
    *,
    cookie: str | None = None,
    origin: str | None = None,
) -> AsyncIterator[Socket]:
    """Connect to ``base`` (``http://host:port``); raises :class:`Refused`."""
    client = await open_socket(base, namespace, auth, cookie=cookie, origin=origin)
    try:
        yield client
    finally:
        await client.close()


async def open_socket(
    base: str,
    namespace: str,
    auth: dict[str, Any] | None = None,
    *,
    cookie: str | None = None,
    origin: str | None = None,
) -> Socket:
    """As :func:`socket`, closed by the caller."""
    headers = {"Cookie": cookie} if cookie else {}
    url = base.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    connection = await connect(
        url,
        additional_headers=headers,
        origin=origin,
        max_size=2**22,  # type: ignore[arg-type]
    )
    client = Socket(connection, namespace)
    try:
        await client.join(auth)
    except BaseException:
        await connection.close()
        raise
    return client

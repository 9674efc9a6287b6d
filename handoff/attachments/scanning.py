"""The virus scanner, if there is one: clamd, or a command. If it is down, files wait: that is not "clean"."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import struct
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

WAIT = 60.0  # seconds for one file
CHUNK = 64 * 1024


class ScannerDown(Exception):
    """Nobody has looked at the file."""


class TooLargeToScan(Exception):
    """The scanner will never look at a file of this size."""


class Scanner(Protocol):
    async def scan(self, path: Path) -> str | None:
        """The name of what was found; None: clean. Raises :class:`ScannerDown`, :class:`TooLargeToScan`."""


def make_scanner(setting: str) -> Scanner | None:
    """``clamd://host:port``, ``clamd:///path/of/socket``, or a command (``{}`` is the file, else it comes
    last); empty: none. Raises ``ValueError``."""
    if not setting.strip():
        return None
    if setting.startswith("clamd:"):
        parts = urlsplit(setting)
        if parts.hostname:
            return Clamd(parts.hostname, parts.port or 3310)
        if parts.path:
            return Clamd(socket=parts.path)
        raise ValueError("clamd://host:port or clamd:///path")
    return Command(shlex.split(setting))


class Clamd:
    """https://docs.clamav.net/manual/Usage/Scanning.html: ``INSTREAM`` with chunks of ``<length><data>``."""

    def __init__(self, host: str = "", port: int = 3310, socket: str = "", wait: float = WAIT) -> None:
        self._host, self._port, self._socket, self._wait = host, port, socket, wait

    async def scan(self, path: Path) -> str | None:
        try:
            async with asyncio.timeout(self._wait):
                answer = await self._ask(path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as down:
            raise ScannerDown(type(down).__name__) from down
        said = answer.rstrip(b"\0\r\n").decode("utf-8", "replace").removeprefix("stream: ")
        if said == "OK":
            return None
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND")
        if "size limit exceeded" in said:
            raise TooLargeToScan(said)
        raise ScannerDown(said[:100])

    async def _ask(self, path: Path) -> bytes:
        reader, writer = await (
            asyncio.open_unix_connection(self._socket)
            if self._socket
            else asyncio.open_connection(self._host, self._port)
        )
        try:
            with contextlib.suppress(ConnectionError):  # it has said why before it hung up
                await self._tell(writer, path)
            return await reader.readuntil(b"\0")
        finally:
            writer.close()

    async def _tell(self, writer: asyncio.StreamWriter, path: Path) -> None:
        writer.write(b"zINSTREAM\0")
        with _opened(path) as file:
            while chunk := file.read(CHUNK):
                writer.write(struct.pack(">I", len(chunk)) + chunk)
                await writer.drain()
        writer.write(struct.pack(">I", 0))
        await writer.drain()


class Command:
    """Exit status 0: clean, 1: found something, else: it did not scan (as ``clamscan`` has it)."""

    def __init__(self, words: list[str], wait: float = WAIT) -> None:
        self._words = words if "{}" in words else [*words, "{}"]
        self._wait = wait

    async def scan(self, path: Path) -> str | None:
        words = [str(path) if word == "{}" else word for word in self._words]
        try:
            process = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as missing:
            raise ScannerDown(type(missing).__name__) from missing
        try:
            async with asyncio.timeout(self._wait):
                status = await process.wait()
        except TimeoutError as slow:
            raise ScannerDown("time is up") from slow
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status > 1 or status < 0:
            raise ScannerDown(f"status {status}")
        return "found" if status else None


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")

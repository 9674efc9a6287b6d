"""The virus scanner: clamd over its own protocol, or a command; silence is never taken for "clean"."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from handoff.attachments.checking import Checker
from handoff.attachments.rules import Refused, Rules
from handoff.attachments.scanning import Clamd, Command, Scanner, ScannerDown, TooLargeToScan, make_scanner
from handoff.attachments.store import Folder
from tests.handoff.attachments import samples


@dataclass
class FakeClamd:
    """Speaks INSTREAM. ``limit``: its StreamMaxLength; ``says``: in place of a verdict, None: it hangs up."""

    limit: int = 25_000_000
    says: str | None = ""
    port: int = 0
    got: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            data += await reader.readexactly(size)
            if len(data) > self.limit:
                self.says = "INSTREAM size limit exceeded. ERROR"
                break
        self.got.append(data)
        if self.says is not None:
            verdict = "stream: Win.Test.EICAR_HDB-1 FOUND" if samples.EICAR in data else "stream: OK"
            writer.write((self.says or verdict).encode() + b"\0")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def clamd(**how: object) -> AsyncIterator[FakeClamd]:
    fake = FakeClamd(**how)  # type: ignore[arg-type]
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    async with server:
        yield fake


def setting(fake: FakeClamd) -> Scanner:
    made = make_scanner(f"clamd://127.0.0.1:{fake.port}")
    assert made is not None
    return made


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


async def test_eicar_is_found_by_its_name_and_the_rest_is_clean(tmp_path: Path) -> None:
    async with clamd() as fake:
        assert await setting(fake).scan(put(tmp_path / "a", samples.EICAR)) == "Win.Test.EICAR_HDB-1"
        large = os.urandom(200_000)
        assert await setting(fake).scan(put(tmp_path / "b", large)) is None
        assert fake.got == [samples.EICAR, large]  # every byte of it, in chunks


async def test_a_file_with_eicar_in_it_is_refused(tmp_path: Path) -> None:
    async with clamd() as fake:
        checker = Checker(Rules(), Folder(tmp_path / "files"), setting(fake))
        with pytest.raises(Refused) as refused:
            await checker.check(put(tmp_path / "a", samples.EICAR), "eicar.txt")
        assert refused.value.reason == "harmful"
        assert (await checker.check(put(tmp_path / "b", samples.PDF), "a.pdf")).kind == "file"


async def test_a_scanner_that_is_not_there_hangs_up_or_is_lost_for_words_has_not_scanned(
    tmp_path: Path,
) -> None:
    path = put(tmp_path / "a", b"x")
    async with clamd() as fake:
        nobody = setting(fake)
    with pytest.raises(ScannerDown):
        await nobody.scan(path)
    async with clamd(says=None) as fake:
        with pytest.raises(ScannerDown):
            await setting(fake).scan(path)
    for says in ("stream: Can't allocate memory ERROR", "COMMAND READ TIMED OUT", "stream: OK or so"):
        async with clamd(says=says) as fake:
            with pytest.raises(ScannerDown):
                await setting(fake).scan(path)
    with pytest.raises(ScannerDown):
        await Clamd(socket=str(tmp_path / "no.sock")).scan(path)


async def test_one_that_never_answers_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ScannerDown):
            await Clamd("127.0.0.1", port, wait=0.05).scan(put(tmp_path / "a", b"x"))


async def test_what_the_scanner_will_never_take_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a", b"x" * 300_000)
    async with clamd(limit=1000) as fake:
        with pytest.raises(TooLargeToScan):
            await setting(fake).scan(path)
        with pytest.raises(Refused) as refused:
            await Checker(Rules(), Folder(tmp_path / "files"), setting(fake)).check(path, "x")
        assert refused.value.reason == "unscannable"


@pytest.mark.parametrize(("status", "found"), [(0, None), (1, "found")])
async def test_a_command_says_it_by_its_status(tmp_path: Path, status: int, found: str | None) -> None:
    code = f"import sys; assert open(sys.argv[1]).read() == 'x'; sys.exit({status})"
    path = put(tmp_path / "a; rm -rf b", b"x")  # no shell ever sees it
    assert await Command([sys.executable, "-c", code]).scan(path) == found
    assert await Command([sys.executable, "-c", code, "{}", "--more"]).scan(path) == found


async def test_a_command_that_fails_hangs_or_is_missing_has_not_scanned(tmp_path: Path) -> None:
    path = put(tmp_path / "a", b"x")
    for code in ("import sys; sys.exit(2)", "import os; os.abort()"):
        with pytest.raises(ScannerDown):
            await Command([sys.executable, "-c", code]).scan(path)
    with pytest.raises(ScannerDown):
        await Command([sys.executable, "-c", "import time; time.sleep(60)"], wait=0.2).scan(path)
    with pytest.raises(ScannerDown):
        await Command([str(tmp_path / "missing")]).scan(path)


def test_the_setting_names_a_scanner_or_none() -> None:
    assert make_scanner("") is None
    assert make_scanner("  ") is None
    assert isinstance(make_scanner("clamd:///run/clamd.sock"), Clamd)
    assert isinstance(make_scanner("clamdscan --fdpass {}"), Command)
    with pytest.raises(ValueError, match="clamd"):
        make_scanner("clamd:")

"""Fetching a file: from public addresses only, counted, in time, never unpacked, our token guarded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from handoff.attachments.fetching import Fetcher, Gone, NotNow
from handoff.attachments.rules import Refused
from handoff.channels.addresses import PublicOnly, PublicTransport
from handoff.channels.base import Source
from tests.handoff.channels.test_addresses import PUBLIC, Names, Wire

API = "http://10.0.0.5:8081"
Answers = Callable[[httpx.Request], httpx.Response]


class Stream(httpx.AsyncByteStream):
    """Bytes that come as they come; ``for_ever``: the last never does."""

    def __init__(self, *chunks: bytes, for_ever: bool = False) -> None:
        self.chunks, self.for_ever, self.given = chunks, for_ever, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.given += 1
            yield chunk
        if self.for_ever:
            await asyncio.Event().wait()


def fetcher(public: Answers, own: Answers | None = None, wait: float = 60) -> Fetcher:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"called {request.url}")

    clients = [httpx.AsyncClient(transport=httpx.MockTransport(answer)) for answer in (public, own or nobody)]
    return Fetcher(clients[0], clients[1], wait)


def ok(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"data")


async def fetch(made: Fetcher, folder: Path, url: str, limit: int = 100, **rest: object) -> bytes:
    source = Source(url, {"Authorization": "Bearer ours"}, own=bool(rest.get("own")))
    into = folder / "file"
    fetched = await made.fetch(source, into, limit, str(rest.get("api_url", "")))
    data = read(into)
    assert fetched.size == len(data)
    return data


def read(path: Path) -> bytes:
    return path.read_bytes()


async def test_the_bytes_are_written_and_the_name_is_the_end_of_the_address(tmp_path: Path) -> None:
    source = Source("https://cdn.example/a/b%20c.pdf?sig=1")
    fetched = await fetcher(ok).fetch(source, tmp_path / "x", 100)
    assert (fetched.name, fetched.size) == ("b c.pdf", 4)


@pytest.mark.parametrize("declared", ["3", "0", "-1", "nonsense", None])
async def test_bytes_are_counted_whatever_the_header_says(tmp_path: Path, declared: str | None) -> None:
    stream = Stream(*[b"x" * 60] * 9)
    headers = {"Content-Length": declared} if declared else {}
    with pytest.raises(Refused, match="file_too_large"):
        await fetch(
            fetcher(lambda _: httpx.Response(200, headers=headers, stream=stream)),
            tmp_path,
            "https://a.example/",
        )
    assert stream.given == 2  # no more of it was read than showed that it is too much


async def test_a_header_that_says_too_much_is_believed_at_once(tmp_path: Path) -> None:
    stream = Stream(b"x")
    answer = httpx.Response(200, headers={"Content-Length": "101"}, stream=stream)
    with pytest.raises(Refused, match="file_too_large"):
        await fetch(fetcher(lambda _: answer), tmp_path, "https://a.example/")
    assert stream.given == 0


async def test_exactly_the_limit_is_taken(tmp_path: Path) -> None:
    assert await fetch(fetcher(ok), tmp_path, "https://a.example/", limit=4) == b"data"


async def test_nothing_is_asked_for_or_taken_packed(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def packed(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, headers={"Content-Encoding": "identity, gzip"}, stream=Stream(b"\x1f\x8b"))

    with pytest.raises(Gone, match="packed"):
        await fetch(fetcher(packed), tmp_path, "https://a.example/")
    assert asked[0].headers["Accept-Encoding"] == "identity"


async def test_a_trickle_ends(tmp_path: Path) -> None:
    answer = httpx.Response(200, stream=Stream(b"x", for_ever=True))
    with pytest.raises(NotNow, match="time is up"):
        await fetch(fetcher(lambda _: answer, wait=0.05), tmp_path, "https://a.example/")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a/", "data:,x", "//a/x", ""]
)
async def test_only_http_is_spoken(tmp_path: Path, url: str) -> None:
    with pytest.raises(Gone):
        await fetch(fetcher(ok), tmp_path, url)


async def test_redirects_are_followed_a_few_times_and_never_to_other_schemes(tmp_path: Path) -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        left = int(request.url.path[1:])
        return httpx.Response(302, headers={"Location": f"/{left - 1}"}) if left else ok(request)

    assert await fetch(fetcher(moved), tmp_path, "https://a.example/5") == b"data"
    with pytest.raises(Gone, match="too many"):
        await fetch(fetcher(moved), tmp_path, "https://a.example/6")
    elsewhere = httpx.Response(302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(Gone):
        await fetch(fetcher(lambda _: elsewhere), tmp_path, "https://a.example/")


async def test_our_token_is_for_the_one_address_alone(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    def moved(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), request.headers.get("Authorization")))
        target = {"/1": "/2", "/2": "http://a.example/3", "/3": "https://a.example.evil/4"}.get(
            request.url.path
        )
        return httpx.Response(302, headers={"Location": target}) if target else ok(request)

    await fetch(fetcher(moved), tmp_path, "https://a.example/1")
    assert seen == [
        ("https://a.example/1", "Bearer ours"),
        ("https://a.example/2", "Bearer ours"),
        ("http://a.example/3", None),
        ("https://a.example.evil/4", None),
    ]


async def test_only_the_configured_address_of_the_platform_may_be_private(tmp_path: Path) -> None:
    def own(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/moved":
            return httpx.Response(302, headers={"Location": "http://10.0.0.6:8081/x"})
        return ok(request)

    def public(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"went by the guarded way")

    made = fetcher(public, own)
    assert await fetch(made, tmp_path, f"{API}/file", own=True, api_url=API) == b"data"
    for url, rest in [
        (f"{API}/file", {"own": False, "api_url": API}),
        (f"{API}/file", {"own": True, "api_url": ""}),
        ("http://10.0.0.5:22/", {"own": True, "api_url": API}),
        ("http://10.0.0.6:8081/", {"own": True, "api_url": API}),
        ("https://10.0.0.5:8081/", {"own": True, "api_url": API}),
        ("http://10.0.0.5:8081@evil.example/", {"own": True, "api_url": API}),
        (f"{API}/moved", {"own": True, "api_url": API}),
    ]:
        assert await fetch(made, tmp_path, url, **rest) == b"went by the guarded way"


async def test_an_address_that_leads_inside_is_not_connected_to_nor_a_redirect_to_one(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://inside.example/\r\nContent-Length: 0\r\n\r\n"
    wire = Wire(answers=[moved] * 2)
    names = Names({"a.example": [[PUBLIC], ["169.254.169.254"]], "inside.example": [["127.0.0.1"]]})
    guarded = httpx.AsyncClient(transport=PublicTransport(PublicOnly(names, wire)), trust_env=False)
    made = Fetcher(guarded, guarded)
    for _ in range(2):  # by a redirect; then by a name that means something else by now
        with pytest.raises(Gone, match="NotPublic"):
            await fetch(made, tmp_path, "http://a.example/")
    assert wire.connected == [PUBLIC]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206])
async def test_other_answers_are_final(tmp_path: Path, status: int) -> None:
    with pytest.raises(Gone, match=str(status)):
        await fetch(fetcher(lambda _: httpx.Response(status)), tmp_path, "https://a.example/")

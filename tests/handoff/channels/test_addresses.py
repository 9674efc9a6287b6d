"""Where outgoing calls may go: decided at the connection, by the address that is really connected to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx
import pytest

from actions.db import now
from handoff.channels.addresses import NotPublic, PublicOnly, PublicTransport, is_public
from handoff.channels.base import Outbound, SendFailed
from handoff.channels.rest import RestChannel
from handoff.conversations.views import InboxView, MessageView

PUBLIC = "93.184.215.14"
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:a00:1::", "2001::1",
    "", "localhost", "0x7f000001",
]  # fmt: skip
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://inside.example/\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Wire(httpcore.AsyncNetworkBackend):
    """Notes what is connected to, and answers."""

    answers: list[bytes] = field(default_factory=lambda: [ANSWER] * 9)
    broken: set[str] = field(default_factory=set)
    connected: list[str] = field(default_factory=list)

    async def connect_tcp(self, host: str, port: int, *rest: Any) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        if host in self.broken:
            raise httpcore.ConnectError("nobody there")
        return httpcore.AsyncMockStream([self.answers.pop(0)])


@dataclass
class Names:
    """A resolver; each name has a list of what it means, one time after the other."""

    meanings: dict[str, list[list[str]]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        meanings = self.meanings[host]
        return meanings.pop(0) if len(meanings) > 1 else meanings[0]


def client(wire: Wire, **meanings: list[list[str]]) -> tuple[httpx.AsyncClient, Names]:
    names = Names({f"{name}.example": meaning for name, meaning in meanings.items()})
    return httpx.AsyncClient(transport=PublicTransport(PublicOnly(names, wire)), trust_env=False), names


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_no_public_network_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001::1", f"::ffff:{PUBLIC}", f"64:ff9b::{PUBLIC}"])
def test_a_public_address_is_public_also_when_it_is_wrapped(address: str) -> None:
    assert is_public(address)


async def test_what_is_connected_to_is_the_very_address_that_was_looked_at() -> None:
    wire = Wire()
    calls, names = client(wire, shop=[[PUBLIC], ["127.0.0.1"]])  # rebinding: the second answer is another
    async with calls:
        assert (await calls.get("http://shop.example/")).text == "ok"
    assert names.asked == ["shop.example"]
    assert wire.connected == [PUBLIC]


async def test_a_name_that_means_something_private_by_now_is_not_connected_to() -> None:
    wire = Wire()
    calls, _ = client(wire, shop=[[PUBLIC], ["127.0.0.1"]])
    async with calls:
        await calls.get("http://shop.example/", headers={"Connection": "close"})
    later, _ = client(wire, shop=[["127.0.0.1"]])
    async with later:
        with pytest.raises(NotPublic):
            await later.get("http://shop.example/")
    assert wire.connected == [PUBLIC]


@pytest.mark.parametrize("addresses", [["10.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:169.254.169.254"], []])
async def test_one_private_address_among_those_of_a_name_is_enough(addresses: list[str]) -> None:
    wire = Wire()
    calls, _ = client(wire, mixed=[addresses])
    async with calls:
        with pytest.raises(NotPublic):
            await calls.get("http://mixed.example/")
    assert wire.connected == []


async def test_a_redirect_into_the_own_network_is_a_connection_like_any_other() -> None:
    wire = Wire(answers=[MOVED])
    calls, _ = client(wire, shop=[[PUBLIC]], inside=[["192.168.0.1"]])
    async with calls:
        with pytest.raises(NotPublic):
            await calls.get("http://shop.example/", follow_redirects=True)
    assert wire.connected == [PUBLIC]


async def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer() -> None:
    wire = Wire(broken={PUBLIC})
    calls, _ = client(wire, shop=[[PUBLIC, "93.184.215.15"]])
    async with calls:
        await calls.get("http://shop.example/")
    assert wire.connected == [PUBLIC, "93.184.215.15"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://[::1]/", "http://0x7f.1/", "http://2130706433/", "http://localhost:1/"],
)
async def test_numbers_in_any_spelling_are_resolved_before_they_are_judged(url: str) -> None:
    async with httpx.AsyncClient(transport=PublicTransport(), trust_env=False) as calls:
        with pytest.raises(NotPublic):
            await calls.get(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "ftp://example.org/", "file:///etc/passwd", "http:///x"]
)
async def test_a_callback_into_the_own_network_is_refused_for_good(url: str) -> None:
    inbox = InboxView("i", "rest", "Test", {"callback_url": url}, secret="s")
    message = MessageView("m", "c", 1, "bot", "Hello", now())
    async with httpx.AsyncClient(transport=PublicTransport(), trust_env=False) as calls:
        with pytest.raises(SendFailed) as refused:
            await RestChannel(calls).send(Outbound("d", inbox, "ann", message))
    assert refused.value.final

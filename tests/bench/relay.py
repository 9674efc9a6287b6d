"""``relay``: how fast a customer's message is on the agent's screen, in a house that is full.

A real gateway process on SQLite; 200 open conversations spread over ten agents whose desks are
connected, and 1,000 sockets that are only there. Measured from a customer's ``send`` to the
agent's ``message`` event, both in this process and so by one clock.

Options: ``--open N --idle N --rate N --seconds N --postgres`` (PostgreSQL and Redis instead).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from actions.db import Database, new_id, now
from handoff import migrations
from handoff.agents.models import Agent, SignIn
from handoff.agents.service import token_hash
from handoff.channels.models import Inbox
from handoff.channels.registry import hashed
from handoff.conversations.models import Contact, ContactToken, Conversation
from tests.bench.report import Report, percentile
from tests.support.postgres import postgres, with_driver
from tests.support.redis import redis_server
from tests.support.servers import Place, Server, gateway
from tests.support.sockets import Socket, open_socket

ROUNDS = 3
AGENTS = 10
AT_ONCE = 25  # sockets that connect at the same time
SEED = 20261121


@dataclass
class House:
    """Who is in the database, and what their browsers hold."""

    desks: list[str] = field(default_factory=list)  # cookies
    customers: list[str] = field(default_factory=list)  # tokens, with a conversation open
    idlers: list[str] = field(default_factory=list)  # tokens


def run(options: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="./setu bench relay")
    for name, default in (("open", 200), ("idle", 1000), ("rate", 40), ("seconds", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args(options)
    with tempfile.TemporaryDirectory(prefix="setu-relay-") as folder, _place(Path(folder), given) as place:
        house = asyncio.run(_furnish(place.env["SETU_DATABASE_URL"], given.open, given.idle))
        with gateway(place) as server:
            return asyncio.run(_measure(server, house, given))


@contextmanager
def _place(folder: Path, given: argparse.Namespace) -> Iterator[Place]:
    with ExitStack() as stack:
        env = {}
        if given.postgres:
            env["SETU_DATABASE_URL"] = with_driver(stack.enter_context(postgres()), "psycopg")
            env["SETU_REDIS_URL"] = stack.enter_context(redis_server())
        yield Place(folder, env=env)


async def _measure(server: Server, house: House, given: argparse.Namespace) -> Report:
    report = Report(goals={"relay.p50_ms": "≤ 15", "relay.p99_ms": "≤ 60"})
    arrivals: dict[str, float] = {}

    def arrived(event: str, data: Any) -> None:
        if event == "message":
            arrivals.setdefault(data["message"]["client_id"], time.perf_counter())

    sockets: list[Socket] = []
    try:
        desks = [await open_socket(server.url, "/desk", cookie=f"setu_desk={one}") for one in house.desks]
        for desk in desks:
            desk.on_event = arrived
        customers = await _connect(server.url, house.customers)
        sockets += [*desks, *customers]
        before = _memory(server)
        sockets += await _connect(server.url, house.idlers)
        report.figures["relay.kb_per_socket"] = (_memory(server) - before) / 1024 / max(1, given.idle)
        gc.collect()
        gc.freeze()  # our own thousand sockets must not be what is measured
        gc.disable()
        rounds = [
            await _paced(customers, arrivals, given.rate, given.seconds, random.Random(SEED + n))
            for n in range(ROUNDS)
        ]
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            report.figures[f"relay.{name}_ms"] = sorted(percentile(r, share) for r in rounds)[ROUNDS // 2]
        used, known = _cpu(server), len(arrivals)
        report.figures["relay.messages_per_s"] = await _flood(customers, arrivals, given.seconds / 2)
        report.figures["relay.cpu_ms_per_message"] = (_cpu(server) - used) * 1000 / (len(arrivals) - known)
        report.figures["relay.gateway_mb"] = _memory(server) / 1e6
    finally:
        gc.enable()
        for start in range(0, len(sockets), AT_ONCE):
            await asyncio.gather(*(one.close() for one in sockets[start : start + AT_ONCE]))
    where = "PostgreSQL and Redis" if given.postgres else "SQLite, in process"
    report.notes.append(
        f"{given.open} open conversations, {given.idle} idle sockets, {AGENTS} desks; {where}; latency at "
        f"{given.rate} messages/s, median of {ROUNDS} rounds of {given.seconds} s; seed {SEED}"
    )
    report.notes.append(
        "the load is made on the same machine; messages_per_s: every customer sends on and on"
    )
    return report


async def _connect(url: str, tokens: list[str]) -> list[Socket]:
    sockets: list[Socket] = []
    for start in range(0, len(tokens), AT_ONCE):
        some = tokens[start : start + AT_ONCE]
        sockets += await asyncio.gather(*(open_socket(url, "/widget", {"token": one}) for one in some))
    return sockets


async def _paced(
    customers: list[Socket], arrivals: dict[str, float], rate: float, seconds: float, chance: random.Random
) -> list[float]:
    """Latencies in ms of messages sent at random moments, ``rate`` a second, waiting for none."""
    sent: dict[str, float] = {}
    calls: list[asyncio.Task[Any]] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        await asyncio.sleep(chance.expovariate(rate))
        client_id = secrets.token_hex(8)
        sent[client_id] = time.perf_counter()
        calls.append(asyncio.create_task(_say(chance.choice(customers), client_id)))
    await asyncio.gather(*calls)
    await _all_arrived(sent, arrivals)
    return [(arrivals[client_id] - at) * 1000 for client_id, at in sent.items()]


async def _flood(customers: list[Socket], arrivals: dict[str, float], seconds: float) -> float:
    """Messages a second on the agents' screens when every customer sends on and on."""
    sent: dict[str, float] = {}
    start = time.perf_counter()

    async def one(customer: Socket) -> None:
        while time.perf_counter() < start + seconds:
            client_id = secrets.token_hex(8)
            if await _say(customer, client_id):
                sent[client_id] = time.perf_counter()

    await asyncio.gather(*map(one, customers))
    await _all_arrived(sent, arrivals)
    return len(sent) / (max(arrivals[client_id] for client_id in sent) - start)


async def _say(customer: Socket, client_id: str) -> bool:
    answer = await customer.call("send", {"client_id": client_id, "text": f"Is it coming today? {client_id}"})
    if not answer["ok"] and answer["error"]["code"] != "too_fast":
        raise RuntimeError(answer["error"]["message"])
    if not answer["ok"]:
        await asyncio.sleep(answer["error"]["retry_after"])
    return bool(answer["ok"])


async def _all_arrived(sent: dict[str, float], arrivals: dict[str, float]) -> None:
    deadline = time.perf_counter() + 30
    while missing := sent.keys() - arrivals.keys():
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{len(missing)} of {len(sent)} messages have not arrived")
        await asyncio.sleep(0.01)


def _cpu(server: Server) -> float:
    """Seconds of processor time that the gateway has used."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(server: Server) -> int:
    """Resident bytes of the gateway."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


async def _furnish(database_url: str, talks: int, idlers: int) -> House:
    """Agents at their desks, their conversations, and visitors who only look."""
    await migrations.upgrade(database_url)
    house, database, at = House(), Database(database_url), now()
    later = at + timedelta(days=1)
    inbox = Inbox(id=new_id(), channel="web", name="Bench", options={})
    agents = [
        Agent(
            id=new_id(),
            email=f"{n}@example.org",
            name=f"Agent {n}",
            password_hash="",
            languages=["en"],
            capacity=talks,
            load=len(range(n, talks, AGENTS)),
            availability="online",
            seen_at=at,
        )
        for n in range(AGENTS)
    ]
    async with database.write() as session:
        session.add_all([inbox, *agents])
        await session.flush()
        for agent in agents:
            house.desks.append(secrets.token_urlsafe())
            session.add(SignIn(token_hash=token_hash(house.desks[-1]), agent_id=agent.id, expires_at=later))
        for n in range(talks + idlers):
            contact = Contact(id=new_id(), conversation_id=new_id(), inbox_id=inbox.id, external_id=new_id())
            talk = Conversation(id=contact.conversation_id, contact_id=contact.id, inbox_id=inbox.id)
            if n < talks:
                talk.status, talk.epoch, talk.agent_id = "assigned", 2, agents[n % AGENTS].id
                talk.queued_at = at
            token = secrets.token_urlsafe()
            (house.customers if n < talks else house.idlers).append(token)
            session.add(contact)
            await session.flush()
            session.add_all(
                [talk, ContactToken(token_hash=hashed(token), contact_id=contact.id, expires_at=later)]
            )
    await database.close()
    return house

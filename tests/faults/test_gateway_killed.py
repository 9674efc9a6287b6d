"""SIGKILL of the gateway in the middle of its work: nothing acknowledged is lost, doubled or unanswered."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.db import Database
from handoff.channels.registry import Inboxes, Made
from handoff.channels.vault import Vault
from handoff.migrations import upgrade
from handoff.ops.paths import PYTHON, ROOT
from tests.support.databases import PostgresDatabases
from tests.support.postgres import postgres
from tests.support.processes import Process, accepts, free_port, running
from tests.support.waiting import until

KEY = "k" * 40


@dataclass
class Setting:
    """A gateway and a fake bot as processes, and clients of both."""

    gateway: Process
    port: int
    bot: httpx.AsyncClient
    client: httpx.AsyncClient
    inbox: Made

    @property
    def path(self) -> str:
        return f"/api/inboxes/{self.inbox.inbox.id}/messages"

    async def mode(self, mode: str) -> None:
        await self.bot.post("/mode", json={"mode": mode})

    async def post(self, contact: str, id_: str, wait: float = 0) -> httpx.Response:
        body = {"contact": contact, "id": id_, "text": id_, "wait": wait}
        return await self.client.post(self.path, json=body)

    async def thread(self, contact: str) -> list[dict[str, Any]]:
        answer = await self.client.get(self.path, params={"contact": contact})
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    async def owner(self, contact: str) -> str:
        answer = await self.client.get(self.path, params={"contact": contact})
        owner: str = answer.json()["conversation"]["owner"]
        return owner

    def kill(self) -> None:
        self.gateway.kill()

    def restart(self) -> None:
        self.gateway.restart()
        self.gateway.wait_until(lambda: accepts(self.port))


@pytest.fixture(scope="module")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with postgres() as url:
        yield PostgresDatabases(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'setu.db'}"
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    return databases.empty()


@pytest.fixture
async def setting(url: str, tmp_path: Path) -> AsyncIterator[Setting]:
    await upgrade(url)
    database = Database(url)
    inbox = await Inboxes(database, Vault(KEY)).create("rest", "Test")
    await database.close()
    bot_port, port = free_port(), free_port()
    env = os.environ | {
        "SETU_HOME": str(tmp_path),
        "SETU_DATABASE_URL": url,
        "SETU_BOT_URLS": f"http://127.0.0.1:{bot_port}",
        "SETU_BOT_TOKEN": "b",
        "SETU_SECRET_KEY": KEY,
        "SETU_GATEWAY_HOST": "127.0.0.1",
        "SETU_GATEWAY_PORT": str(port),
        "SETU_TURN_TIMEOUT": "10",
    }
    async with AsyncExitStack() as stack:
        bot_command = [str(PYTHON), "-m", "tests.support.fake_bot", str(bot_port)]
        stack.enter_context(running(bot_command, tmp_path / "bot.log", lambda: accepts(bot_port), cwd=ROOT))
        command = [str(PYTHON), "-m", "handoff.app"]
        gateway = stack.enter_context(
            running(command, tmp_path / "gateway.log", lambda: accepts(port), env=env, cwd=ROOT)
        )
        bot = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot_port}"))
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}",
                headers={"Authorization": f"Bearer {inbox.token}"},
                timeout=30,
            )
        )
        yield Setting(gateway, port, bot, client, inbox)


def lines_answered(thread: list[dict[str, Any]]) -> list[str]:
    """What the bot's replies say they answer, message by message."""
    return [
        line for m in thread if m["sender"] == "bot" for line in m["text"].removeprefix("re: ").split("\n")
    ]


def said(thread: list[dict[str, Any]]) -> list[str]:
    return [m["text"] for m in thread if m["sender"] == "customer"]


async def test_killed_in_the_middle_of_turns_everything_is_answered_once_after_the_restart(
    setting: Setting,
) -> None:
    await setting.mode("hang")
    contacts = ["ann", "ben", "cem"]
    for number in range(4):
        for contact in contacts:
            assert (await setting.post(contact, f"{contact}-{number}")).status_code == 200

    async def all_asked() -> bool:
        return len((await setting.bot.get("/asked")).json()["asked"]) == len(contacts)

    await until(all_asked)
    setting.kill()
    setting.restart()
    await setting.mode("answer")
    for contact in contacts:
        expected = [f"{contact}-{n}" for n in range(4)]

        async def answered(contact: str = contact) -> bool:
            return len(lines_answered(await setting.thread(contact))) >= 4

        await until(answered)
        thread = await setting.thread(contact)
        assert said(thread) == expected
        assert lines_answered(thread) == expected
        assert [m["number"] for m in thread] == list(range(1, len(thread) + 1))


async def test_killed_again_and_again_under_load_nothing_is_lost_doubled_or_out_of_order(
    setting: Setting,
) -> None:
    chance = random.Random(20261121)
    contacts = [f"c{n}" for n in range(4)]
    alive = asyncio.Event()
    alive.set()

    async def customer(contact: str) -> None:
        """Sends each message until it is acknowledged, as an integrator does."""
        for number in range(12):
            while True:
                await alive.wait()
                try:
                    answer = await setting.post(contact, f"{contact}-{number}")
                except httpx.HTTPError:
                    continue
                assert answer.status_code == 200
                break

    async def killer() -> None:
        for _ in range(3):
            seen = len((await setting.bot.get("/asked")).json()["asked"])
            goal = seen + chance.randint(1, 6)

            async def worked(goal: int = goal) -> bool:
                return len((await setting.bot.get("/asked")).json()["asked"]) >= goal or finished.done()

            await until(worked)
            alive.clear()
            setting.kill()
            await asyncio.to_thread(setting.restart)
            alive.set()

    finished = asyncio.gather(*(customer(contact) for contact in contacts))
    await asyncio.gather(finished, killer())
    for contact in contacts:
        expected = [f"{contact}-{n}" for n in range(12)]

        async def settled(contact: str = contact) -> bool:
            return len(lines_answered(await setting.thread(contact))) >= 12

        await until(settled)
        thread = await setting.thread(contact)
        assert said(thread) == expected
        assert lines_answered(thread) == expected
        assert [m["number"] for m in thread] == list(range(1, len(thread) + 1))


async def test_killed_in_a_turn_and_the_bot_gone_too_a_person_gets_it(setting: Setting) -> None:
    await setting.mode("hang")
    await setting.post("ann", "help")

    async def asked() -> bool:
        return bool((await setting.bot.get("/asked")).json()["asked"])

    await until(asked)
    setting.kill()
    await setting.mode("fail")
    setting.restart()

    async def queued() -> bool:
        return await setting.owner("ann") == "queue"

    await until(queued)
    thread = await setting.thread("ann")
    assert [m["sender"] for m in thread] == ["customer", "system"]
    assert thread[1]["rich"]["key"] == "nobody_on_duty"

"""SIGKILL of each of the three real processes while customers write; started again as ``./setu up`` does.

Every customer writes a message, sends it again until it is acknowledged, waits for the answer, writes the
next. Whatever is killed when: each message is there once and in order, and has one answer or a person.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff.ops.paths import PYTHON, ROOT
from tests.support.servers import Server, action_server, bot_server, gateway, seeded
from tests.support.waiting import until

# Each has one bot message for an answer; “hello” asks the action server.
LINES = ("thank you so much", "hello", "are you a robot?", "what can you do for me?", "hello", "thanks a lot")
KILLED_AT = 4
CUSTOMERS = 4
PERSON = ("queue", "agent", "nobody")


@dataclass
class House:
    servers: dict[str, Server]
    client: httpx.AsyncClient
    path: str

    async def acknowledged(self, contact: str, number: int) -> None:
        """Send until it is acknowledged, as an integrator does: always with the same id."""

        async def sent() -> bool:
            body = {"contact": contact, "id": f"{contact}-{number}", "text": LINES[number % len(LINES)]}
            try:
                return (await self.client.post(self.path, json=body)).status_code == 200
            except httpx.HTTPError:
                return False

        await until(sent, 120)

    async def thread(self, contact: str) -> dict[str, Any] | None:
        try:
            answer = await self.client.get(self.path, params={"contact": contact})
            return answer.json() if answer.status_code == 200 else None
        except httpx.HTTPError:
            return None

    async def settled(self, contact: str) -> dict[str, Any]:
        """The thread once its last message is answered or a person has it."""
        found: dict[str, Any] = {}

        async def answered() -> bool:
            nonlocal found
            found = await self.thread(contact) or {}
            messages = found.get("messages", [])
            with_person = found.get("conversation", {}).get("owner") in PERSON
            return bool(messages) and (with_person or messages[-1]["sender"] == "bot")

        await until(answered, 120)
        return found


@pytest.fixture(scope="module")
def house_servers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("house")
    with ExitStack() as stack:
        place = stack.enter_context(seeded(folder))
        subprocess.run([PYTHON, "-m", "handoff.cli", "seed"], env=place.env, cwd=ROOT, check=True)
        servers = {
            "action server": stack.enter_context(action_server(place)),
            "bot": stack.enter_context(bot_server(place)),
            "gateway": stack.enter_context(gateway(place)),
        }
        made = json.loads((folder / "demo-accounts.json").read_text("utf-8"))["inboxes"]
        yield servers, next(inbox for inbox in made if "token" in inbox)


@pytest.fixture
async def house(house_servers: Any) -> AsyncIterator[House]:
    servers, inbox = house_servers
    headers = {"Authorization": f"Bearer {inbox['token']}"}
    async with httpx.AsyncClient(base_url=servers["gateway"].url, headers=headers, timeout=30) as client:
        yield House(servers, client, f"/api/inboxes/{inbox['id']}/messages")


@pytest.mark.parametrize("victim", ["bot", "action server", "gateway"])
async def test_killed_while_customers_write_nothing_is_lost_doubled_or_left_alone(
    house: House, victim: str
) -> None:
    contacts = [f"{victim.replace(' ', '-')}-{number}" for number in range(CUSTOMERS)]
    killed = asyncio.Event()

    async def customer(contact: str) -> None:
        for number in range(len(LINES)):
            await house.acknowledged(contact, number)
            if number == KILLED_AT:
                killed.set()  # in the middle of this turn
            await house.settled(contact)

    async def kill_and_restart() -> None:
        await killed.wait()
        house.servers[victim].process.kill()
        await asyncio.to_thread(house.servers[victim].restart)

    await asyncio.gather(kill_and_restart(), *(customer(contact) for contact in contacts))
    for contact in contacts:
        check(await house.settled(contact))


def check(thread: dict[str, Any]) -> None:
    """Every line once, in order; after each either one answer of the bot or a person from there on."""
    messages = thread["messages"]
    numbers = [m["number"] for m in messages]
    assert numbers == sorted(set(numbers))
    assert [m["text"] for m in messages if m["sender"] == "customer"] == list(LINES)
    handed_over = next((n for n, m in enumerate(messages) if m["sender"] == "system"), None)
    with_bot = messages if handed_over is None else messages[:handed_over]
    after = [] if handed_over is None else messages[handed_over:]
    senders = [m["sender"] for m in with_bot]
    answered = senders if handed_over is None or senders[-1] == "bot" else senders[:-1]
    assert answered == ["customer", "bot"] * (len(answered) // 2), "each is answered once"
    assert not [m for m in after if m["sender"] == "bot"], "the bot talks over a person"
    assert handed_over is None or thread["conversation"]["owner"] in PERSON

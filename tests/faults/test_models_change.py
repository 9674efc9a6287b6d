"""Models change on two real bots behind a real gateway, while customers write and processes are killed."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.db import Database
from handoff.ops.model import sha256_of
from handoff.ops.paths import BOT_PYTHON, PYTHON, ROOT
from handoff.workbench.models import Model
from tests.support.processes import free_port
from tests.support.servers import Place, Server, bot_server, gateway, seeded
from tests.support.waiting import until

NAMES = ("small", "second", "third")
WHY = {"override": "a test of the way there and back"}
CUSTOMERS = 2


@dataclass
class House:
    gateway: Server
    bots: list[Server]
    client: httpx.AsyncClient  # signed in as a supervisor
    path: str
    token: str

    async def models(self) -> dict[str, Any]:
        with suppress(httpx.HTTPError):
            answer = await self.client.get("/api/workbench/models")
            if answer.status_code == 200:
                told: dict[str, Any] = answer.json()
                return told
        return {"live": None, "servers": [], "history": []}

    async def promote(self, name: str) -> httpx.Response:
        return await self.client.post(
            f"/api/workbench/models/{name}/promote", json=WHY, headers={"X-Setu": "1"}
        )

    async def settled(self, live: str | None = None) -> str:
        """What is live, once every server says so."""
        found = {"live": ""}

        async def same() -> bool:
            told = await self.models()
            found["live"] = told["live"] or ""
            states = [server["state"] for server in told["servers"]]
            there = {server["model"] for server in told["servers"]}
            return states == ["ok", "ok"] and there == {told["live"]} and live in (None, told["live"])

        await until(same, 120)
        return found["live"]

    async def say(self, contact: str, number: int) -> Any:
        """A message, sent until it is acknowledged, and what came back."""
        body = {"contact": contact, "id": f"{contact}-{number}", "text": "hello", "wait": 20}
        headers = {"Authorization": f"Bearer {self.token}"}
        while True:
            with suppress(httpx.HTTPError):
                answer = await self.client.post(self.path, json=body, headers=headers)
                if answer.status_code == 200:
                    return answer.json()
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    train = [str(BOT_PYTHON), "-m", "tests.support.smallbot", str(folder)]
    subprocess.run(train, env=Place(folder).env, cwd=ROOT, check=True, capture_output=True)
    return folder / "small.tar.gz"


async def _models(place: Place, small: Path) -> None:
    database = Database(place.env["SETU_DATABASE_URL"])
    async with database.write() as session:
        for name in NAMES:
            archive = Path(place.env["SETU_MODELS"]) / f"{name}.tar.gz"
            await asyncio.to_thread(shutil.copy, small, archive)
            await asyncio.to_thread(_of_its_own, archive, name)
            session.add(Model(name=name, sha256=sha256_of(archive), size=1, recipe="r"))
    await database.close()


def _of_its_own(archive: Path, name: str) -> None:
    """Another archive of the same model: gzip says when it was made."""
    content = bytearray(archive.read_bytes())
    content[4] = NAMES.index(name)
    archive.write_bytes(content)


@pytest.fixture
async def house(tmp_path: Path, small_model: Path) -> AsyncIterator[House]:
    urls = [f"http://127.0.0.1:{free_port()}" for _ in range(2)]
    with ExitStack() as stack:
        place = stack.enter_context(seeded(tmp_path, SETU_BOT_URLS=",".join(urls), SETU_TURN_TIMEOUT="30"))
        seed = [str(PYTHON), "-m", "handoff.cli", "seed"]
        await asyncio.to_thread(
            subprocess.run, seed, env=place.env, cwd=ROOT, check=True, capture_output=True
        )
        await _models(place, small_model)
        first = Path(place.env["SETU_MODELS"]) / "small.tar.gz"
        bots = [stack.enter_context(bot_server(place, first, int(url.rpartition(":")[2]))) for url in urls]
        front = stack.enter_context(gateway(place))
        made = json.loads((tmp_path / "demo-accounts.json").read_text("utf-8"))
        inbox = next(one for one in made["inboxes"] if one["channel"] == "rest")
        who = next(one for one in made["agents"] if one["role"] == "supervisor")
        async with httpx.AsyncClient(base_url=front.url, timeout=60, headers={"Origin": front.url}) as client:
            said = {"email": who["email"], "password": who["password"]}
            signed = await client.post("/api/desk/sign-in", json=said, headers={"X-Setu": "1"})
            assert signed.status_code == 200, signed.text
            path = f"/api/inboxes/{inbox['id']}/messages"
            yield House(front, bots, client, path, inbox["token"])


@pytest.mark.timeout(600)  # five processes start, and three of them again
async def test_customers_are_answered_whatever_is_killed_while_models_change(house: House) -> None:
    assert await house.settled() == "small"
    done = asyncio.Event()
    answered, with_people = 0, 0

    async def customer(number: int) -> None:
        nonlocal answered, with_people
        contact, said = f"c{number}", 0
        while not done.is_set():
            said += 1
            told = await house.say(contact, said)
            if told["conversation"]["owner"] == "bot":
                assert "bot" in [one["sender"] for one in told["replies"]]
                answered += 1
            else:  # the turn that the killed bot was busy with: people are told, and the next one comes
                with_people += 1
                contact, said = f"c{number}-{with_people}", 0

    customers = [asyncio.create_task(customer(number)) for number in range(CUSTOMERS)]
    try:
        changed = await house.promote("second")
        assert changed.status_code == 200, changed.text
        assert changed.json()["live"] == "second"
        assert await house.settled("second") == "second"

        house.bots[1].process.kill()
        changed = await house.promote("third")  # one server is away: it is caught up
        assert changed.status_code == 200, changed.text
        await asyncio.to_thread(house.bots[1].restart)
        assert await house.settled("third") == "third"

        under_way = asyncio.create_task(house.promote("second"))
        await asyncio.sleep(0)  # it is on its way when the gateway dies
        house.gateway.process.kill()
        with suppress(httpx.HTTPError):
            await under_way
        await asyncio.to_thread(house.gateway.restart)
        live = await house.settled()
        assert live in ("second", "third")  # the one on record, on every server
    finally:
        done.set()
        await asyncio.gather(*customers)
    assert answered > CUSTOMERS
    assert with_people <= 2 * CUSTOMERS  # only those whose turn was under way in what was killed

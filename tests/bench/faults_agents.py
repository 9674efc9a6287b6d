"""Agents at work over the desk's HTTP: they take talks over, answer, give them back, whatever falls over."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from actions.db import Database, new_id, now
from handoff.agents.models import Agent, SignIn
from handoff.agents.service import token_hash

AGAIN = 0.2  # seconds until a call is made again that nobody answered
PAUSE = (0.1, 0.6)  # seconds between a talk and the next
HOLD = (0.1, 1.5)  # seconds between what is done in a talk


async def hire(database: Database, count: int) -> list[str]:
    """Agents, signed in; their cookies."""
    at, cookies = now(), []
    async with database.write() as session:
        for number in range(count):
            agent = Agent(
                id=new_id(),
                email=f"{number}@example.org",
                name=f"Agent {number}",
                password_hash="",
                languages=["en"],
                capacity=100,
                availability="away",  # so that nothing is given to them: they take
                seen_at=at,
            )
            session.add(agent)
            await session.flush()
            cookies.append(secrets.token_urlsafe())
            signed = token_hash(cookies[-1])
            session.add(SignIn(token_hash=signed, agent_id=agent.id, expires_at=at + timedelta(days=1)))
    return cookies


@dataclass
class Team:
    """``replied``: what the gateway has acknowledged, by the replies' client ids."""

    url: str
    cookies: list[str]
    seed: int
    replied: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """Until :attr:`done`; whoever has a talk then brings it to an end."""
        await asyncio.gather(*(self._agent(number) for number in range(len(self.cookies))))

    async def _agent(self, number: int) -> None:
        chance = random.Random(self.seed * 100 + number)
        headers = {"X-Setu": "1", "Origin": self.url, "Cookie": f"setu_desk={self.cookies[number]}"}
        async with httpx.AsyncClient(
            base_url=f"{self.url}/api/desk", headers=headers, timeout=10, trust_env=False
        ) as http:
            while not self.done.is_set():
                await asyncio.sleep(chance.uniform(*PAUSE))
                view = "queue" if chance.random() < 0.8 else "bot"
                listed = await _surely(partial(http.get, "/conversations", params={"view": view}))
                talks = listed.json()["conversations"] if listed.status_code == 200 else []
                if talks:
                    await self._talk(http, chance.choice(talks)["id"], chance)

    async def _talk(self, http: httpx.AsyncClient, talk: str, chance: random.Random) -> None:
        async def act(what: str, **body: Any) -> bool:
            path = f"/conversations/{talk}/{what}"
            return (await _surely(lambda: http.post(path, json=body))).status_code == 200

        if not await act("claim"):
            return  # somebody was faster
        self.taken += 1
        for _ in range(chance.randint(1, 3)):
            await asyncio.sleep(chance.uniform(*HOLD))
            client_id = secrets.token_hex(8)
            text = f"A person here: {client_id}"
            if await act("reply", client_id=client_id, text=text):
                self.replied[client_id] = text
        await asyncio.sleep(chance.uniform(*HOLD))
        await act("resolve") if chance.random() < 0.2 else await act("hand-back")


async def _surely(call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Call until the gateway answers: it may be away. Twice done must be the same as once."""
    while True:
        try:
            answer = await call()
            if answer.status_code < 500:
                return answer
        except httpx.HTTPError:
            pass
        await asyncio.sleep(AGAIN)

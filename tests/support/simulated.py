"""Simulated platforms and a gateway that talk to each other, in the test's own loop.

::

    async with simulated(database_url) as there:
        ann = await there.customer("whatsapp", "Ann")      # with an inbox of the gateway at that platform
        ann.say("hello")
        await ann.until(lambda: ann.texts())
        there.running       # the gateway (tests.support.gateways.Running)
        there.simulator     # faults, clock, stats
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from handoff.channels.registry import Made
from handoff.demo.simulated import UPDATES, credentials_of, options_of
from handoff.simulators import Account, Customer, Simulator
from handoff.simulators.world import Platform
from tests.support.gateways import Running, running

SETTINGS = ("platform", "id", "token", "app_id", "app_secret", "verify_token", "waba_id", "page_id")


def inbox_of(account: Account, api_url: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Channel, options and credentials of an inbox at a simulated account."""
    told = {name: getattr(account, name) for name in SETTINGS}
    return account.platform, options_of(told, api_url), credentials_of(told)


@dataclass
class Simulated:
    simulator: Simulator
    running: Running
    api_url: str
    accounts: dict[Platform, Account] = field(default_factory=dict)
    inboxes: dict[Platform, Made] = field(default_factory=dict)

    async def account(self, platform: Platform) -> Account:
        """Made once, with an inbox of the gateway that its webhooks are pointed at."""
        if platform not in self.accounts:
            account = self.accounts[platform] = self.simulator.account(platform)
            channel, options, credentials = inbox_of(account, self.api_url)
            made = await self.running.gateway.inboxes.create(
                channel, "Shop", options, credentials=credentials
            )
            self.inboxes[platform] = made
            account.point(f"http://setu/webhooks/{made.inbox.id}", account.verify_token, tuple(UPDATES))
        return self.accounts[platform]

    async def customer(self, platform: Platform, name: str = "Ann Reader") -> Customer:
        return self.simulator.customer(await self.account(platform), name)


@asynccontextmanager
async def simulated(database_url: str, *, seed: int = 1, **rest: Any) -> AsyncIterator[Simulated]:
    """``rest``: as of ``tests.support.gateways.running``. Webhooks go straight into the application."""
    clients: list[httpx.AsyncClient] = []

    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        answer = await clients[0].post(urlsplit(url).path, content=body, headers=dict(headers))
        return answer.status_code

    simulator = Simulator(seed, post=post)
    async with simulator.serving() as api_url, running(database_url, **rest) as there:
        clients.append(there.client)
        yield Simulated(simulator, there, api_url)

"""A simulator whose time stands still, a client that speaks to it as a business does, and its webhook."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from handoff.simulators import Account, Simulator
from handoff.simulators.clock import Clock


@dataclass
class Hook:
    """The business's side of webhooks: answers with ``statuses`` in turn, then 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[bytes, Mapping[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.got.append((body, headers))
        return self.statuses.pop(0) if self.statuses else 200

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for body, _ in self.got]

    @property
    def messaging(self) -> list[dict[str, Any]]:
        """Messenger's and Instagram's events, in the order they came."""
        return [
            event for body in self.bodies for entry in body["entry"] for event in entry.get("messaging", [])
        ]

    @property
    def values(self) -> list[dict[str, Any]]:
        """WhatsApp's."""
        return [
            change["value"] for body in self.bodies for entry in body["entry"] for change in entry["changes"]
        ]

    @property
    def statuses_told(self) -> list[str]:
        return [status["status"] for value in self.values for status in value.get("statuses", [])]


class Business:
    """Calls the platforms' APIs for one account."""

    def __init__(self, account: Account, client: httpx.AsyncClient) -> None:
        self.account, self.client = account, client

    async def call(self, method: str, path: str, token: str | None = None, **rest: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.account.token}"}
        return await self.client.request(method, f"/v25.0/{path}", headers=headers, **rest)

    async def send(self, to: str, message: dict[str, Any] | str, **rest: Any) -> httpx.Response:
        """On Messenger and Instagram."""
        content = {"text": message} if isinstance(message, str) else message
        body = {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": content} | rest
        return await self.call("POST", f"{self.account.id}/messages", json=body)

    async def whatsapp(self, to: str, **rest: Any) -> httpx.Response:
        body = {"messaging_product": "whatsapp", "to": to} | rest
        if rest.keys() <= {"body", "biz_opaque_callback_data"}:
            body |= {"type": "text", "text": {"body": body.pop("body", "hello")}}
        return await self.call("POST", f"{self.account.id}/messages", json=body)

    async def bot(self, method: str, token: str | None = None, **body: Any) -> httpx.Response:
        return await self.client.post(f"/bot{token or self.account.token}/{method}", json=body)


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
async def simulator(hook: Hook) -> AsyncIterator[Simulator]:
    made = Simulator(seed=5, clock=Clock(lambda: 1_795_000_000.0), post=hook)
    async with made.serving():
        yield made


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=simulator.api_url, timeout=20) as made:
        yield made


@pytest.fixture
def page(simulator: Simulator, client: httpx.AsyncClient) -> Business:
    return business(simulator, client, "messenger")


@pytest.fixture
def instagram(simulator: Simulator, client: httpx.AsyncClient) -> Business:
    return business(simulator, client, "instagram")


@pytest.fixture
def number(simulator: Simulator, client: httpx.AsyncClient) -> Business:
    return business(simulator, client, "whatsapp")


@pytest.fixture
def bot(simulator: Simulator, client: httpx.AsyncClient) -> Business:
    return business(simulator, client, "telegram")


def business(simulator: Simulator, client: httpx.AsyncClient, platform: Any) -> Business:
    account = simulator.account(platform)
    account.point("http://business.example/hook", account.verify_token)
    return Business(account, client)


def error(answer: httpx.Response) -> tuple[int, int, int | None]:
    """HTTP status, code and subcode of the Graph API's refusal."""
    told = answer.json()["error"]
    return answer.status_code, told["code"], told.get("error_subcode")

"""A gateway with one inbox on each platform, and what is behind it, for ``bench channels``."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select

from actions.db import Database
from handoff import migrations
from handoff.channels.models import Arrival
from handoff.channels.registry import Inboxes
from handoff.channels.vault import Vault
from handoff.conversations.models import Message
from handoff.delivery.models import Delivery
from tests.bench.channels_payloads import APP, PAGE, PHONE
from tests.support.processes import free_port, running
from tests.support.servers import PYTHON, ROOT, Place, Server, gateway, healthy

SECRETS = {name: secrets.token_hex(16) for name in ("messenger", "whatsapp", "telegram")}


@dataclass
class Stand:
    """A running gateway; ``behind`` is the address of bot and platforms, ``inboxes`` are by platform."""

    server: Server
    behind: str
    database: Database
    inboxes: dict[str, str]

    @property
    def address(self) -> tuple[str, int]:
        url = urlsplit(self.server.url)
        return url.hostname or "", url.port or 0

    def path(self, platform: str) -> str:
        return f"/webhooks/{self.inboxes[platform]}"

    async def arrived(self) -> int:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(Arrival)) or 0

    async def stored(self, text: str) -> int:
        """How often the customers' messages have just this text."""
        async with self.database.read() as session:
            statement = select(func.count()).where(Message.sender == "customer", Message.text == text)
            return await session.scalar(statement) or 0

    async def open(self) -> dict[str, int]:
        """What is still to be done: events unhandled, messages unanswered, answers not sent."""
        wanted = {
            "events": select(func.count()).where(Arrival.handled_at.is_(None), Arrival.kind != "unknown"),
            "messages": select(func.count()).where(
                Message.handled_at.is_(None), Message.sender == "customer"
            ),
            "answers": select(func.count()).where(Delivery.state.in_(("due", "sending"))),
        }
        async with self.database.read() as session:
            return {name: await session.scalar(statement) or 0 for name, statement in wanted.items()}


@contextmanager
def standing(place: Place) -> Iterator[Stand]:
    """Everything runs; the caller closes ``database`` in the loop it was used in."""
    port = free_port()
    url = place.env["SETU_BOT_URLS"] = f"http://127.0.0.1:{port}"
    command = [str(PYTHON), "-m", "tests.bench.channels_behind", str(port)]
    with running(command, place.folder / "behind.log", lambda: healthy(url), cwd=ROOT):
        inboxes = asyncio.run(_furnish(place, url))
        with gateway(place) as server:
            yield Stand(server, url, Database(place.env["SETU_DATABASE_URL"]), inboxes)


async def _furnish(place: Place, api_url: str) -> dict[str, str]:
    """Migrate, and make the inboxes; their ids by platform."""
    await migrations.upgrade(place.env["SETU_DATABASE_URL"])
    database = Database(place.env["SETU_DATABASE_URL"])
    inboxes = Inboxes(database, Vault(place.env["SETU_SECRET_KEY"]))
    meta = {"access_token": "bench", "verify_token": "bench"}
    wanted = {
        "messenger": ({"page_id": PAGE, "app_id": APP}, meta | {"app_secret": SECRETS["messenger"]}),
        "whatsapp": (
            {"phone_number_id": PHONE, "business_id": "440200000000001", "app_id": APP},
            meta | {"app_secret": SECRETS["whatsapp"]},
        ),
        "telegram": ({}, {"bot_token": "7000000001:bench", "webhook_secret": SECRETS["telegram"]}),
    }
    ids: dict[str, str] = {}
    for platform, (options, credentials) in wanted.items():
        made = await inboxes.create(
            platform, f"Bench {platform}", {**options, "api_url": api_url}, credentials=credentials
        )
        ids[platform] = made.inbox.id
    await database.close()
    return ids

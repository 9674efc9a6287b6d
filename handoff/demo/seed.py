"""Accounts, inboxes and canned replies of the demo, made once with passwords nobody could know before.

What was made is kept in ``<home>/demo-accounts.json``, readable for its owner only, so that
``./setu up`` can print it again; ids are found again by it, not by fixed names.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from actions.db import Database
from actions.shop.demo import demo_customers
from actions.texts import Texts
from handoff.agents import canned
from handoff.agents.models import Agent
from handoff.agents.service import Accounts
from handoff.channels.registry import Inboxes

AGENTS = (
    {"name": "Asha", "email": "asha@setu.example", "role": "agent", "languages": ("en", "hi", "bn")},
    {"name": "Eleni", "email": "eleni@setu.example", "role": "agent", "languages": ("en", "el", "fa")},
    {"name": "Ravi", "email": "ravi@setu.example", "role": "supervisor", "languages": ("en", "hi")},
    {"name": "Mitra", "email": "mitra@setu.example", "role": "trainer", "languages": ("en", "fa")},
)


async def seed(database: Database, inboxes: Inboxes, home: Path) -> None:
    """Make the people and inboxes of an empty house; in a house with people nothing is made."""
    async with database.write() as session:
        await canned.seed(session, canned.load())
        people = await session.scalar(select(func.count()).select_from(Agent))
    if not people:
        _keep(home / "demo-accounts.json", await _make(database, inboxes))


async def _make(database: Database, inboxes: Inboxes) -> dict[str, Any]:
    texts = Texts.load()
    accounts = Accounts(database)
    agents = []
    for person in AGENTS:
        password = secrets.token_urlsafe(12)
        await accounts.create(password=password, **person)  # type: ignore[arg-type]
        agents.append({"role": person["role"], "email": person["email"], "password": password})
    web = await inboxes.create("web", "Web", {"demo": True, "name": texts.say("demo.brand", None)})
    rest = await inboxes.create("rest", "REST")
    return {
        "agents": agents,
        "inboxes": [
            {"channel": "web", "id": web.inbox.id},
            {"channel": "rest", "id": rest.inbox.id, "token": rest.token, "secret": rest.secret},
        ],
        "customers": [
            {"name": customer.name, "story": texts.say(f"shop.story.{customer.story}", None)}
            for customer in demo_customers()
        ],
    }


def _keep(path: Path, made: dict[str, Any]) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(made, indent=2) + "\n", "utf-8")

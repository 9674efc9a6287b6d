"""The accounts and customers of ``./setu up --simulators``, kept in a file so that they stay the same.

``{"accounts": [{platform, id, name, token, …, webhook: {url, secret, allowed}
| null, customers: [{contact,
name, language}]}]}``; whoever makes inboxes of them writes where the webhooks go.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

from handoff.simulators.accounts import Account, Webhook, made, usual_templates
from handoff.simulators.simulator import Simulator
from handoff.simulators.world import Ids, Platform

PEOPLE: tuple[tuple[Platform, str, str], ...] = (
    ("messenger", "Maya Fernandes", "en"),
    ("whatsapp", "Arjun Mehta", "hi"),
    ("telegram", "Eleni Pappa", "el"),
    ("instagram", "Sara Kamali", "fa"),
)
SECRETS = ("id", "token", "app_id", "app_secret", "verify_token", "waba_id", "page_id", "phone", "username")


def make(path: Path) -> None:
    """Once: an account for each platform, with a customer each; credentials nobody knew before."""
    if path.exists():
        return
    simulator = Simulator(secrets.randbits(64))
    for platform, person, language in PEOPLE:
        account = made(platform, "Setu Shop", simulator.ids, simulator.clock.now())
        account.token_expires_at = 0.0  # of a system user: never
        simulator.add(account)
        simulator.customer(account, person, language=language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"accounts": [_written(a) for a in simulator.accounts]}, indent=2), "utf-8")


def load(path: Path) -> Simulator:
    """Talks begin anew, with ids that were not there before: their numbers follow the time."""
    simulator = Simulator(secrets.randbits(64), counted=int(time.time()) - 1_700_000_000)
    for given in json.loads(path.read_text("utf-8"))["accounts"]:
        known = {field.name for field in fields(Account)} - {"webhook"}
        account = Account(**{name: value for name, value in given.items() if name in known})
        account.templates = usual_templates(Ids(1)) if account.platform == "whatsapp" else []
        simulator.add(account)
        if hook := given.get("webhook"):
            account.webhook = Webhook(
                hook["url"], hook.get("secret", ""), tuple(hook.get("allowed") or ()) or None
            )
        for person in given["customers"]:
            simulator.customer(
                account, person["name"], contact=person["contact"], language=person["language"]
            )
    return simulator


def _written(account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {"platform": account.platform, "name": account.name}
    told |= {name: getattr(account, name) for name in SECRETS}
    people = [
        {"contact": t.contact, "name": t.name, "language": t.language} for t in account.threads.values()
    ]
    return told | {"webhook": None, "customers": people}

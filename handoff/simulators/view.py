"""All phones as the page shows them. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from handoff.simulators.accounts import PAGE_INBOX, Account
from handoff.simulators.simulator import Simulator
from handoff.simulators.world import File, Platform, Said, Shown, Thread

# What a customer may do there, and what the page offers of the platform's own inbox.
CAN: dict[Platform, list[str]] = {
    "messenger": ["edit", "unsend", "react", "elsewhere", "control"],
    "instagram": ["unsend", "react", "elsewhere", "control"],
    "whatsapp": ["edit", "unsend", "react", "elsewhere"],
    "telegram": ["edit", "unsend", "react"],
}
LAST = 80  # messages of a talk


def view(simulator: Simulator) -> dict[str, Any]:
    now = simulator.clock.now()
    phones = [
        _phone(account, thread, now) for account in simulator.accounts for thread in account.threads.values()
    ]
    pending = [
        {"id": template.id, "name": template.name, "language": template.language, "body": template.body}
        for account in simulator.accounts
        for template in account.templates
        if template.status == "PENDING"
    ]
    return {
        "now": now,
        "ahead": simulator.clock.ahead,
        "dark": simulator.dark,
        "faults": asdict(simulator.faults),
        "stats": dict(simulator.stats),
        "gateway": _gateway(simulator),
        "journal": list(simulator.journal),
        "phones": phones[:24],
        "pending": pending,
    }


def _gateway(simulator: Simulator) -> str:
    """Where the business is, as far as its webhooks tell."""
    hooks = [account.webhook.url for account in simulator.accounts if account.webhook]
    parts = urlsplit(hooks[0]) if hooks else None
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def _phone(account: Account, thread: Thread, now: float) -> dict[str, Any]:
    inbox = PAGE_INBOX.get(account.platform)
    return {
        "platform": account.platform,
        "account": account.id,
        "business": account.name,
        "contact": thread.contact,
        "name": thread.name,
        "language": thread.language,
        "pointed": account.webhook is not None,
        "trouble": account.webhook.last_error
        if account.webhook and account.webhook.last_error_at > now - 10
        else "",
        "typing": thread.typing_until > now,
        "blocked": thread.blocked,
        "online": thread.online,
        "can": CAN[account.platform],
        "elsewhere": inbox is not None and thread.owner == inbox,
        "entries": [_entry(entry) for entry in thread.entries[-LAST:]],
    }


def _entry(entry: Shown | Said) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": entry.id,
        "at": entry.at,
        "mine": isinstance(entry, Said),
        "text": entry.text,
        "file": _file(entry.file),
        "edited": entry.edited_at is not None,
        "deleted": entry.deleted_at is not None,
        "reaction": entry.reaction,
        "reply_to": entry.reply_to,
    }
    if isinstance(entry, Said):
        return told | {"read": entry.read_at is not None, "tapped": entry.how, "location": entry.location}
    taps = [asdict(tap) for tap in entry.content.taps]
    return told | {
        "by": entry.by,
        "taps": taps,
        "menu": entry.content.menu,
        "cards": [asdict(card) for card in entry.cards],
        "template": entry.template,
        "location": entry.content.location,
        "state": entry.state,
    }


def _file(file: File | None) -> dict[str, str] | None:
    """By a path of our own: the page may be open under another name of this machine."""
    return {"kind": file.kind, "name": file.name, "url": f"/_cdn/{file.id}/file"} if file else None

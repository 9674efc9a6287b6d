"""Inboxes at the simulated platforms, made once; while these do not run, the inboxes are switched off.

The accounts are those of ``<home>/simulators.json``, which the simulators make; what is written into
it here is each one's inbox and where its webhooks go.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handoff.channels.registry import Inboxes
from handoff.errors import NotFound

NAMES = {"messenger": "Messenger", "instagram": "Instagram", "whatsapp": "WhatsApp", "telegram": "Telegram"}
UPDATES = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]  # of Telegram

# The channels' settings, by what a simulated account calls them.
OPTIONS = {
    "messenger": {"page_id": "id", "app_id": "app_id"},
    "instagram": {"account_id": "id", "page_id": "page_id", "app_id": "app_id"},
    "whatsapp": {"phone_number_id": "id", "business_id": "waba_id", "app_id": "app_id"},
    "telegram": {},
}
META = {"app_secret": "app_secret", "access_token": "token", "verify_token": "verify_token"}
CREDENTIALS = {
    "messenger": META,
    "instagram": META,
    "whatsapp": META,
    "telegram": {"bot_token": "token", "webhook_secret": "verify_token"},
}


def options_of(account: dict[str, Any], api_url: str) -> dict[str, Any]:
    chosen = OPTIONS[account["platform"]]
    return {name: account[key] for name, key in chosen.items()} | {"api_url": api_url, "simulated": True}


def credentials_of(account: dict[str, Any]) -> dict[str, str]:
    return {name: str(account[key]) for name, key in CREDENTIALS[account["platform"]].items()}


async def prepare(inboxes: Inboxes, home: Path, api_url: str, gateway_url: str) -> None:
    """Make or switch on an inbox for each account, and point its webhooks at it; without an
    ``api_url`` the inboxes that there are get switched off."""
    kept = home / "simulators.json"
    if not kept.exists():
        return
    held = json.loads(kept.read_text("utf-8"))
    for account in held["accounts"]:
        if not await _known(inboxes, account, api_url) and api_url:
            name = f"{NAMES[account['platform']]} (simulated)"
            options, credentials = options_of(account, api_url), credentials_of(account)
            made = await inboxes.create(account["platform"], name, options, credentials=credentials)
            account["inbox"] = made.inbox.id
        if api_url:
            account["webhook"] = {
                "url": f"{gateway_url}/webhooks/{account['inbox']}",
                "secret": account["verify_token"],
                "allowed": UPDATES,
            }
    draft = kept.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(held, indent=2), "utf-8")
    draft.replace(kept)


async def _known(inboxes: Inboxes, account: dict[str, Any], api_url: str) -> bool:
    """The inbox of an earlier run, if it is still there; the port may have changed since."""
    if "inbox" not in account:
        return False
    try:
        if api_url:
            await inboxes.update(account["inbox"], options={"api_url": api_url}, disabled=False)
        else:
            await inboxes.update(account["inbox"], disabled=True)
    except NotFound:
        del account["inbox"]
        return False
    return True

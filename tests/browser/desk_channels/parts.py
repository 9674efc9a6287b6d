"""What the tests of channels give their conversation, and send."""

from __future__ import annotations

from playwright.async_api import FilePayload

from tests.browser.desk_data import MEERA, Json, ago
from tests.browser.fake_channels import png
from tests.browser.fake_desk import FakeDesk, Talk

ME = {"id": MEERA["id"], "name": MEERA["name"]}
PDF: FilePayload = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2000}
PHOTO: FilePayload = {"name": "my photo.png", "mimeType": "image/png", "buffer": png(40, 30, (90, 90, 90))}
CHANGES = {"edits": True, "deletions": True}


def contacts(desk: FakeDesk, talk: Talk) -> None:
    here: Json = {"id": "k-t-priya", "channel": "whatsapp", "inbox": "Shop WhatsApp", "name": "Priya Iyer"}
    other: Json = {"id": "k-web", "channel": "web", "inbox": "Shop website", "name": "Priya"}
    desk.channels.contacts(talk, here | {"current": True}, other | {"current": False})


def linkable(desk: FakeDesk) -> None:
    telegram = {"id": "k-tg", "channel": "telegram", "inbox": "@shopbot", "name": "priya_i", "handle": "@pi"}
    candidate = {"conversation_id": "t-tg", "contact": telegram, "why": "phone", "last_message_at": ago()}
    here: Json = {"id": "k-t-priya", "channel": "whatsapp", "inbox": "Shop WhatsApp", "name": "Priya Iyer"}
    here |= {"handle": "+91", "current": True}
    desk.channels.links["t-priya"] = {"contacts": [here], "links": [], "candidates": [candidate]}

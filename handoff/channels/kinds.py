"""The channels of this installation: one line each."""

from __future__ import annotations

import httpx

from handoff.channels.base import Channel
from handoff.channels.instagram import Instagram
from handoff.channels.messenger import Messenger
from handoff.channels.rest import RestChannel
from handoff.channels.telegram import TelegramChannel
from handoff.channels.web import WebChannel
from handoff.channels.webchat import WebchatChannel
from handoff.channels.whatsapp import WhatsApp


def kinds(client: httpx.AsyncClient, callbacks: httpx.AsyncClient) -> dict[str, Channel]:
    """By the name that inboxes keep. ``client`` calls platforms, whose addresses we know; ``callbacks``
    calls addresses that somebody gave us, and so only public ones."""
    return {
        "web": WebChannel(),
        "rest": RestChannel(callbacks),
        "messenger": Messenger(client),
        "instagram": Instagram(client),
        "whatsapp": WhatsApp(client),
        "telegram": TelegramChannel(client),
        "webchat": WebchatChannel(),
    }

"""Webhooks as the platforms send them, signed, in the documented shapes; ids and texts are made up."""

from __future__ import annotations

import hmac
import json
import random
import time
from dataclasses import dataclass
from typing import Any

PAGE, PHONE, APP = "104200000000001", "110200000000001", "220200000000001"
TALKATIVE = 600  # contacts on each platform
WORDS = "Where is my order now? I have waited since Monday and nobody tells me anything."
DUPLICATES = 0.05
BATCHES = 0.10  # of those platforms that have them


@dataclass(frozen=True, slots=True)
class Line:
    """A customer's text; ``id`` is the number in the platform's id of it."""

    contact: int
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook to be sent: how many messages it brings (``fresh``: never brought before)."""

    body: bytes
    headers: dict[str, str]
    messages: int
    fresh: int = 0


def messenger(lines: list[Line], secret: str) -> Hook:
    """All in one entry, as the platform does for one page."""
    at = int(time.time() * 1000)
    events = [
        {
            "sender": {"id": f"59{line.contact:014d}"},
            "recipient": {"id": PAGE},
            "timestamp": at + number,
            "message": {"mid": f"m_bench{line.id:012d}", "text": line.text},
        }
        for number, line in enumerate(lines)
    ]
    return _signed(
        {"object": "page", "entry": [{"id": PAGE, "time": at, "messaging": events}]}, secret, lines
    )


def whatsapp(lines: list[Line], secret: str) -> Hook:
    at = str(int(time.time()))
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100", "phone_number_id": PHONE},
        "contacts": [
            {"profile": {"name": f"Customer {line.contact}"}, "wa_id": f"4915{line.contact:08d}"}
            for line in lines
        ],
        "messages": [
            {
                "from": f"4915{line.contact:08d}",
                "id": f"wamid.BENCH{line.id:012d}",
                "timestamp": at,
                "type": "text",
                "text": {"body": line.text},
            }
            for line in lines
        ],
    }
    entry = {"id": "440200000000001", "changes": [{"field": "messages", "value": value}]}
    return _signed({"object": "whatsapp_business_account", "entry": [entry]}, secret, lines)


def telegram(lines: list[Line], secret: str) -> Hook:
    """One update a request; the platform has no batches."""
    (line,) = lines
    chat = 5_000_000 + line.contact
    person = {"id": chat, "is_bot": False, "first_name": f"Customer {line.contact}", "language_code": "en"}
    update = {
        "update_id": 700_000_000 + line.id,
        "message": {
            "message_id": line.id,
            "from": person,
            "chat": {"id": chat, "first_name": person["first_name"], "type": "private"},
            "date": int(time.time()),
            "text": line.text,
        },
    }
    body = json.dumps(update).encode()
    return Hook(body, {"X-Telegram-Bot-Api-Secret-Token": secret}, 1, 1)


PLATFORMS = {"messenger": messenger, "whatsapp": whatsapp, "telegram": telegram}


def _signed(batch: dict[str, Any], secret: str, lines: list[Line]) -> Hook:
    """Meta signs the very bytes, by SHA-256 and still by SHA-1 beside."""
    body = json.dumps(batch).encode()

    def signature(how: str) -> str:
        return f"{how}={hmac.new(secret.encode(), body, how).hexdigest()}"

    headers = {"X-Hub-Signature-256": signature("sha256"), "X-Hub-Signature": signature("sha1")}
    return Hook(body, headers, len(lines), len(lines))


class Talk:
    """Endless customers' talk on all platforms, from a seed."""

    def __init__(self, secrets: dict[str, str], seed: int) -> None:
        self._secrets = secrets
        self._chance = random.Random(seed)
        self._count = 0
        self._sent: list[tuple[str, Hook]] = []

    def next(self) -> tuple[str, Hook]:
        """The platform, and what it sends: one message, a batch of three, or the same as before."""
        chance = self._chance
        if self._sent and chance.random() < DUPLICATES:
            platform, hook = chance.choice(self._sent[-200:])
            return platform, Hook(hook.body, hook.headers, hook.messages)
        platform = chance.choice(list(PLATFORMS))
        many = 3 if platform != "telegram" and chance.random() < BATCHES else 1
        made = platform, PLATFORMS[platform]([self._line() for _ in range(many)], self._secrets[platform])
        self._sent.append(made)
        return made

    def _line(self) -> Line:
        self._count += 1
        return Line(self._chance.randrange(TALKATIVE), self._count, f"{self._count}: {WORDS}")

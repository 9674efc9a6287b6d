"""A business on a platform: its credentials, its webhook, its approved templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from handoff.simulators.rates import Bucket
from handoff.simulators.world import Ids, Platform, Thread

PAGE_INBOX = {
    "messenger": "263902037430900",
    "instagram": "1217981644879628",
}  # the platform's own inbox
RATES: dict[Platform, float] = {
    "messenger": 300,
    "instagram": 100,
    "whatsapp": 80,
    "telegram": 30,
}  # calls a second
LIFETIME = 60 * 24 * 3600.0  # seconds that a long-lived token lasts


@dataclass(slots=True)
class Webhook:
    """Where events go. ``secret``: Telegram's header; the others sign with the app's secret."""

    url: str
    secret: str = ""
    allowed: tuple[str, ...] | None = None  # Telegram: kinds of updates; None: the default ones
    fields: tuple[str, ...] | None = None  # Meta: those the app has subscribed to; None: all
    page_fields: tuple[str, ...] | None = None  # … and those of the page, for Messenger
    last_error: str = ""
    last_error_at: float = 0.0


@dataclass(slots=True)
class Template:
    """Of WhatsApp. ``status``: APPROVED PENDING REJECTED PAUSED."""

    name: str
    language: str
    body: str
    category: str = "UTILITY"
    status: str = "APPROVED"
    id: str = ""

    @property
    def gaps(self) -> int:
        return len(set(re.findall(r"{{\s*(\w+)\s*}}", self.body)))

    def filled(self, words: list[str]) -> str:
        text = self.body
        for number, word in enumerate(words, start=1):
            text = re.sub(rf"{{{{\s*{number}\s*}}}}", lambda _, word=word: word, text)  # type: ignore[misc]
        return text

    def listed(self) -> dict[str, Any]:
        """As ``GET /{waba}/message_templates`` shows it."""
        body: dict[str, Any] = {"type": "BODY", "text": self.body}
        if self.gaps:
            body["example"] = {"body_text": [["…"] * self.gaps]}
        return {
            "name": self.name,
            "parameter_format": "POSITIONAL",
            "components": [body],
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "id": self.id,
        }


@dataclass(slots=True)
class Account:
    """A page, an Instagram account, a phone number or a bot. ``id`` is what the platform calls it."""

    platform: Platform
    id: str
    name: str
    token: str
    app_id: str = ""
    app_secret: str = ""
    verify_token: str = ""
    waba_id: str = ""
    page_id: str = ""  # of an Instagram account: the page it is linked to
    phone: str = ""
    username: str = ""
    token_expires_at: float = 0.0
    webhook: Webhook | None = None
    templates: list[Template] = field(default_factory=list)
    threads: dict[str, Thread] = field(default_factory=dict)
    rate: Bucket = field(init=False)
    pair_rates: dict[str, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rate = Bucket(RATES[self.platform])

    @property
    def names(self) -> tuple[str, ...]:
        """The ids by which calls may name it."""
        return tuple(filter(None, (self.id, self.page_id)))

    def point(self, url: str, secret: str = "", allowed: tuple[str, ...] | None = None) -> None:
        """Where the webhooks go, without asking whether anybody is there."""
        self.webhook = Webhook(url, secret, allowed) if url else None

    def thread(self, contact: str) -> Thread | None:
        return self.threads.get(contact)


def made(platform: Platform, name: str, ids: Ids, now: float) -> Account:
    """A new account with credentials of the platform's looks."""
    if platform == "telegram":
        number = ids.digits(10, "7")
        return Account(
            platform,
            number,
            name,
            f"{number}:AA{ids.token(25)}",
            username=_username(name),
            verify_token=ids.token(18),
        )
    starts = {"messenger": "10", "instagram": "1784", "whatsapp": "11"}
    account = Account(
        platform,
        ids.digits(15 if platform != "instagram" else 17, starts[platform]),
        name,
        "EAAG" + ids.token(100),
        app_id=ids.digits(15, "2"),
        app_secret=ids.token(24).encode().hex()[:32],
        verify_token=ids.token(18),
        username=_username(name),
        token_expires_at=now + LIFETIME,
    )
    if platform == "instagram":
        account.page_id = ids.digits(15, "10")
    if platform == "whatsapp":
        account.waba_id, account.phone = ids.digits(15, "4"), "1555" + ids.digits(7)
        account.templates = usual_templates(ids)
    return account


def usual_templates(ids: Ids) -> list[Template]:
    rows = (
        ("order_update", "en", "Hello {{1}}, there is news of your order {{2}}. Answer us here.", "APPROVED"),
        ("order_update", "hi", "नमस्ते {{1}}, आपके ऑर्डर {{2}} के बारे में ख़बर है। बात करने के लिए जवाब दें।", "APPROVED"),
        ("talk_again", "en", "Hello {{1}}, we have an answer for you. Shall we go on?", "APPROVED"),
        ("summer_sale", "en", "Our sale begins on {{1}}.", "PENDING"),
    )  # fmt: skip
    return [
        Template(name, language, body, "UTILITY", status, ids.digits(16, "9"))
        for name, language, body, status in rows
    ]


def _username(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_") + "_bot"

"""Telegram: a bot's private chats.

A message has 4,096 characters, a caption 1,024; a button of an inline keyboard gives back at most
64 bytes. Texts go out as they are, without a parse mode, so nothing in them turns into formatting.
There are no read marks, no reply window, and no answer that tells what was sent after a lost one.
About 30 messages a second are taken, and one a second for each chat.
(https://core.telegram.org/bots/api, https://core.telegram.org/bots/faq#broadcasting-to-users)
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

import httpx

from handoff.channels import telegram_updates as updates
from handoff.channels.base import (
    Button,
    Capabilities,
    Health,
    Outbound,
    Part,
    Rate,
    RawRequest,
    SendFailed,
    Setting,
    Sign,
    Source,
)
from handoff.channels.telegram_api import Refused, call, file_url
from handoff.channels.telegram_files import send_file, send_photo
from handoff.conversations.inbound import Incoming
from handoff.conversations.standins import shortened
from handoff.conversations.views import InboxView
from handoff.errors import Invalid, Unauthorised

CHANNEL = "telegram"
DATA_LIMIT = 64  # bytes of a button's callback_data
IN_A_ROW = 24  # characters of titles that stand side by side well
CONNECTIONS = 40  # webhooks at once
UPDATES = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")


class TelegramChannel:
    capabilities = Capabilities(
        buttons=10, button_limit=40, choices=60, choice_limit=40,
        cards=1, card_buttons=8, card_limit=200,
        images=True, files=True, caption_limit=1024,
        typing=True, text_limit=4096, edits=True, deletions=True,
        rate=Rate(30, 30), contact_rate=Rate(1, 3),
    )  # fmt: skip
    settings = (
        Setting("bot_token", secret=True),
        Setting("webhook_secret", secret=True, made=True),
    )

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def pushes(self, inbox: InboxView) -> bool:
        return True

    def verify(self, inbox: InboxView, request: RawRequest) -> None:
        """The secret that ``setWebhook`` was given comes back in a header of each request."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        right = inbox.credentials.get("webhook_secret", "")
        if not right or not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
            raise Unauthorised("inbox_unknown")

    def parse(self, inbox: InboxView, request: RawRequest) -> Sequence[Incoming]:
        return updates.read(request.body)

    def acknowledge(self, inbox: InboxView, request: RawRequest) -> dict[str, Any] | None:
        """A method to run may be the answer to a webhook: a tapped button stops to wait at once."""
        try:
            query = updates.load(request.body).get("callback_query")
        except Invalid:
            return None
        id = query.get("id") if isinstance(query, dict) else None
        return {"method": "answerCallbackQuery", "callback_query_id": id} if isinstance(id, str) else None

    async def send(self, outbound: Outbound) -> str | None:
        part, common = outbound.part, _common(outbound)
        if part.template is not None:
            raise SendFailed("Telegram has no templates", final=True, code="bad_content")
        if part.file is not None:
            sent = await send_file(self._client, outbound.inbox, part.file, common | _caption(part.text))
        elif len(part.cards) == 1 and part.cards[0].image:
            card = part.cards[0]
            text = _card_text(part)
            shown = await send_photo(self._client, outbound.inbox, card.image, common | _caption(text))
            # A picture that Telegram cannot show costs the picture, not the card.
            sent = shown or await self._say(outbound.inbox, common, text)
        else:
            sent = await self._say(outbound.inbox, common, _card_text(part) if part.cards else part.text)
        number = sent.get("message_id")
        return updates.external(outbound.contact, number) if number else None

    async def _say(self, inbox: InboxView, common: dict[str, Any], text: str) -> dict[str, Any]:
        sent = await call(self._client, inbox, "sendMessage", common | {"text": text or "…"})
        return sent if isinstance(sent, dict) else {}

    async def signal(self, inbox: InboxView, contact: str, sign: Sign, last: str | None) -> None:
        """Typing is shown for five seconds, or until a message comes. A bot cannot mark as read."""
        if sign == "typing":
            await call(self._client, inbox, "sendChatAction", {"chat_id": contact, "action": "typing"})

    async def edit(self, inbox: InboxView, contact: str, external_id: str, text: str) -> None:
        which = {"chat_id": contact, "message_id": _number_of(external_id)}
        try:
            await call(self._client, inbox, "editMessageText", which | {"text": text})
        except Refused as refused:
            if "not modified" in refused.description:
                return
            if "no text in the message" not in refused.description:
                raise
            await call(self._client, inbox, "editMessageCaption", which | {"caption": text})

    async def delete(self, inbox: InboxView, contact: str, external_id: str) -> None:
        """Within 48 hours of its sending."""
        which = {"chat_id": contact, "message_id": _number_of(external_id)}
        try:
            await call(self._client, inbox, "deleteMessage", which)
        except Refused as refused:
            if "message to delete not found" not in refused.description:
                raise

    async def locate(self, inbox: InboxView, ref: str) -> Source:
        """Files of up to 20 MB; the address holds for at least an hour."""
        found = await call(self._client, inbox, "getFile", {"file_id": ref})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not path:
            raise SendFailed("getFile gave no path", final=True)
        return Source(file_url(inbox, path), own=True)

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        """Only HTTPS, on port 443, 80, 88 or 8443. What waits over there is not thrown away."""
        secret = inbox.credentials.get("webhook_secret")
        if not secret:
            raise SendFailed("the inbox has no webhook secret", final=True)
        await call(
            self._client,
            inbox,
            "setWebhook",
            {
                "url": webhook_url,
                "secret_token": secret,
                "allowed_updates": list(UPDATES),
                "max_connections": CONNECTIONS,
                "drop_pending_updates": False,
            },
        )

    async def check(self, inbox: InboxView) -> Health:
        account = ""
        try:
            me = await call(self._client, inbox, "getMe", {})
            account = f"@{me['username']}"
            webhook = await call(self._client, inbox, "getWebhookInfo", {})
            return Health(problem=_problem(inbox, webhook), account=account)
        except SendFailed as failed:
            return Health(problem=str(failed), account=account)
        except (KeyError, TypeError, ValueError, AttributeError) as odd:
            return Health(problem=f"not an answer of Telegram: {type(odd).__name__}", account=account)


def _problem(inbox: InboxView, webhook: dict[str, Any]) -> str:
    """What ``getWebhookInfo`` says is wrong, or nothing."""
    waiting = int(webhook.get("pending_update_count", 0))
    if not webhook.get("url"):
        return f"no webhook is set ({waiting} updates are waiting)"
    if inbox.id not in str(webhook["url"]):
        return "the webhook leads to another address than this inbox's"
    error, at = webhook.get("last_error_message"), int(webhook.get("last_error_date", 0))
    # Both stay after the webhook works again; while it fails, updates pile up.
    return f"{error} ({waiting} updates are waiting)" if error and at and waiting else ""


def _common(outbound: Outbound) -> dict[str, Any]:
    """What every kind of message has: the chat, the keyboard, what it answers."""
    part = outbound.part
    buttons = [*part.buttons, *part.choices, *(button for card in part.cards for button in card.buttons)]
    common: dict[str, Any] = {"chat_id": outbound.contact}
    if buttons:
        common["reply_markup"] = {"inline_keyboard": _rows(buttons)}
    if outbound.reply_to and outbound.reply_to.startswith(f"{outbound.contact}:"):
        answered = _number_of(outbound.reply_to)
        common["reply_parameters"] = {"message_id": answered, "allow_sending_without_reply": True}
    return common


def _rows(buttons: Sequence[Button]) -> list[list[dict[str, str]]]:
    """Two short ones side by side, long ones below each other, in their order."""
    rows: list[list[dict[str, str]]] = []
    room = 0
    for button in buttons:
        if room < len(button.title):
            rows.append([])
            room = IN_A_ROW
        target = {"url": button.url} if button.url else {"callback_data": _data(button)}
        rows[-1].append({"text": button.title, **target})
        room = room - len(button.title) if len(rows[-1]) < 2 else -1
    return rows


def _data(button: Button) -> str:
    return shortened(button.payload or button.title, DATA_LIMIT)


def _caption(text: str) -> dict[str, str]:
    return {"caption": text} if text else {}


def _card_text(part: Part) -> str:
    lines = [part.text, *(line for card in part.cards for line in (card.title, card.subtitle))]
    return "\n".join(filter(None, lines))


def _number_of(external_id: str) -> int:
    number = external_id.rpartition(":")[2]
    if not number.isdecimal():
        raise SendFailed("not a message of this channel", final=True, code="bad_content")
    return int(number)

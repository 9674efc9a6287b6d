"""The Bot API over HTTP: ``/bot<token>/<method>``."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from handoff.simulators import telegram_events as events
from handoff.simulators import telegram_rules as rules
from handoff.simulators.accounts import Account, Webhook
from handoff.simulators.asked import Asked
from handoff.simulators.refusals import telegram
from handoff.simulators.simulator import Simulator
from handoff.simulators.transfer import NotFetched, Transfer
from handoff.simulators.world import File, Said, Shown, Thread

SENDING = {
    "sendMessage": "",
    "sendLocation": "",
    "sendVenue": "",
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendAnimation": "animation",
}
KINDS = {
    "photo": "image",
    "document": "file",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "animation": "video",
}
ACTIONS = {
    "typing",
    "upload_photo",
    "upload_document",
    "upload_video",
    "upload_voice",
    "record_voice",
    "find_location",
}
TYPING_LASTS = 5.0  # seconds
PORTS = (443, 80, 88, 8443)
DOWNLOADS_UP_TO = 20 * 1024 * 1024  # bytes

Answer = dict[str, Any]


class TelegramApi:
    def __init__(self, simulator: Simulator, transfer: Transfer) -> None:
        self._simulator, self._transfer = simulator, transfer
        self._methods: dict[str, Callable[[Account, Asked], Awaitable[Any]]] = {
            "getMe": self._me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendChatAction": self._action,
            "sendMediaGroup": self._group,
            "editMessageText": self._edit,
            "editMessageCaption": self._edit,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answered,
            "setMessageReaction": self._answered,
            "setMyCommands": self._answered,
            "getFile": self._file_info,
            "getChat": self._chat,
        }

    def account(self, token: str) -> Account:
        found = [a for a in self._simulator.accounts if a.platform == "telegram" and a.token == token]
        if not found:
            raise telegram(401, "Unauthorized")
        return found[0]

    @staticmethod
    def sends(method: str) -> bool:
        return method in SENDING or method == "sendMediaGroup"

    async def answer(self, token: str, method: str, asked: Asked) -> Answer:
        account = self.account(token)
        if not asked.readable:
            raise rules.bad("can't parse JSON object")
        if method in SENDING:
            return {"ok": True, "result": await self._send(account, method, asked)}
        if method not in self._methods:
            raise telegram(404, "Not Found")
        return {"ok": True, "result": await self._methods[method](account, asked)}

    # -- sending

    async def _send(self, account: Account, method: str, asked: Asked) -> Answer:
        thread = rules.reachable(self._thread(account, asked))
        content = rules.content(method, asked.given)
        self._not_too_fast(account, thread)
        if part := SENDING[method]:
            content.file = replace(await self._file(asked, asked.given.get(part), part), kind=KINDS[part])
        answered = self._answered_message(thread, asked.given)
        shown = self._simulator.show(account, thread, content, reply_to=answered, raw=asked.given)
        return events.message(account, thread, shown)

    async def _group(self, account: Account, asked: Asked) -> list[Answer]:
        thread = rules.reachable(self._thread(account, asked))
        media = self._json(asked.given.get("media"))
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise rules.bad("wrong number of messages in the media group; expected between 2 and 10")
        self._not_too_fast(account, thread)
        sent = []
        for item in media:
            content = rules.content("sendPhoto", item)
            part = str(item.get("type"))
            content.file = replace(await self._file(asked, item.get("media"), part), kind=KINDS[part])
            sent.append(self._simulator.show(account, thread, content, raw=item))
        return [events.message(account, thread, shown) for shown in sent]

    async def _file(self, asked: Asked, given: Any, part: str) -> File:
        """An upload, an address, or the id of a file that is here already."""
        if given is None or str(given).startswith("attach://"):
            upload = asked.uploads.get(str(given)[len("attach://") :] if given else part)
            if upload is None:
                raise rules.bad(f"there is no {part} in the request")
            base = self._simulator.api_url
            return self._simulator.files.keep(upload.data, upload.name, upload.media_type, base)
        if str(given).startswith(("http://", "https://")):
            try:
                return await self._transfer.fetch(str(given))
            except NotFetched as why:
                raise rules.bad("failed to get HTTP URL content") from why
        kept = self._simulator.files.get(str(given))
        if kept is None:
            raise rules.bad("wrong file identifier/HTTP URL specified")
        return kept

    def _not_too_fast(self, account: Account, thread: Thread) -> None:
        wait, _ = self._simulator.throttle(account, thread)
        if wait:
            raise too_fast(wait)

    def _thread(self, account: Account, asked: Asked) -> Thread | None:
        return account.thread(str(asked.given.get("chat_id") or ""))

    def _answered_message(self, thread: Thread, given: Answer) -> str | None:
        told = self._json(given.get("reply_parameters"))
        number = told.get("message_id") if isinstance(told, dict) else given.get("reply_to_message_id")
        if number is None:
            return None
        optional = isinstance(told, dict) and told.get("allow_sending_without_reply")
        if thread.find(str(number)) is None and not optional:
            raise rules.bad("message to be replied not found")
        return str(number)

    # -- changing

    async def _edit(self, account: Account, asked: Asked) -> Answer:
        thread, shown = self._own(account, asked, "edit")
        name, most = ("caption", 1024) if shown.file else ("text", 4096)
        text, taps = rules.text_of(asked.given, name, most), rules.taps(asked.given)
        if text == shown.text and taps == shown.content.taps:
            raise rules.bad(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        shown.content = replace(shown.content, text=text, taps=taps)
        shown.edited_at = self._simulator.clock.now()
        self._simulator.touch()
        return events.message(account, thread, shown)

    async def _edit_markup(self, account: Account, asked: Asked) -> Answer:
        thread, shown = self._own(account, asked, "edit")
        shown.content = replace(shown.content, taps=rules.taps(asked.given))
        self._simulator.touch()
        return events.message(account, thread, shown)

    async def _delete(self, account: Account, asked: Asked) -> bool:
        _, shown = self._own(account, asked, "delete")
        if self._simulator.clock.now() - shown.at > 48 * 3600:
            raise rules.bad("message can't be deleted for everyone")
        shown.deleted_at = self._simulator.clock.now()
        self._simulator.touch()
        return True

    def _own(self, account: Account, asked: Asked, what: str) -> tuple[Thread, Shown]:
        thread = self._thread(account, asked)
        if thread is None:
            raise rules.bad("chat not found")
        found = thread.find(str(asked.given.get("message_id") or ""))
        if found is None or found.deleted_at is not None:
            raise rules.bad(f"message to {what} not found")
        if isinstance(found, Said):
            raise rules.bad(f"message can't be {what}{'d' if what == 'delete' else 'ed'}")
        return thread, found

    # -- the rest

    async def _action(self, account: Account, asked: Asked) -> bool:
        thread = rules.reachable(self._thread(account, asked))
        if asked.given.get("action") not in ACTIONS:
            raise rules.bad("wrong parameter action in request")
        now = self._simulator.clock.now()
        thread.signals.append(("typing", now))
        thread.typing_until = now + TYPING_LASTS
        self._simulator.touch()
        return True

    async def _answered(self, account: Account, asked: Asked) -> bool:
        return True

    async def _me(self, account: Account, asked: Asked) -> Answer:
        can = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        return events.bot(account) | can

    async def _chat(self, account: Account, asked: Asked) -> Answer:
        thread = self._thread(account, asked)
        if thread is None:
            raise rules.bad("chat not found")
        return events.chat(thread)

    async def _file_info(self, account: Account, asked: Asked) -> Answer:
        file = self._simulator.files.get(str(asked.given.get("file_id") or ""))
        if file is None:
            raise rules.bad("invalid file_id")
        if len(file.data) > DOWNLOADS_UP_TO:
            raise rules.bad("file is too big")
        told = {"file_id": file.id, "file_unique_id": file.id[-12:], "file_size": len(file.data)}
        return told | {"file_path": f"{file.kind}s/{file.id}"}

    async def _set_webhook(self, account: Account, asked: Asked) -> bool:
        """HTTPS on 443, 80, 88 or 8443; on this machine's own addresses plain HTTP on any port."""
        url = str(asked.given.get("url") or "")
        if not url:
            return await self._delete_webhook(account, asked)
        parts = urlsplit(url)
        here = parts.hostname in ("127.0.0.1", "localhost", "::1", "setu", "gateway")
        if parts.scheme != "https" and not here:
            raise rules.bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not here and (parts.port or 443) not in PORTS:
            raise rules.bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        secret = str(asked.given.get("secret_token") or "")
        if len(secret) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            raise rules.bad("secret token contains unallowed characters")
        allowed = self._json(asked.given.get("allowed_updates"))
        account.point(url, secret, tuple(allowed) if isinstance(allowed, list) else None)
        self._simulator.touch()
        return True

    async def _delete_webhook(self, account: Account, asked: Asked) -> bool:
        account.webhook = None
        return True

    async def _webhook_info(self, account: Account, asked: Asked) -> Answer:
        hook = account.webhook or Webhook("")
        waiting = self._simulator.courier.waiting(account)
        told: Answer = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": waiting}
        if hook.last_error:
            told |= {"last_error_date": int(hook.last_error_at), "last_error_message": hook.last_error}
        if hook.url:
            told["max_connections"] = 40
        if hook.allowed is not None:
            told["allowed_updates"] = list(hook.allowed)
        return told

    @staticmethod
    def _json(given: Any) -> Any:
        if not isinstance(given, str):
            return given
        try:
            return json.loads(given)
        except ValueError as wrong:
            raise rules.bad("can't parse JSON object") from wrong


def too_fast(wait: float) -> Exception:
    seconds = max(1, int(wait + 0.999))
    return telegram(429, f"Too Many Requests: retry after {seconds}", retry_after=wait)

"""Telegram's Bot API for tests: takes only what the documentation allows, and says so as it does."""

from __future__ import annotations

from collections.abc import Callable
from email.parser import BytesParser
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

TOKEN = "5500000001:made-up"
METHODS = {  # required and optional fields
    "sendMessage": ({"chat_id", "text"}, {"reply_markup", "reply_parameters", "link_preview_options"}),
    "sendPhoto": ({"chat_id", "photo"}, {"caption", "reply_markup", "reply_parameters"}),
    "sendDocument": ({"chat_id", "document"}, {"caption", "reply_markup", "reply_parameters"}),
    "sendVoice": ({"chat_id", "voice"}, {"caption", "reply_markup", "reply_parameters"}),
    "sendAudio": ({"chat_id", "audio"}, {"caption", "reply_markup", "reply_parameters"}),
    "sendVideo": ({"chat_id", "video"}, {"caption", "reply_markup", "reply_parameters"}),
    "sendChatAction": ({"chat_id", "action"}, set()),
    "editMessageText": ({"chat_id", "message_id", "text"}, {"reply_markup"}),
    "editMessageCaption": ({"chat_id", "message_id", "caption"}, {"reply_markup"}),
    "deleteMessage": ({"chat_id", "message_id"}, set()),
    "getFile": ({"file_id"}, set()),
    "getMe": (set(), set()),
    "getWebhookInfo": (set(), set()),
    "setWebhook": (
        {"url"},
        {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"},
    ),
}


class Bad(Exception):
    pass


class BotApi:
    """``calls`` are those that were taken, as (method, fields). ``answers``: what to give to the next
    calls instead, as (status, body) or an exception; ``files`` are served under any other host."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, Any] | Exception] = []
        self.files: dict[str, bytes] = {}
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.refuse: Callable[[str, dict[str, Any]], str | None] = lambda _method, _fields: None
        self._last = 100

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "api.telegram.org":
            content = self.files.get(str(request.url))
            return httpx.Response(200, content=content) if content is not None else httpx.Response(404)
        assert request.url.scheme == "https"
        assert request.method == "POST"
        bot, method = request.url.path.removeprefix("/").split("/")
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            status, body = answer
            return httpx.Response(status, content=body if isinstance(body, bytes) else orjson.dumps(body))
        if bot != f"bot{TOKEN}":
            return failed(401, "Unauthorized")
        try:
            fields = read(request)
            check(method, fields)
            if why := self.refuse(method, fields):
                raise Bad(why)
        except Bad as bad:
            return failed(400, f"Bad Request: {bad}")
        self.calls.append((method, fields))
        return httpx.Response(200, json={"ok": True, "result": self._result(method, fields)})

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": 5500000001, "is_bot": True, "first_name": "Shop", "username": "a_shop_bot"}
        if method == "getWebhookInfo":
            return self.webhook
        if method == "getFile":
            return {"file_id": fields["file_id"], "file_unique_id": "u", "file_path": "photos/file 1.jpg"}
        if not method.startswith("send") or method == "sendChatAction":
            return True
        self._last += 1
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        return {"message_id": self._last, "chat": chat, "date": 1790000000}


def failed(status: int, description: str, **parameters: Any) -> httpx.Response:
    body = {"ok": False, "error_code": status, "description": description}
    return httpx.Response(status, json=body | ({"parameters": parameters} if parameters else {}))


def read(request: httpx.Request) -> dict[str, Any]:
    kind = request.headers["content-type"]
    if kind == "application/json":
        return dict(orjson.loads(request.content))
    assert kind.startswith("multipart/form-data")
    parsed = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.content)
    fields: dict[str, Any] = {}
    for part in parsed.get_payload():  # type: ignore[union-attr]
        name = str(part.get_param("name", header="content-disposition"))  # type: ignore[union-attr]
        content = part.get_payload(decode=True)  # type: ignore[union-attr]
        fields[name] = content if part.get_filename() else content.decode()  # type: ignore[union-attr]
    if isinstance(fields.get("reply_markup"), str):
        fields["reply_markup"] = orjson.loads(fields["reply_markup"])
    return fields


def check(method: str, fields: dict[str, Any]) -> None:
    """The limits of https://core.telegram.org/bots/api, in the API's own words."""
    if method not in METHODS:
        raise Bad("method not found")
    required, optional = METHODS[method]
    assert set(fields) - required <= optional, f"{method} has no {set(fields) - required - optional}"
    if missing := required - set(fields):
        raise Bad(f"{sorted(missing)} is empty")
    if "text" in fields and not fields["text"].strip():
        raise Bad("message text is empty")
    if len(fields.get("text", "")) > 4096:
        raise Bad("message is too long")
    if len(fields.get("caption", "")) > 1024:
        raise Bad("message caption is too long")
    if "reply_markup" in fields:
        check_keyboard(fields["reply_markup"]["inline_keyboard"])
    if method == "sendChatAction" and fields["action"] != "typing":
        raise Bad("wrong parameter action in request")
    if method == "setWebhook":
        url = urlsplit(fields["url"])
        if url.scheme != "https" or (url.port or 443) not in (443, 80, 88, 8443):
            raise Bad("bad webhook: HTTPS url must be provided for webhook")


def check_keyboard(rows: list[list[dict[str, Any]]]) -> None:
    if sum(map(len, rows)) > 100 or any(not 1 <= len(row) <= 8 for row in rows):
        raise Bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"]:
            raise Bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if len({"url", "callback_data"} & set(button)) != 1:
            raise Bad("BUTTON_TYPE_INVALID")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Bad("BUTTON_DATA_INVALID")

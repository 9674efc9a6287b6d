"""Meta's platforms for tests: inboxes, signed webhooks, and a Graph API that takes only what the
documentation allows, and says so as it does."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from handoff.channels.base import Outbound, Part, RawRequest
from handoff.conversations.views import InboxView, MessageView

RECORDED = Path(__file__).parent.parent / "handoff" / "channels" / "recorded"
SECRET, TOKEN, VERIFY = "0123456789abcdef", "EAAGmadeup", "made-up-token"
PAGE, ACCOUNT, NUMBER, BUSINESS = (
    "101234567890123",
    "17841400000000001",
    "106500000000001",
    "102290000000001",
)
APP = "555000111222333"
OPTIONS = {
    "page_id": PAGE,
    "account_id": ACCOUNT,
    "phone_number_id": NUMBER,
    "business_id": BUSINESS,
    "app_id": APP,
}
CREDENTIALS = {"app_secret": SECRET, "access_token": TOKEN, "verify_token": VERIFY}


def inbox(channel: str, credentials: dict[str, str] | None = None, **options: str) -> InboxView:
    given = CREDENTIALS if credentials is None else credentials
    return InboxView("inbox1", channel, "Shop", options=OPTIONS | options, credentials=dict(given))


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def request(body: bytes | Any, sign: str | None = None) -> RawRequest:
    """A webhook as it comes in, signed unless ``sign`` is given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawRequest(raw, {"x-hub-signature-256": signature(raw) if sign is None else sign})


def recorded(channel: str, name: str) -> RawRequest:
    return request((RECORDED / channel / f"{name}.json").read_bytes())


def outbound(
    channel: str,
    part: Part,
    *,
    contact: str = "7654321098765432",
    sender: str = "bot",
    late: bool = False,
    reply_to: str | None = None,
) -> Outbound:
    message = MessageView("m1", "c1", 1, sender, part.text, datetime(2025, 11, 22, tzinfo=UTC))
    return Outbound("0a1b2c", inbox(channel), contact, message, part, 0, late, reply_to)


class Bad(Exception):
    """The call is not as documented."""


def within(value: Any, least: int, most: int, what: str) -> None:
    if not isinstance(value, str) or not value.strip() or not least <= len(value) <= most:
        raise Bad(f"{what}: {value!r} has not {least} to {most} characters")


def count(items: Any, most: int, what: str) -> list[dict[str, Any]]:
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        raise Bad(f"{what}: not 1 to {most}")
    return items


def only(held: dict[str, Any], *names: str) -> None:
    if held.keys() - set(names):
        raise Bad(f"unknown: {held.keys() - set(names)}")


def page_button(button: dict[str, Any]) -> None:
    within(button["title"], 1, 20, "button title")
    if button["type"] == "postback":
        within(button["payload"], 1, 1000, "button payload")
    elif button["type"] != "web_url" or not button["url"].startswith("https://"):
        raise Bad("button")


def page_message(message: dict[str, Any], instagram: bool) -> None:
    only(message, "text", "attachment", "quick_replies", "metadata")
    if instagram and "metadata" in message:
        raise Bad("metadata is not documented for Instagram")
    within(message.get("metadata", "x"), 1, 1000, "metadata")
    if ("text" in message) == ("attachment" in message):
        raise Bad("either text or attachment")
    if "text" in message:
        text = message["text"].strip()
        within(text, 1, 2000, "text")
        if instagram and len(text.encode()) > 1000:
            raise Bad("text has more than 1000 bytes")
    if "quick_replies" in message:
        for reply in count(message["quick_replies"], 13, "quick replies"):
            if reply["content_type"] != "text":
                raise Bad("content_type")
            within(reply["title"], 1, 20, "title")
            within(reply["payload"], 1, 1000, "payload")
    if "attachment" in message:
        page_attachment(message["attachment"])


def page_attachment(attachment: dict[str, Any]) -> None:
    payload = attachment["payload"]
    if attachment["type"] in ("image", "audio", "video", "file"):
        if not payload["url"].startswith("https://"):
            raise Bad("url")
    elif attachment["type"] != "template":
        raise Bad("attachment type")
    elif payload["template_type"] == "button":
        within(payload["text"].strip(), 1, 640, "template text")
        for button in count(payload["buttons"], 3, "buttons"):
            page_button(button)
    elif payload["template_type"] == "generic":
        for element in count(payload["elements"], 10, "elements"):
            only(element, "title", "subtitle", "image_url", "buttons")
            if len(element) < 2:
                raise Bad("an element needs more than a title")
            within(element["title"], 1, 80, "title")
            within(element.get("subtitle", "x"), 1, 80, "subtitle")
            for button in count(element["buttons"], 3, "buttons") if "buttons" in element else ():
                page_button(button)
    else:
        raise Bad("template type")


def page_call(body: dict[str, Any], instagram: bool = False) -> None:
    """``POST /{page}/messages``."""
    if "sender_action" in body:
        only(body, "recipient", "sender_action")
        if body["sender_action"] not in ("typing_on", "typing_off", "mark_seen"):
            raise Bad("sender_action")
        return
    only(body, "recipient", "messaging_type", "tag", "message")
    if (body["messaging_type"] == "MESSAGE_TAG") != ("tag" in body) or body.get("tag", "HUMAN_AGENT") != (
        "HUMAN_AGENT"
    ):
        raise Bad("tag")
    page_message(body["message"], instagram)


def spaced(value: Any) -> bool:
    """Whether a text in it begins or ends with a space, which WhatsApp refuses."""
    if isinstance(value, dict | list):
        return any(map(spaced, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and value != value.strip()


def whatsapp_call(body: dict[str, Any]) -> None:
    """``POST /{phone number}/messages``."""
    if body.get("messaging_product") != "whatsapp" or spaced(body):
        raise Bad("messaging_product")
    if "status" in body:
        only(body, "messaging_product", "status", "message_id", "typing_indicator")
        return
    kind = body["type"]
    only(
        body, "messaging_product", "recipient_type", "to", "recipient", "type", kind, "context",
        "biz_opaque_callback_data",
    )  # fmt: skip
    if ("to" in body) == ("recipient" in body):
        raise Bad("either to or recipient")
    within(body["biz_opaque_callback_data"], 1, 512, "biz_opaque_callback_data")
    held = body[kind]
    if kind == "text":
        within(held["body"], 1, 4096, "text")
    elif kind in ("image", "video", "audio", "document"):
        only(
            held,
            "link",
            *(["caption"] if kind != "audio" else []),
            *(["filename"] if kind == "document" else []),
        )
        within(held.get("caption", "x"), 1, 1024, "caption")
    elif kind == "interactive":
        whatsapp_interactive(held)
    elif kind == "template":
        for component in held.get("components", ()):
            for parameter in component["parameters"]:
                within(parameter["text"], 1, 1024, "variable")
                if "\n" in parameter["text"] or "    " in parameter["text"]:
                    raise Bad("a variable on more than one line")
    else:
        raise Bad(kind)


def whatsapp_interactive(held: dict[str, Any]) -> None:
    action, kind = held["action"], held["type"]
    within(held["body"]["text"], 1, 4096 if kind == "list" else 1024, "body")
    if kind == "button":
        items = [button["reply"] for button in count(action["buttons"], 3, "buttons")]
        titles, ids = 20, 256
    elif kind == "list":
        within(action["button"], 1, 20, "list button")
        items = [row for section in action["sections"] for row in count(section["rows"], 10, "rows")]
        titles, ids = 24, 200
    elif kind == "cta_url":
        within(action["parameters"]["display_text"], 1, 20, "display_text")
        return
    else:
        raise Bad(kind)
    for item in items:
        within(item["title"], 1, titles, "title")
        within(item["id"], 1, ids, "id")
    if len({item["id"] for item in items}) < len(items):
        raise Bad("ids are there twice")


class GraphApi:
    """``calls`` are those that came with the right token, as (method, path, body or query).
    ``answers``: what to give to the next calls instead, as (status, body, headers) or an exception."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: list[tuple[int, Any, dict[str, str]] | Exception] = []
        self.objects: dict[str, Any] = {}  # what GET gives, by path
        self._last = 0

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self))

    def fail(self, code: int, subcode: int | None = None, status: int = 400, **more: Any) -> None:
        """The next call is answered with this error."""
        error = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, **more}
        self.answers.append((status, {"error": error | ({"error_subcode": subcode} if subcode else {})}, {}))

    def __call__(self, call: httpx.Request) -> httpx.Response:
        assert str(call.url).startswith("https://graph.facebook.com/v25.0/")
        assert TOKEN not in str(call.url) or call.url.path.endswith("/debug_token")
        path = call.url.path.removeprefix("/v25.0/")
        body = json.loads(call.content) if call.content else dict(call.url.params)
        self.calls.append((call.method, path, body))
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            status, given, headers = answer
            raw = given if isinstance(given, bytes) else json.dumps(given).encode()
            return httpx.Response(status, content=raw, headers=headers)
        app_edge = path.endswith(("/subscriptions", "debug_token"))
        wanted = f"Bearer {APP}|{SECRET}" if app_edge else f"Bearer {TOKEN}"
        if call.headers["Authorization"] != wanted:
            return httpx.Response(401, json={"error": {"message": "Invalid OAuth access token", "code": 190}})
        try:
            return httpx.Response(200, json=self._done(call.method, path, body))
        except Bad as bad:
            return httpx.Response(400, json={"error": {"message": f"(#100) {bad}", "code": 100}})

    def _done(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "GET":
            return dict(self.objects.get(path, {}))
        if path in (f"{PAGE}/messages", f"{NUMBER}/messages"):
            self._last += 1
            if path.startswith(NUMBER):
                whatsapp_call(body)
                return {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{self._last}"}]}
            page_call(body)
            return {"recipient_id": "7654321098765432", "message_id": f"m_{self._last}"}
        return {"success": True}

"""Web widgets made for Rasa's Socket.IO channel: a message as the events they understand.

``bot_uttered`` carries one of: ``{text}``; ``{text, quick_replies: [{content_type, title, payload}]}``;
``{attachment: {type: "image" | "video", payload: {src, title}}}``; a carousel ``{attachment: {type:
"template", payload: {template_type: "generic", elements: […]}}}``. rasa-webchat looks at the number of
keys too, so a text and an attachment never share an event. It shows texts as Markdown.
(https://github.com/botfront/rasa-webchat, rasa/core/channels/socketio.py)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from handoff.channels.base import Capabilities, Health, Outbound, SendFailed, Setting
from handoff.conversations.views import InboxView, MessageView

CHANNEL = "webchat"
LINKS = re.compile(r"\]\s*[\[(:]|<[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # where Markdown hides an address
Event = dict[str, Any]


class WebchatChannel:
    """Everything goes over sockets (:mod:`handoff.realtime.webchat`); nothing is pushed."""

    capabilities = Capabilities(buttons=100, cards=100, images=True, files=True, whole=True)
    settings = (Setting("origins", kind="lines"),)

    def pushes(self, inbox: InboxView) -> bool:
        return False

    async def send(self, outbound: Outbound) -> str | None:
        raise SendFailed("the webchat channel pushes nothing", final=True)

    async def connect(self, inbox: InboxView, webhook_url: str) -> None:
        """There is no platform to tell: the widget's ``socketUrl`` is our address."""

    async def check(self, inbox: InboxView) -> Health:
        return Health(account=", ".join(map(str, inbox.options.get("origins") or ())))


def shapes(message: MessageView, base_url: str) -> list[Event]:
    """The events of a message, in order. Quick replies are shown below the last one only."""
    rich = message.rich
    attachments = [*_files(rich, base_url), *_carousel(rich, base_url)]
    buttons = [_reply(button) for button in rich.get("buttons", ())]
    text = spoken(message.text, rich)
    if buttons:
        return [*attachments, {"text": text, "quick_replies": buttons}]
    return [*([{"text": text}] if text else []), *attachments]


def spoken(text: str, rich: dict[str, Any]) -> str:
    """A plain text that Markdown shows as it is meant, and that looks the same without Markdown."""
    place = rich.get("location")
    if place:
        lines = (text, str(place.get("name") or ""), f"{place['latitude']}, {place['longitude']}")
        text = "\n".join(filter(None, lines))
    if LINKS.search(text):
        text = re.sub(r"([\[\]<&])", r"\\\1", text)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", text)


def _files(rich: dict[str, Any], base_url: str) -> Iterator[Event]:
    if image := rich.get("image"):
        yield _attachment("image", _absolute(image, base_url), "")
    for file in rich.get("files", ()):
        if file.get("state") != "ready":
            continue
        url, name = _absolute(f"/files/{file['id']}", base_url), str(file.get("name") or "")
        if file["kind"] in ("image", "video"):
            yield _attachment(file["kind"], url, name)
        else:
            yield {"text": spoken("\n".join(filter(None, (name, url))), {})}


def _attachment(kind: str, url: str, title: str) -> Event:
    return {"attachment": {"type": kind, "payload": {"src": url, "title": title}}}


def _carousel(rich: dict[str, Any], base_url: str) -> Iterator[Event]:
    elements = [
        {
            "title": str(card.get("title") or ""),
            "subtitle": " · ".join(
                str(card[name]) for name in ("subtitle", "price", "reason") if card.get(name)
            ),
            "image_url": _absolute(card["image"], base_url) if card.get("image") else "",
            "buttons": [_postback(button) for button in card.get("buttons", ())],
        }
        for card in rich.get("cards", ())
    ]
    if elements:
        payload = {"template_type": "generic", "elements": elements}
        yield {"attachment": {"type": "template", "payload": payload}}


def _reply(button: dict[str, Any]) -> Event:
    if button.get("url"):
        return {"type": "web_url", "title": button["title"], "url": button["url"]}
    return {
        "content_type": "text",
        "title": button["title"],
        "payload": button.get("payload") or button["title"],
    }


def _postback(button: dict[str, Any]) -> Event:
    if button.get("url"):
        return {"type": "web_url", "title": button["title"], "url": button["url"]}
    return {"type": "postback", "title": button["title"], "payload": button.get("payload") or button["title"]}


def _absolute(address: object, base_url: str) -> str:
    return urljoin(f"{base_url}/", str(address))

"""A part of a message as the Send API of Messenger and Instagram takes it.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/reference/send-api
"""

from __future__ import annotations

from typing import Any

from handoff.channels.base import Button, Card, Part, SendFailed, SentFile
from handoff.channels.messenger_events import USER_REF

TEXT_WITH_BUTTONS = 640  # characters a button template takes; a text alone takes more
BUTTON_TITLE = 20
CARD_LINE = 80
IMAGE_BYTES = 8_000_000  # larger ones go as files
PAYLOAD = 1000


def recipient(contact: str) -> dict[str, str]:
    if contact.startswith(USER_REF):
        return {"user_ref": contact.removeprefix(USER_REF)}
    return {"id": contact}


def message(part: Part) -> dict[str, Any]:
    """The ``message`` object; raises :class:`SendFailed` for a part with nothing in it."""
    if part.file:
        return {"attachment": attachment(part.file)}
    if part.cards:
        return template({"template_type": "generic", "elements": [element(card) for card in part.cards]})
    if not part.text.strip():
        raise SendFailed("the part is empty", final=True, code="bad_content")
    if part.buttons and len(part.text) <= TEXT_WITH_BUTTONS:
        return template(
            {"template_type": "button", "text": part.text, "buttons": [button(b) for b in part.buttons]}
        )
    return text_and_choices(part)


def text_and_choices(part: Part) -> dict[str, Any]:
    """Quick replies take the longest texts, but only payloads: addresses are written out."""
    offered = part.choices or part.buttons
    links = [f"{item.title}: {item.url}" for item in offered if item.url]
    replies = [quick_reply(item) for item in offered if not item.url]
    said: dict[str, Any] = {"text": "\n".join([part.text, *links])}
    return said | {"quick_replies": replies} if replies else said


def quick_reply(item: Button) -> dict[str, Any]:
    return {
        "content_type": "text",
        "title": item.title[:BUTTON_TITLE],
        "payload": (item.payload or item.title)[:PAYLOAD],
    }


def button(item: Button) -> dict[str, Any]:
    if item.url:
        return {"type": "web_url", "url": item.url, "title": item.title[:BUTTON_TITLE]}
    return {
        "type": "postback",
        "title": item.title[:BUTTON_TITLE],
        "payload": (item.payload or item.title)[:PAYLOAD],
    }


def element(card: Card) -> dict[str, Any]:
    """One card; the platform refuses one that has nothing but a title."""
    made: dict[str, Any] = {"title": card.title[:CARD_LINE]}
    if card.subtitle or not (card.image or card.buttons):
        made["subtitle"] = (card.subtitle or card.title)[:CARD_LINE]
    if card.image:
        made["image_url"] = card.image
    if card.buttons:
        made["buttons"] = [button(item) for item in card.buttons]
    return made


def attachment(file: SentFile) -> dict[str, Any]:
    known = file.kind in ("image", "audio", "video")
    kind = file.kind if known and not (file.kind == "image" and file.size > IMAGE_BYTES) else "file"
    return {"type": kind, "payload": {"url": file.url, "is_reusable": False}}


def template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}

"""A part of a message as the Cloud API takes it: ``{type, <type>: {…}}``.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""

from __future__ import annotations

import re
from typing import Any

from handoff.channels.base import Button, Part, SendFailed, SentFile, Template

BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_ID = 10, 24, 200  # ids of buttons may be longer: 256
TEXT_WITH_BUTTONS = 1024  # a list takes as much as a text: 4096
FILE_NAME = 240
OPENS_LIST = "☰"  # the label of a list's button, in no language
# What the platform takes as such, with its limit in bytes; anything else goes as a document.
TAKEN = {
    "image": ({"image/jpeg", "image/png"}, 5 * 2**20),
    "video": ({"video/mp4", "video/3gpp"}, 16 * 2**20),
    "audio": ({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, 16 * 2**20),
}


def recipient(contact: str) -> dict[str, str]:
    """A number, or the id of someone who hides it (``US.1349…``)."""
    return {"to": contact} if contact.isdecimal() else {"recipient": contact}


def message(part: Part) -> dict[str, Any]:
    """Type and content; raises :class:`SendFailed` for a part with nothing in it."""
    if part.template:
        return typed("template", template(part.template))
    if part.file:
        return media(part.file, part.text.strip())
    if not part.text.strip():
        raise SendFailed("the part is empty", final=True, code="bad_content")
    return offer(part.text.strip(), part.buttons or part.choices)


def typed(kind: str, held: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, kind: held}


def offer(text: str, items: tuple[Button, ...]) -> dict[str, Any]:
    """A text with what may be tapped below it. A single address is a button; among others they are
    written out, for reply buttons open nothing."""
    tapped = [item for item in items if not item.url]
    replies, rest = distinct(tapped[:ROWS]), tapped[ROWS:]
    links = [item for item in items if item.url]
    if len(links) == 1 and not replies and len(text) <= TEXT_WITH_BUTTONS:
        shown = {"display_text": links[0].title.strip()[:BUTTON_TITLE].strip(), "url": links[0].url}
        return interactive("cta_url", text, {"name": "cta_url", "parameters": shown})
    written = [*(item.title for item in rest), *(f"{item.title}: {item.url}" for item in links)]
    text = "\n".join([text, *written]).strip()
    if not replies:
        return typed("text", {"body": text, "preview_url": bool(links)})
    if len(replies) <= BUTTONS and len(text) <= TEXT_WITH_BUTTONS:
        return interactive("button", text, {"buttons": [reply_button(item) for item in replies]})
    section = {"rows": [row(item) for item in replies]}
    return interactive("list", text, {"button": OPENS_LIST, "sections": [section]})


def interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return typed("interactive", {"type": kind, "body": {"text": text}, "action": action})


def distinct(items: list[Button]) -> list[Button]:
    """With titles, and with ids that differ, as the platform wants.

    What stands for a payload that is too long or there twice is no payload of ours when it comes
    back, and is then read by its title.
    """
    made: dict[str, Button] = {}
    for number, item in enumerate(items, 1):
        title = item.title.strip() or str(number)
        known = item.payload.strip()
        payload = known if 0 < len(known) <= ROW_ID and known not in made else f"{number}. {title}"
        made[payload] = Button(title, payload[:ROW_ID].strip())
    return list(made.values())


def reply_button(item: Button) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": item.payload, "title": item.title[:BUTTON_TITLE].strip()}}


def row(item: Button) -> dict[str, str]:
    return {"id": item.payload, "title": item.title[:ROW_TITLE].strip()}


def media(file: SentFile, caption: str) -> dict[str, Any]:
    """A file by its address. Audio has no caption: with one it goes as a document."""
    types, limit = TAKEN.get(file.kind, (set(), 0))
    plain = file.media_type.partition(";")[0].strip().lower()
    fits = (not plain or plain in types) and file.size <= limit and not (file.kind == "audio" and caption)
    kind = file.kind if file.kind in TAKEN and fits else "document"
    held = {"link": file.url}
    if caption:
        held["caption"] = caption
    if kind == "document" and file.name.strip():
        held["filename"] = file.name.strip()[:FILE_NAME]
    return typed(kind, held)


def template(chosen: Template) -> dict[str, Any]:
    """An approved text; what fills its gaps must be on one line and not empty."""
    made: dict[str, Any] = {"name": chosen.name, "language": {"code": chosen.language}}
    values = [re.sub(r"\s+", " ", value).strip() for value in chosen.variables]
    if not all(values):
        raise SendFailed("a variable of the template is empty", final=True, code="bad_content")
    if values:
        body = [{"type": "text", "text": value} for value in values]
        made["components"] = [{"type": "body", "parameters": body}]
    return made

"""What may be sent on Messenger and Instagram: limits and windows of the Send API. Pure.

Messenger: text 2,000 characters; 13 quick replies of 20; a button template has 640 characters and
3 buttons of 20; a generic template has 10 elements with titles and subtitles of 80 and 3 buttons
each; payloads and metadata 1,000. Instagram: text 1,000 bytes of UTF-8, the rest alike.
"""

from __future__ import annotations

from typing import Any

from handoff.simulators.refusals import Refused, graph, invalid
from handoff.simulators.world import Card, Content, Platform, Tap, Thread

DAY = 24 * 3600.0
HUMAN_DAYS = 7 * DAY
TAG = "HUMAN_AGENT"
RETIRED = ("CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "ACCOUNT_UPDATE")
ACTIONS = ("typing_on", "typing_off", "mark_seen")
KINDS = ("image", "video", "audio", "file")

Given = dict[str, Any]


def recipient(body: Given) -> str:
    to = body.get("recipient")
    if not isinstance(to, dict) or not isinstance(to.get("id"), str | int):
        raise invalid("The parameter recipient is required")
    return str(to["id"])


def reachable(thread: Thread | None, app: str) -> Thread:
    if thread is None:
        raise graph("(#100) No matching user found", 100, subcode=2018001)
    if thread.blocked:
        raise graph("(#551) This person isn't available right now.", 551, subcode=1545041)
    if thread.owner and thread.owner != app:
        raise graph(
            "(#10) Message failed to send because another app is controlling this thread now.",
            10,
            status=403,
            subcode=2018300,
        )
    return thread


def in_window(thread: Thread, body: Given, now: float, platform: Platform) -> str | None:
    """The tag it was sent with. 24 hours after the customer's last message for anything, 7 days
    with HUMAN_AGENT; the three older tags are gone."""
    kind, tag = body.get("messaging_type"), body.get("tag")
    if platform == "messenger" and kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise invalid("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    if kind == "MESSAGE_TAG" and not tag:
        raise invalid("Param tag is required when messaging_type is MESSAGE_TAG")
    if tag in RETIRED:
        raise invalid(f"The message tag {tag} is no longer supported")
    if tag not in (None, TAG):
        raise invalid(f"Param tag must be one of {{{TAG}}}")
    if tag and kind not in ("MESSAGE_TAG", None):
        raise invalid("A tag can only be used with messaging_type MESSAGE_TAG")
    if not thread.wrote_within(HUMAN_DAYS if tag else DAY, now):
        raise graph("(#10) This message is sent outside of allowed window.", 10, status=403, subcode=2018278)
    return tag


def content(body: Given, platform: Platform) -> Content:
    """Read the message of a call; its attachment's file is left to whoever can fetch it."""
    message = body.get("message")
    if not isinstance(message, dict):
        raise invalid("The parameter message is required")
    if body.get("sender_action"):
        raise graph("(#100) Cannot send both message and state at the same time.", 100, subcode=2018028)
    _within("metadata", message.get("metadata"), 1000, optional=True)
    text, attachment = message.get("text"), message.get("attachment")
    if text is not None and attachment is not None:
        raise invalid("Cannot send both text and attachment")
    choices = tuple(map(_choice, _items("quick_replies", message.get("quick_replies"), 13, least=0)))
    if text is not None:
        _text(text, platform)
        return Content(text=text, taps=choices)
    if not isinstance(attachment, dict):
        raise invalid("Message cannot be empty, must provide valid attachment or text", 2018029)
    payload = attachment.get("payload")
    if not isinstance(payload, dict):
        raise invalid("Param message[attachment][payload] is required")
    if attachment.get("type") == "template":
        found = _template(payload)
        found.taps += choices
        return found
    if attachment.get("type") not in KINDS:
        raise invalid(f"Param message[attachment][type] must be one of {{{', '.join(KINDS)}, template}}")
    return Content(taps=choices)


def attached(body: Given) -> tuple[str, str] | None:
    """The kind and address of a file to be fetched, or its attachment id (``id:…``)."""
    attachment = body.get("message", {}).get("attachment") or {}
    payload = attachment.get("payload") or {}
    if attachment.get("type") not in KINDS:
        return None
    if payload.get("attachment_id"):
        return attachment["type"], f"id:{payload['attachment_id']}"
    if not str(payload.get("url", "")).startswith(("http://", "https://")):
        raise invalid("Param message[attachment][payload][url] should represent a valid URL")
    return attachment["type"], payload["url"]


def _template(payload: Given) -> Content:
    kind = payload.get("template_type")
    if kind == "button":
        text = _within("text", payload.get("text"), 640)
        return Content(text=text, taps=_buttons(payload.get("buttons"), least=1))
    if kind == "generic":
        return Content(cards=tuple(map(_card, _items("elements", payload.get("elements"), 10))))
    raise invalid(f"Template type {kind} is not supported")


def _card(element: Given) -> Card:
    title = _within("title", element.get("title"), 80)
    subtitle = _within("subtitle", element.get("subtitle"), 80, optional=True)
    if not (subtitle or element.get("image_url") or element.get("buttons")):
        raise invalid("An element needs at least one more property besides its title")
    return Card(title, subtitle, str(element.get("image_url") or ""), _buttons(element.get("buttons")))


def _buttons(given: Any, least: int = 0) -> tuple[Tap, ...]:
    taps = []
    for button in _items("buttons", given, 3, least):
        title = _within("buttons[title]", button.get("title"), 20)
        if button.get("type") == "postback":
            taps.append(Tap(title, _within("buttons[payload]", button.get("payload"), 1000)))
        elif button.get("type") == "web_url":
            taps.append(Tap(title, _within("buttons[url]", button.get("url"), 2000), "url"))
        else:
            raise invalid("Param buttons[type] must be one of {web_url, postback}")
    return tuple(taps)


def _choice(given: Given) -> Tap:
    if given.get("content_type") != "text":
        raise invalid(
            "Param quick_replies[content_type] must be one of {text, user_phone_number, user_email}"
        )
    title = _within("quick_replies[title]", given.get("title"), 20)
    return Tap(title, _within("quick_replies[payload]", given.get("payload"), 1000), "choice")


def _text(text: Any, platform: Platform) -> None:
    if platform == "instagram" and isinstance(text, str):
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > 1000:
            raise invalid("Length of param message[text] must be less than or equal to 1000 bytes")
    _within("message[text]", text, 2000)


def _within(name: str, value: Any, most: int, optional: bool = False) -> str:
    if value is None and optional:
        return ""
    if not isinstance(value, str) or (not value.strip() and not optional):
        raise invalid(f"Param {name} must be a non-empty string")
    if len(value) > most:
        raise invalid(f"Length of param {name} must be less than or equal to {most}")
    return value


def _items(name: str, given: Any, most: int, least: int = 1) -> list[Given]:
    items = given if isinstance(given, list) else []
    if not all(isinstance(item, dict) for item in items):
        raise invalid(f"Param {name} must be an array of objects")
    if not least <= len(items) <= most:
        raise invalid(f"Param {name} must have between {least} and {most} items, got {len(items)}")
    return items


__all__ = ["ACTIONS", "DAY", "Refused", "attached", "content", "in_window", "reachable", "recipient"]

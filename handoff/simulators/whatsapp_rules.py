"""What may be sent on WhatsApp Cloud: shapes and limits of ``POST /{phone}/messages``. Pure.

Text 4,096 characters; captions and button messages 1,024; 3 reply buttons of 20, ids of 256; a list
has 4,096 characters, a button of 20, 10 rows in all with titles of 24, descriptions of 72, ids of
200; header and footer 60. Outside the 24 hours only approved templates.
"""

from __future__ import annotations

from typing import Any

from handoff.simulators.accounts import Account, Template
from handoff.simulators.refusals import Refused, graph
from handoff.simulators.world import Content, Tap

DAY = 24 * 3600.0
MEDIA = ("image", "audio", "video", "document", "sticker")

Given = dict[str, Any]


def wrong(details: str, code: int = 131009) -> Refused:
    title = {
        131008: "Required parameter is missing",
        131009: "Parameter value is not valid",
        131051: "Unsupported message type",
        131052: "Media download error",
        131053: "Media upload error",
    }[code]
    return graph(f"(#{code}) {title}", code, details=details)


def read(body: Given, account: Account) -> tuple[str, Content]:
    """The recipient's wa_id and what is said; a file is left to whoever can fetch it."""
    if body.get("messaging_product") != "whatsapp":
        raise graph("(#100) The parameter messaging_product is required.", 100)
    to = str(body.get("to") or "").lstrip("+")
    if not to.isascii() or not to.isdigit():
        raise graph("(#100) The parameter to is required.", 100)
    if len(str(body.get("biz_opaque_callback_data") or "")) > 512:
        raise wrong("biz_opaque_callback_data must have at most 512 characters")
    kind = body.get("type", "text")
    given = body.get(kind) if isinstance(kind, str) else None
    if not isinstance(given, dict):
        raise wrong(f"{kind} is required", 131008)
    if kind == "text":
        text = given.get("body")
        if not isinstance(text, str) or not text:
            raise graph("(#100) The parameter text['body'] is required.", 100)
        if len(text) > 4096:
            raise graph("(#100) Param text['body'] must be at most 4096 characters long.", 100)
        return to, Content(text=text)
    if kind in MEDIA:
        caption = _within("caption", given.get("caption"), 1024, optional=True)
        if bool(given.get("id")) == bool(given.get("link")):
            raise wrong("Exactly one of id and link is required", 131008)
        if caption and kind in ("audio", "sticker"):
            raise wrong(f"{kind} has no caption")
        return to, Content(text=caption)
    if kind == "interactive":
        return to, _interactive(given)
    if kind == "template":
        return to, _template(given, account)
    if kind == "location":
        return to, Content(
            location=(float(given["latitude"]), float(given["longitude"]), str(given.get("name") or ""))
        )
    raise wrong(f"Message type {kind} is not supported", 131051)


def _interactive(given: Given) -> Content:
    kind, action = given.get("type"), given.get("action")
    if not isinstance(action, dict):
        raise wrong("interactive.action is required", 131008)
    body = given.get("body") if isinstance(given.get("body"), dict) else {}
    text = _within("Body text", (body or {}).get("text"), 4096 if kind == "list" else 1024)
    for part in ("header", "footer"):
        if isinstance(given.get(part), dict) and "text" in given[part]:
            _within(f"{part} text", given[part]["text"], 60)
    if kind == "button":
        return Content(
            text=text, taps=_unique(tuple(map(_button, _items("buttons", action.get("buttons"), 3))))
        )
    if kind == "list":
        menu = _within("List button", action.get("button"), 20)
        sections = _items("sections", action.get("sections"), 10)
        rows: list[Tap] = []
        for section in sections:
            if len(sections) > 1:
                _within("Section title", section.get("title"), 24)
            rows += map(_row, _items("rows", section.get("rows"), 10))
        if len(rows) > 10:
            raise wrong("Total row count exceed max allowed count: 10")
        return Content(text=text, taps=_unique(tuple(rows)), menu=menu)
    if kind == "cta_url":
        told = action.get("parameters") or {}
        title = _within("display_text", told.get("display_text"), 20)
        return Content(text=text, taps=(Tap(title, _within("url", told.get("url"), 2000), "url"),))
    raise wrong(f"Interactive type {kind} is not supported")


def _button(given: Given) -> Tap:
    reply = given.get("reply")
    if given.get("type") != "reply" or not isinstance(reply, dict):
        raise wrong("A button needs type reply, and reply", 131008)
    return Tap(_within("Button title", reply.get("title"), 20), _within("Button id", reply.get("id"), 256))


def _row(given: Given) -> Tap:
    description = _within("Row description", given.get("description"), 72, optional=True)
    title = _within("Row title", given.get("title"), 24)
    return Tap(title, _within("Row id", given.get("id"), 200), "row", description)


def _unique(taps: tuple[Tap, ...]) -> tuple[Tap, ...]:
    if len({tap.payload for tap in taps}) < len(taps):
        raise wrong("Ids must be unique within a message")
    if taps and taps[0].how == "button" and len({tap.title for tap in taps}) < len(taps):
        raise wrong("Button titles must be unique within a message")
    return taps


def _template(given: Given, account: Account) -> Content:
    name, language = given.get("name"), (given.get("language") or {}).get("code")
    known = [t for t in account.templates if t.name == name and t.language == language]
    if not known or known[0].status != "APPROVED":
        raise _no_template(known[0] if known else None, name, language)
    words = [
        str(parameter.get("text", ""))
        for component in given.get("components") or []
        if component.get("type") == "body"
        for parameter in component.get("parameters") or []
    ]
    if len(words) != known[0].gaps:
        raise graph(
            "(#132000) Number of parameters does not match the expected number of params",
            132000,
            details=f"body: number of localizable_params ({len(words)}) does not match the expected number "
            f"of params ({known[0].gaps})",
        )
    return Content(text=known[0].filled(words), template=known[0].name)


def _no_template(known: Template | None, name: Any, language: Any) -> Refused:
    if known and known.status == "PAUSED":
        return graph("(#132015) Template is Paused", 132015, details=f"template {name} is paused")
    return graph(
        "(#132001) Template name does not exist in the translation",
        132001,
        status=404,
        details=f"template name ({name}) does not exist in {language}",
    )


def _within(name: str, value: Any, most: int, optional: bool = False) -> str:
    if value is None and optional:
        return ""
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise wrong(f"{name} length invalid. Min length: 1, Max length: {most}")
    if value != value.strip():
        raise wrong(f"{name} must not have spaces around it")
    return value


def _items(name: str, given: Any, most: int) -> list[Given]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise wrong(f"{name} is required", 131008)
    if not 1 <= len(given) <= most:
        raise wrong(f"Invalid {name} count. Min allowed {name}: 1, Max allowed {name}: {most}")
    return given

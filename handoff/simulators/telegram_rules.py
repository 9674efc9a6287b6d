"""What a bot may send on Telegram: limits of the Bot API. Pure.

Text 1 to 4,096 characters after markup is read, captions 1,024; ``callback_data`` 1 to 64 bytes;
100 buttons; media groups of 2 to 10.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from handoff.simulators.refusals import Refused, telegram
from handoff.simulators.world import Content, Tap, Thread

Given = dict[str, Any]

_TAG = re.compile(r"</?([a-zA-Z-]+)(\s[^<>]*)?>")
_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "a",
    "code",
    "pre",
    "tg-spoiler",
    "span",
    "blockquote",
}
_ESCAPED = re.compile(r"\\([_*\[\]()~`>#+\-=|{}.!\\])")
_RESERVED = re.compile(r"(?<!\\)[#+\-=|{}.!>]")


def bad(description: str) -> Refused:
    return telegram(400, f"Bad Request: {description}")


def reachable(thread: Thread | None) -> Thread:
    """A bot cannot begin: the customer has to have written to it first."""
    if thread is None or thread.last_wrote_at is None:
        raise bad("chat not found")
    if thread.blocked:
        raise telegram(403, "Forbidden: bot was blocked by the user")
    return thread


def text_of(given: Given, name: str = "text", most: int = 4096) -> str:
    """The words after markup is read."""
    text = given.get(name)
    if text is None or str(text) == "":
        if name == "caption":
            return ""
        raise bad("message text is empty")
    plain = _plain(str(text), given.get("parse_mode"))
    if not plain.strip() and name == "text":
        raise bad("message text is empty")
    if len(plain) > most:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return plain


def _plain(text: str, mode: Any) -> str:
    if mode in (None, ""):
        return text
    if str(mode).lower() == "html":
        for found in _TAG.finditer(text):
            if found[1].lower() not in _TAGS:
                raise bad(
                    "can't parse entities: Unsupported start tag "
                    f'"{found[1]}" at byte offset {found.start()}'
                )
        without = _TAG.sub("", text)
        if "<" in without:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {without.index('<')}")
        return html.unescape(without)
    if str(mode).lower() == "markdownv2":
        unmarked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
        if reserved := _RESERVED.search(unmarked):
            raise bad(
                f"can't parse entities: Character '{reserved[0]}' is reserved and must be escaped "
                "with the preceding '\\'"
            )
        return _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)[*_~`]", "", unmarked))
    if str(mode).lower() == "markdown":
        return re.sub(r"[*_`]", "", text)
    raise bad("unsupported parse_mode")


def taps(given: Given) -> tuple[Tap, ...]:
    """Inline buttons and keys of a reply keyboard."""
    markup = given.get("reply_markup")
    if isinstance(markup, str):
        try:
            markup = json.loads(markup)
        except ValueError as wrong:
            raise bad("can't parse reply keyboard markup JSON object") from wrong
    if not isinstance(markup, dict):
        return ()
    if "inline_keyboard" in markup:
        found = tuple(_button(button) for row in _rows(markup["inline_keyboard"]) for button in row)
    elif "keyboard" in markup:
        found = tuple(_key(key) for row in _rows(markup["keyboard"]) for key in row)
    else:
        return ()
    if len(found) > 100:
        raise bad("reply markup is too long")
    return found


def _rows(given: Any) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad("object expected as reply markup")
    return given


def _button(given: Any) -> Tap:
    if not isinstance(given, dict) or not given.get("text"):
        raise bad("text buttons are unallowed in the inline keyboard")
    title = str(given["text"])
    if given.get("url"):
        return Tap(title, str(given["url"]), "url")
    data = str(given.get("callback_data") or "")
    if not 1 <= len(data.encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    return Tap(title, data)


def _key(given: Any) -> Tap:
    """A tap on it writes its words."""
    title = str(given.get("text") if isinstance(given, dict) else given)
    return Tap(title, title, "choice")


def content(method: str, given: Given) -> Content:
    """What a sending call says; its file is left to whoever can fetch it."""
    if method == "sendMessage":
        return Content(text=text_of(given), taps=taps(given))
    if method in ("sendLocation", "sendVenue"):
        try:
            place = float(given["latitude"]), float(given["longitude"]), str(given.get("title") or "")
        except (KeyError, TypeError, ValueError) as wrong:
            raise bad("wrong latitude or longitude") from wrong
        return Content(location=place, taps=taps(given))
    return Content(text=text_of(given, "caption", 1024), taps=taps(given))

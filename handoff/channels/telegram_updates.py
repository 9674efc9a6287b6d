"""Telegram's updates, read. Pure, and total: whatever comes, it is an event or ``Invalid``.

A request is one Update: ``update_id`` and one more field named by its kind. Ids of updates grow one
by one, so they also tell the order when updates overtake each other (after a silent week they jump).
Messages are numbered within a chat: elsewhere they are named ``<chat>:<message_id>``. Only private
chats are talks with customers; groups, channels and other bots come out as ``Unknown``, so that two
bots never answer each other. (https://core.telegram.org/bots/api#update, #message)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handoff.channels import loose
from handoff.channels.telegram_message import (
    Json,
    Odd,
    files_of,
    is_number,
    location_of,
    number,
    string,
    text_of,
    time_of,
)
from handoff.conversations.inbound import Edited, Inbound, Incoming, Reacted, Unknown
from handoff.errors import Invalid

GREET = "/greet"  # what pressing Start means
START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?")


def read(body: bytes) -> tuple[Incoming, ...]:
    """The events of one request; raises ``Invalid`` (bad_request) for what is no update at all."""
    update = load(body)
    place = update.get("update_id")
    if not is_number(place):
        raise Invalid("bad_request")
    kind = next((name for name in update if name != "update_id"), "nothing")
    what = update.get(kind)
    try:
        if kind not in READERS or not isinstance(what, dict):
            raise Odd(kind)
        return (READERS[kind](what, place),)
    except Odd as odd:
        return (Unknown(str(odd)[:80], update, contact=_chat_of(what), place=place),)


def load(body: bytes) -> Json:
    update: Any = loose.load(body)
    if not isinstance(update, dict):
        raise Invalid("bad_request")
    return update


def external(chat: object, message: object) -> str:
    """A message's name beyond its chat."""
    return f"{chat}:{message}"


def _message(message: Json, place: int) -> Inbound:
    chat = _private(message, message.get("from"))
    text, payload, title = text_of(message), None, None
    start = START.fullmatch((string(message, "text") or "").strip())
    if start:  # the first thing that everybody sends; what a link carried stays to be seen
        text, payload, title = None, GREET, start.group(0)
    files, location = tuple(files_of(message)), location_of(message)
    if payload is None and not text and not files and location is None:
        raise Odd(_kind(message))
    return Inbound(
        contact=str(chat),
        text=text,
        payload=payload,
        title=title,
        external_id=external(chat, number(message, "message_id")),
        name=_name(message["from"]),
        locale=string(message["from"], "language_code"),
        files=files,
        location=location,
        reply_to=_reply_to(message, chat),
        sent_at=time_of(message.get("date")),
        place=place,
    )


def _edited(message: Json, place: int) -> Edited:
    chat = _private(message, message.get("from"))
    text = string(message, "text") or string(message, "caption")
    if text is None:  # a live location moves by edits
        raise Odd(f"edited {_kind(message)}")
    return Edited(
        contact=str(chat),
        external_id=external(chat, number(message, "message_id")),
        text=text,
        version=str(place),  # two edits may fall into one second
        sent_at=time_of(message.get("edit_date")),
        place=place,
    )


def _tapped(query: Json, place: int) -> Inbound:
    """A button. It does not say when; its message may be too old to be shown (then: chat and id only)."""
    message = query.get("message")
    if not isinstance(message, dict):
        raise Odd("callback_query without a message")
    chat = _private(message, query.get("from"))
    data, id = query.get("data"), string(query, "id")
    if not isinstance(data, str) or not data or not id or len(id) > 100:
        raise Odd("callback_query without data")
    return Inbound(
        contact=str(chat),
        payload=data,
        title=_words(message, data),
        external_id=f"tap:{id}",
        name=_name(query["from"]),
        locale=string(query["from"], "language_code"),
        place=place,
    )


def _reacted(reaction: Json, place: int) -> Reacted:
    chat = _private(reaction, reaction.get("user"))
    new = reaction.get("new_reaction")
    if not isinstance(new, list):
        raise Odd("message_reaction")
    emoji = [string(one, "emoji") for one in loose.mappings(new) if one.get("type") == "emoji"]
    if new and not (emoji and emoji[-1]):  # a picture of the customer's own, or a paid star
        raise Odd("message_reaction of another type")
    return Reacted(
        contact=str(chat),
        external_id=external(chat, number(reaction, "message_id")),
        emoji=(emoji[-1] or "")[:16] if emoji else "",
        sent_at=time_of(reaction.get("date")),
        place=place,
    )


def _membership(change: Json, _place: int) -> Incoming:
    """The customer blocked us ("kicked") or let us in again ("member"). Only noted: a call to who
    has blocked us fails for good, and says so."""
    _private(change, change.get("from"))
    status = string(loose.mapping(change.get("new_chat_member")), "status")
    raise Odd({"kicked": "blocked", "member": "unblocked"}.get(status or "", "my_chat_member"))


READERS: dict[str, Callable[[Json, int], Incoming]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _tapped,
    "message_reaction": _reacted,
    "my_chat_member": _membership,
}


def _private(where: Json, who: object) -> int:
    """The id of the private chat with a person."""
    chat = where.get("chat")
    if not isinstance(chat, dict) or not isinstance(who, dict):
        raise Odd("without a chat")
    if chat.get("type") != "private":
        raise Odd(f"in a {chat.get('type')}")
    if who.get("is_bot") is not False:
        raise Odd("from a bot")
    return number(chat, "id")


def _words(message: Json, data: str) -> str | None:
    """The words on the tapped button; the message comes with its keyboard."""
    rows = loose.mapping(message.get("reply_markup")).get("inline_keyboard")
    buttons = [button for row in rows for button in loose.mappings(row)] if isinstance(rows, list) else []
    return next((string(one, "text") for one in buttons if one.get("callback_data") == data), None)


def _reply_to(message: Json, chat: int) -> str | None:
    answered = loose.within(message, "reply_to_message").get("message_id")
    return external(chat, answered) if is_number(answered) else None


def _kind(message: Json) -> str:
    """What a message is that we cannot read: its field that is not about every message."""
    usual = {"message_id", "from", "chat", "date", "reply_to_message", "edit_date"}
    return "message." + next((name for name in message if name not in usual), "empty")


def _chat_of(what: object) -> str:
    id = loose.within(what, "chat").get("id")
    return str(id) if is_number(id) else ""


def _name(who: Json) -> str | None:
    return " ".join(filter(None, (string(who, "first_name"), string(who, "last_name")))) or None

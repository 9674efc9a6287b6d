"""What Telegram tells a bot: one ``Update`` a request, and messages as its answers show them.

Deletions by the customer and read marks are not told. Reactions only to those who ask for them in
``allowed_updates``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff.simulators.accounts import Account
from handoff.simulators.events import Event
from handoff.simulators.world import Content, File, Ids, Said, Shown, Thread

Given = dict[str, Any]


class TelegramEvents:
    batch = 1

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def wrote(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        if said.how == "button":
            query: Given = {"id": self._ids.digits(18, "4"), "from": person(thread), "chat_instance": said.id}
            tapped = thread.find(said.reply_to or "")
            if isinstance(tapped, Shown):
                query["message"] = message(account, thread, tapped)
            return self._update(thread, "callback_query", query | {"data": said.payload})
        return self._update(thread, "message", message(account, thread, said))

    def edited(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        told = message(account, thread, said) | {"edit_date": int(said.edited_at or 0)}
        return self._update(thread, "edited_message", told)

    def unsent(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        return []

    def reacted(self, account: Account, thread: Thread, to: Shown | Said, before: str) -> list[Event]:
        told = {
            "chat": chat(thread),
            "message_id": int(to.id),
            "user": person(thread),
            "date": int(thread.last_sent_at),
            "old_reaction": _reaction(before),
            "new_reaction": _reaction(to.reaction),
        }
        return self._update(thread, "message_reaction", told)

    def read(self, account: Account, thread: Thread, now: float) -> list[Event]:
        return []

    def sent(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        return []

    def delivered(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        return []

    def blocked(self, account: Account, thread: Thread, now: float) -> list[Event]:
        states = ("member", "kicked") if thread.blocked else ("kicked", "member")
        old, new = [{"user": bot(account), "status": state} for state in states]
        told = {"chat": chat(thread), "from": person(thread), "date": int(now)}
        return self._update(thread, "my_chat_member", told | {"old_chat_member": old, "new_chat_member": new})

    def _update(self, thread: Thread, kind: str, what: Given) -> list[Event]:
        return [Event(thread.contact, kind, {"update_id": self._ids.update(), kind: what})]

    def envelope(self, account: Account, events: Sequence[Event], now: float) -> dict[str, Any]:
        (event,) = events
        return event.body

    def headers(self, account: Account, body: bytes) -> Mapping[str, str]:
        secret = account.webhook.secret if account.webhook else ""
        return {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}


def person(thread: Thread) -> Given:
    first, _, last = thread.name.partition(" ")
    told: Given = {"id": int(thread.contact), "is_bot": False, "first_name": first}
    if last:
        told["last_name"] = last
    if username := thread.handles.get("username"):
        told["username"] = username
    return told | {"language_code": thread.language}


def chat(thread: Thread) -> Given:
    told = person(thread)
    return {key: told[key] for key in ("id", "first_name", "last_name", "username") if key in told} | {
        "type": "private"
    }


def bot(account: Account) -> Given:
    return {"id": int(account.id), "is_bot": True, "first_name": account.name, "username": account.username}


def message(account: Account, thread: Thread, entry: Said | Shown) -> Given:
    """A ``Message``, whichever side wrote it."""
    ours = isinstance(entry, Shown)
    content = entry.content if isinstance(entry, Shown) else _said(entry)
    told: Given = {
        "message_id": int(entry.id),
        "from": bot(account) if ours else person(thread),
        "chat": chat(thread),
        "date": int(entry.at),
    }
    if entry.edited_at:
        told["edit_date"] = int(entry.edited_at)
    answered = thread.find(entry.reply_to) if entry.reply_to else None
    if answered is not None and answered is not entry:
        told["reply_to_message"] = {
            k: v for k, v in message(account, thread, answered).items() if k != "reply_to_message"
        }
    if content.location:
        latitude, longitude, name = content.location
        told["location"] = {"latitude": latitude, "longitude": longitude}
        if name:
            told["venue"] = {"location": told["location"], "title": name, "address": ""}
    elif content.file:
        told |= _media(content.file)
        if content.text:
            told["caption"] = content.text
    else:
        told["text"] = content.text
        if content.text.startswith("/"):
            command = content.text.split()[0]
            told["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    if ours and any(tap.how != "choice" for tap in content.taps):
        told["reply_markup"] = {
            "inline_keyboard": [[_inline(tap)] for tap in content.taps if tap.how != "choice"]
        }
    return told


def _said(said: Said) -> Content:
    return Content(text=said.text, file=said.file, location=said.location)


def _inline(tap: Any) -> Given:
    return {"text": tap.title, ("url" if tap.how == "url" else "callback_data"): tap.payload}


def _media(file: File) -> Given:
    told: Given = {"file_id": file.id, "file_unique_id": file.id[-12:], "file_size": len(file.data)}
    if file.kind == "image":
        small = told | {
            "file_id": file.id + "-s",
            "width": 90,
            "height": 90,
            "file_size": len(file.data) // 9,
        }
        return {"photo": [small, told | {"width": 800, "height": 800}]}
    told["mime_type"] = file.media_type
    if file.kind == "audio":
        return {"voice": told | {"duration": 3}}
    if file.kind == "video":
        return {"video": told | {"width": 640, "height": 480, "duration": 3, "file_name": file.name}}
    return {"document": told | {"file_name": file.name}}


def _reaction(emoji: str) -> list[Given]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []

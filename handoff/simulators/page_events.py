"""What Messenger and Instagram tell: ``entry[].messaging[]`` and ``standby[]``.

Messenger does not tell that a customer took a message back, Instagram does not tell of deliveries
and of edits. Read marks are a watermark there and a message's id here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff.simulators.accounts import PAGE_INBOX, Account
from handoff.simulators.events import Event, signature
from handoff.simulators.world import Said, Shown, Thread

REACTIONS = {
    "❤": "love",
    "❤️": "love",
    "😆": "smile",
    "😮": "wow",
    "😢": "sad",
    "😠": "angry",
    "👍": "like",
    "👎": "dislike",
}


class PageEvents:
    """``instagram``: that dialect."""

    batch = 50  # the documents say up to 1,000

    def __init__(self, instagram: bool) -> None:
        self._instagram = instagram

    def wrote(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        if said.how == "button":
            postback = {"mid": said.id, "title": said.text, "payload": said.payload}
            return self._event(account, thread, "messaging_postbacks", said.at, postback=postback)
        message: dict[str, Any] = {"mid": said.id}
        if said.text:
            message["text"] = said.text
        if said.how == "choice":
            message["quick_reply"] = {"payload": said.payload}
        if said.reply_to:
            message["reply_to"] = {"mid": said.reply_to}
        if said.file:
            message["attachments"] = [{"type": said.file.kind, "payload": {"url": said.file.url}}]
        if said.location:
            latitude, longitude, name = said.location
            place = {"coordinates": {"lat": latitude, "long": longitude}}
            message["attachments"] = [{"type": "location", "title": name, "payload": place}]
        return self._event(account, thread, "messages", said.at, message=message)

    def edited(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        if self._instagram:
            return []
        edit = {"mid": said.id, "text": said.text, "num_edit": said.edits}
        return self._event(account, thread, "message_edits", said.edited_at or 0, message_edit=edit)

    def unsent(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        if not self._instagram:
            return []
        gone = {"mid": said.id, "is_deleted": True}
        return self._event(account, thread, "messages", said.deleted_at or 0, message=gone)

    def reacted(self, account: Account, thread: Thread, to: Shown | Said, before: str) -> list[Event]:
        reaction: dict[str, Any] = {"mid": to.id, "action": "react" if to.reaction else "unreact"}
        if to.reaction:
            reaction |= {"reaction": REACTIONS.get(to.reaction, "other"), "emoji": to.reaction}
        return self._event(account, thread, "message_reactions", thread.last_sent_at, reaction=reaction)

    def read(self, account: Account, thread: Thread, now: float) -> list[Event]:
        if not self._instagram:
            return self._event(account, thread, "message_reads", now, read={"watermark": _ms(now)})
        mid = thread.seen[-1].id
        return self._event(account, thread, "messaging_seen", now, read={"mid": mid})

    def sent(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        """The echo: with our app's id and our metadata, or with the id of the platform's own inbox.
        Instagram's says neither."""
        message: dict[str, Any] = {"is_echo": True, "mid": shown.id}
        if not self._instagram:
            ours = shown.by == "app"
            message["app_id"] = int(account.app_id if ours else PAGE_INBOX["messenger"])
            if ours and shown.ref is not None:
                message["metadata"] = shown.ref
        if shown.text and not shown.cards:
            message["text"] = shown.text
        if shown.file:
            message["attachments"] = [{"type": shown.file.kind, "payload": {"url": shown.file.url}}]
        if shown.cards or (shown.taps and shown.taps[0].how == "button"):
            given = shown.raw.get("message", {}).get("attachment", {}).get("payload", {})
            message["attachments"] = [{"type": "template", "payload": given}]
        field = "messages" if self._instagram else "message_echoes"
        return self._event(account, thread, field, shown.at, echo=True, message=message)

    def delivered(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        if self._instagram:
            return []
        told = {"mids": [shown.id], "watermark": _ms(shown.at)}
        return self._event(account, thread, "message_deliveries", shown.at, delivery=told)

    def blocked(self, account: Account, thread: Thread, now: float) -> list[Event]:
        return []

    def controlled(
        self, account: Account, thread: Thread, what: str, before: str, new: str, metadata: str, now: float
    ) -> list[Event]:
        """``what``: pass_thread_control, take_thread_control."""
        told: Any = {
            "previous_owner_app_id": before or None,
            "new_owner_app_id": new or None,
            "metadata": metadata,
        }
        field = "messaging_handover" if self._instagram else "messaging_handovers"
        return self._event(account, thread, field, now, **{what: told})

    def _event(
        self, account: Account, thread: Thread, field: str, at: float, *, echo: bool = False, **what: Any
    ) -> list[Event]:
        sides = {"id": thread.contact}, {"id": account.id}
        sender, recipient = reversed(sides) if echo else sides
        body = {"sender": sender, "recipient": recipient, "timestamp": _ms(at), **what}
        elsewhere = thread.owner not in ("", account.app_id) and "handover" not in field
        return [Event(thread.contact, "standby" if elsewhere else field, body)]

    def envelope(self, account: Account, events: Sequence[Event], now: float) -> dict[str, Any]:
        """One entry for each run of events of one list."""
        entries: list[dict[str, Any]] = []
        for event in events:
            key = "standby" if event.field == "standby" else "messaging"
            if not entries or key not in entries[-1]:
                entries.append({"id": account.id, "time": _ms(now), key: []})
            entries[-1][key].append(event.body)
        return {"object": "instagram" if self._instagram else "page", "entry": entries}

    def headers(self, account: Account, body: bytes) -> Mapping[str, str]:
        return {"X-Hub-Signature-256": signature(account.app_secret, body)}


def _ms(seconds: float) -> int:
    return int(seconds * 1000)

"""What WhatsApp Cloud tells: ``entry[].changes[].value.{messages, statuses}``.

Timestamps are whole seconds, as strings. ``edit`` and ``revoke`` messages, and ``smb_message_echoes``
(a person answered on the business's phone), come to numbers that are also used in the app.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff.simulators.accounts import Account
from handoff.simulators.events import Event, signature
from handoff.simulators.world import Content, File, Said, Shown, Thread

ERRORS = {
    131026: ("Message undeliverable", "Message Undeliverable."),
    131047: (
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to "
        "this number.",
    ),
    131053: ("Media upload error", "The media of the message could not be fetched."),
}


class WhatsAppEvents:
    batch = 20

    def wrote(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        message = self._message(thread, said.id, said.at, **_body(said))
        if said.reply_to:
            message["context"] = {"from": account.phone, "id": said.reply_to}
        return self._told(account, thread, message)

    def edited(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        edit = {"original_message_id": said.id, "message": _body(said)}
        mid = f"{said.id[:-2]}{said.edits:02d}"
        message = self._message(thread, mid, said.edited_at or 0, type="edit", edit=edit)
        return self._told(account, thread, message)

    def unsent(self, account: Account, thread: Thread, said: Said) -> list[Event]:
        gone = {"original_message_id": said.id}
        mid = f"{said.id[:-2]}RR"
        message = self._message(thread, mid, said.deleted_at or 0, type="revoke", revoke=gone)
        return self._told(account, thread, message)

    def reacted(self, account: Account, thread: Thread, to: Shown | Said, before: str) -> list[Event]:
        reaction = {"message_id": to.id, "emoji": to.reaction}
        if not to.reaction:
            del reaction["emoji"]
        mid = f"{to.id[:-6]}{int(thread.last_sent_at * 1000) % 10**6:06d}"
        message = self._message(thread, mid, thread.last_sent_at, type="reaction", reaction=reaction)
        return self._told(account, thread, message)

    def read(self, account: Account, thread: Thread, now: float) -> list[Event]:
        unread = [
            shown for shown in thread.seen if shown.state in ("sent", "delivered") and shown.by == "app"
        ]
        return [self._status(account, thread, shown, "read", now) for shown in unread]

    def sent(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        if shown.by == "person":
            echo = {"from": account.phone, "to": thread.contact, "id": shown.id, "timestamp": _s(shown.at)}
            value = self._value(account) | {"message_echoes": [echo | _content(shown.content)]}
            return [Event(thread.contact, "smb_message_echoes", value)]
        return [self._status(account, thread, shown, "sent", shown.at)]

    def delivered(self, account: Account, thread: Thread, shown: Shown) -> list[Event]:
        if shown.by == "person":
            return []
        return [self._status(account, thread, shown, "delivered", shown.at)]

    def failed(self, account: Account, thread: Thread, shown: Shown, code: int) -> list[Event]:
        """Taken with 200, and then not sent."""
        title, details = ERRORS[code]
        error = {"code": code, "title": title, "message": title, "error_data": {"details": details}}
        return [self._status(account, thread, shown, "failed", shown.at, errors=[error])]

    def blocked(self, account: Account, thread: Thread, now: float) -> list[Event]:
        return []

    def _told(self, account: Account, thread: Thread, message: dict[str, Any]) -> list[Event]:
        contact = {"profile": {"name": thread.name}, "wa_id": thread.contact}
        value = self._value(account) | {"contacts": [contact], "messages": [message]}
        return [Event(thread.contact, "messages", value)]

    def _status(
        self, account: Account, thread: Thread, shown: Shown, status: str, at: float, **more: Any
    ) -> Event:
        told = {"id": shown.id, "status": status, "timestamp": _s(at), "recipient_id": thread.contact, **more}
        if shown.ref is not None:
            told["biz_opaque_callback_data"] = shown.ref
        if status in ("sent", "delivered"):
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service"}
        return Event(thread.contact, "messages", self._value(account) | {"statuses": [told]})

    @staticmethod
    def _value(account: Account) -> dict[str, Any]:
        metadata = {"display_phone_number": account.phone, "phone_number_id": account.id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    @staticmethod
    def _message(thread: Thread, mid: str, at: float, **body: Any) -> dict[str, Any]:
        return {"from": thread.contact, "id": mid, "timestamp": _s(at), **body}

    def envelope(self, account: Account, events: Sequence[Event], now: float) -> dict[str, Any]:
        changes = [{"value": event.body, "field": event.field} for event in events]
        return {"object": "whatsapp_business_account", "entry": [{"id": account.waba_id, "changes": changes}]}

    def headers(self, account: Account, body: bytes) -> Mapping[str, str]:
        return {"X-Hub-Signature-256": signature(account.app_secret, body)}


def _body(said: Said) -> dict[str, Any]:
    if said.payload is not None:
        how = "list_reply" if said.how == "row" else "button_reply"
        reply = {"id": said.payload, "title": said.text}
        return {"type": "interactive", "interactive": {"type": how, how: reply}}
    return _content(Content(text=said.text, file=said.file, location=said.location))


def _content(content: Content) -> dict[str, Any]:
    if content.file:
        return _media(content.file, content.text)
    if content.location:
        latitude, longitude, name = content.location
        place = {"latitude": latitude, "longitude": longitude} | ({"name": name} if name else {})
        return {"type": "location", "location": place}
    return {"type": "text", "text": {"body": content.text}}


def _media(file: File, caption: str) -> dict[str, Any]:
    kind = "document" if file.kind == "file" else file.kind
    media: dict[str, Any] = {"mime_type": file.media_type, "sha256": file.digest, "id": file.id}
    if caption:
        media["caption"] = caption
    if kind == "document":
        media["filename"] = file.name
    if kind == "audio":
        media["voice"] = True
    return {"type": kind, kind: media}


def _s(seconds: float) -> str:
    return str(int(seconds))

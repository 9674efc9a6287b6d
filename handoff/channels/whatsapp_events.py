"""Reading the webhooks of WhatsApp: ``entry[].changes[].value.{messages, statuses, message_echoes}``.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from handoff.channels import graph_errors, loose
from handoff.channels.messenger_events import listed, name_of
from handoff.channels.whatsapp_content import FILES, content
from handoff.conversations.inbound import (
    Deleted,
    Echo,
    Edited,
    Inbound,
    Incoming,
    IncomingFile,
    Progress,
    Reacted,
    Unknown,
)

STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
SAID = frozenset({"text", "button", "interactive", "location", "contacts", "order", *FILES})
NOTICES = frozenset({"system", "request_welcome"})  # nothing that the customer said


@dataclass(frozen=True, slots=True)
class Event:
    """What every message has: who wrote it, its id, when it was, and the message as it came."""

    contact: str
    id: str
    at: int  # milliseconds since 1970; the platform tells seconds
    raw: dict[str, Any]
    name: str = ""

    def unknown(self, what: str) -> Unknown:
        return Unknown(what, self.raw, contact=self.contact, place=self.at)


def read(entries: list[dict[str, Any]], phone_number_id: str) -> Iterator[Incoming]:
    """All that the entries tell, in their order. What concerns the whole account is unknown to a talk."""
    for entry in entries:
        changes = listed(entry.get("changes"))
        if not changes:
            yield Unknown("entry", entry)
        for change in changes:
            yield from of_change(change, phone_number_id)


def of_change(change: dict[str, Any], phone_number_id: str) -> Iterator[Incoming]:
    field, value = name_of(change.get("field")), loose.mapping(change.get("value"))
    number = loose.ident(loose.within(value, "metadata").get("phone_number_id"))
    if field not in ("messages", "smb_message_echoes"):
        yield Unknown(f"changes:{field}", change)
    elif not number or number != phone_number_id:
        yield Unknown("other_account", change)
    else:
        names = names_of(value)
        found = [item for raw in listed(value.get("messages")) for item in of_message(raw, names)]
        found += [of_status(raw) for raw in listed(value.get("statuses"))]
        found += [of_echo(raw) for raw in listed(value.get("message_echoes"))]
        found += [Unknown("errors", {"errors": error}) for error in listed(value.get("errors"))]
        yield from found or [Unknown(f"changes:{field}", change)]


def names_of(value: dict[str, Any]) -> dict[str, str]:
    """What the senders call themselves, by number and by user id."""
    names: dict[str, str] = {}
    for contact in loose.mappings(value.get("contacts")):
        name = loose.string(loose.within(contact, "profile").get("name"))[:80]
        for key in ("wa_id", "user_id"):
            if name and (known := loose.ident(contact.get(key))):
                names[known] = name
    return names


def of_message(raw: dict[str, Any], names: dict[str, str]) -> Iterator[Incoming]:
    """Someone who hides the number has only a user id, scoped to our business."""
    number, user = loose.ident(raw.get("from")), loose.ident(raw.get("from_user_id"))
    event = Event(
        number or user,
        loose.ident(raw.get("id")),
        loose.millis(raw.get("timestamp"), 1000),
        raw,
        names.get(number) or names.get(user, ""),
    )
    kind = name_of(raw.get("type"))
    if not event.contact or not event.id or raw.get("group_id"):
        yield event.unknown("group" if raw.get("group_id") else f"message:{kind}")
    elif kind in READERS:
        yield READERS[kind](event)
    elif kind in SAID:
        yield of_said(event, kind)
    else:
        if kind not in NOTICES:  # the customer did say something: people are to see that
            yield inbound(event, files=(IncomingFile("file"),))
        yield event.unknown(f"message:{kind}")


def of_said(event: Event, kind: str) -> Incoming:
    said = content(event.raw, kind)
    if said.empty:
        return event.unknown(f"message:{kind}")
    return inbound(
        event,
        text=None if said.payload else said.text or None,
        payload=said.payload or None,
        title=said.text if said.payload and said.text else None,
        files=said.files,
        location=said.location,
    )


def inbound(event: Event, **said: Any) -> Inbound:
    return Inbound(
        contact=event.contact,
        external_id=event.id,
        name=event.name or None,
        reply_to=loose.ident(loose.within(event.raw, "context").get("id")) or None,
        sent_at=loose.moment(event.at),
        place=event.at,
        **said,
    )


def of_reaction(event: Event) -> Incoming:
    """Without an emoji, the reaction was taken back."""
    reaction = loose.mapping(event.raw.get("reaction"))
    of = loose.ident(reaction.get("message_id"))
    if not of:
        return event.unknown("message:reaction")
    emoji = loose.string(reaction.get("emoji"))[:16]
    return Reacted(event.contact, of, emoji, sent_at=loose.moment(event.at), place=event.at)


def of_edit(event: Event) -> Incoming:
    edit = loose.mapping(event.raw.get("edit"))
    of, new = loose.ident(edit.get("original_message_id")), loose.mapping(edit.get("message"))
    text = content(new, name_of(new.get("type"))).text
    if not of or not text:
        return event.unknown("message:edit")
    at = loose.moment(event.at)
    return Edited(event.contact, of, text, version=str(event.at), sent_at=at, place=event.at)


def of_revoke(event: Event) -> Incoming:
    of = loose.ident(loose.within(event.raw, "revoke").get("original_message_id"))
    if not of:
        return event.unknown("message:revoke")
    return Deleted(event.contact, of, sent_at=loose.moment(event.at), place=event.at)


def of_status(raw: dict[str, Any]) -> Incoming:
    """What became of a message of ours; ``biz_opaque_callback_data`` is the ref we gave with it."""
    contact = loose.ident(raw.get("recipient_id")) or loose.ident(raw.get("recipient_user_id"))
    at = loose.millis(raw.get("timestamp"), 1000)
    state, message = STATES.get(loose.string(raw.get("status"))), loose.ident(raw.get("id"))
    if not state or not message or raw.get("recipient_type") == "group":
        return Unknown(f"status:{name_of(raw.get('status'))}", raw, contact=contact, place=at)
    errors = loose.mappings(raw.get("errors"))
    why = graph_errors.of_error(errors[0]) if errors else None
    return Progress(
        contact,
        state,  # type: ignore[arg-type]
        external_id=message,
        ref=loose.ident(raw.get("biz_opaque_callback_data")) or None,
        error=str(why) if why else "",
        code=why.code if why else "",
        sent_at=loose.moment(at),
        place=at,
    )


def of_echo(raw: dict[str, Any]) -> Incoming:
    """A person has written from the WhatsApp Business app."""
    contact = loose.ident(raw.get("to")) or loose.ident(raw.get("to_user_id"))
    kind, message = name_of(raw.get("type")), loose.ident(raw.get("id"))
    at = loose.millis(raw.get("timestamp"), 1000)
    if not contact or not message or kind not in SAID:
        return Unknown(f"echo:{kind}", raw, contact=contact, place=at)
    said = content(raw, kind)
    return Echo(contact, message, text=said.text, files=said.files, sent_at=loose.moment(at), place=at)


READERS: dict[str, Callable[[Event], Incoming]] = {
    "reaction": of_reaction,
    "edit": of_edit,
    "revoke": of_revoke,
}

"""Reading the webhooks of Messenger and Instagram: ``entry[].messaging[]``, ``standby[]``, ``changes[]``.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events
https://developers.facebook.com/documentation/instagram-platform/webhooks/examples
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from handoff.channels import loose
from handoff.channels.messenger_files import content
from handoff.conversations.inbound import (
    Control,
    Deleted,
    Echo,
    Edited,
    Inbound,
    Incoming,
    Progress,
    Reacted,
    Unknown,
)

KNOWN_NAME = re.compile(r"[a-z][a-z_]{0,39}")
USER_REF = "user_ref:"  # contacts known by a plugin's reference only, so far
LINK_CODE = "SETU-"  # how our codes begin that prove two channels to be one person's
AROUND = frozenset({"sender", "recipient", "timestamp"})


@dataclass(frozen=True, slots=True)
class Account:
    """Whose events are ours: the id of the page or Instagram account, and of our app."""

    id: str
    app_id: str


@dataclass(frozen=True, slots=True)
class Event:
    """What every event has: the customer, when it was, and the event as it came."""

    account: Account
    contact: str
    from_us: bool
    at: int  # milliseconds since 1970
    raw: dict[str, Any]

    def unknown(self, what: str) -> Unknown:
        return Unknown(what, self.raw, contact=self.contact, place=self.at)


def read(entries: list[dict[str, Any]], account: Account) -> Iterator[Incoming]:
    """All that the entries tell, in their order."""
    for entry in entries:
        if not account.id or loose.ident(entry.get("id")) != account.id:
            yield Unknown("other_account", entry)
            continue
        told = False
        for name in ("messaging", "standby"):
            for raw in listed(entry.get(name)):
                told = True
                yield from of_event(raw, account, standby=name == "standby")
        for change in listed(entry.get("changes")):
            told = True
            yield from of_change(change, account)
        if not told:
            yield Unknown("entry", entry)


def listed(value: Any) -> list[dict[str, Any]]:
    """The items of a list; one that is no object is kept all the same."""
    if not isinstance(value, list):
        return []
    return [item if isinstance(item, dict) else {"odd": item} for item in value]


def of_change(change: dict[str, Any], account: Account) -> Iterator[Incoming]:
    value = loose.mapping(change.get("value"))
    if "sender" in value and "recipient" in value:
        yield from of_event(value, account)
    else:
        yield Unknown(f"changes:{name_of(change.get('field'))}", change)


def of_event(raw: dict[str, Any], account: Account, *, standby: bool = False) -> Iterator[Incoming]:
    """One event. In standby another application has the conversation: what is said there is ours to
    know, not to answer."""
    sender, recipient = person(raw.get("sender")), person(raw.get("recipient"))
    from_us = sender == account.id
    contact = recipient if from_us else sender
    at = loose.millis(raw.get("timestamp"))
    event = Event(account, contact, from_us, at, raw)
    kinds = [name for name in raw if name not in AROUND]
    reader = next((READERS[name] for name in kinds if name in READERS), None)
    if not contact or (not from_us and recipient not in ("", account.id)) or reader is None:
        yield event.unknown(name_of(kinds[0] if kinds else None))
        return
    found = list(reader(event))
    if standby and any(isinstance(item, Inbound) for item in found):
        yield Control(contact, ours=False, sent_at=loose.moment(at), place=at)
    yield from found


def person(value: Any) -> str:
    known = loose.mapping(value)
    given = loose.ident(known.get("id"))
    reference = loose.ident(known.get("user_ref"))
    return given or (f"{USER_REF}{reference}" if reference else "")


def name_of(value: Any) -> str:
    """A name to count by: the platform's own, if it looks like one."""
    return value if isinstance(value, str) and KNOWN_NAME.fullmatch(value) else "odd"


def made_up(event: Event, kind: str) -> str:
    """An id for an event that has none: the same again if it comes again."""
    raw = orjson.dumps(event.raw, option=orjson.OPT_SORT_KEYS)
    return f"{kind}:{hashlib.blake2s(raw, digest_size=16).hexdigest()}"


def of_message(event: Event) -> Iterator[Incoming]:
    message = loose.mapping(event.raw.get("message"))
    mid = loose.ident(message.get("mid"))
    if not mid:
        yield event.unknown("message")
    elif message.get("is_echo") is True or event.from_us:
        yield of_echo(event, message, mid)
    elif message.get("is_deleted") is True:
        yield Deleted(event.contact, mid, sent_at=loose.moment(event.at), place=event.at)
    else:
        yield from of_customer(event, message, mid)


def of_customer(event: Event, message: dict[str, Any], mid: str) -> Iterator[Incoming]:
    text, files, location = content(message)
    # What was tapped comes without files; should it not, the words on it say the same.
    tapped = {} if files or location else loose.within(message, "quick_reply")
    payload = loose.string(tapped.get("payload"))
    if not (text or payload or files or location):
        yield event.unknown("message")
        return
    yield Inbound(
        contact=event.contact,
        text=None if payload else text or None,
        payload=payload or None,
        title=text if payload and text else None,
        external_id=mid,
        files=files,
        location=location,
        reply_to=loose.ident(loose.within(message, "reply_to").get("mid")) or None,
        sent_at=loose.moment(event.at),
        place=event.at,
    )


def of_echo(event: Event, message: dict[str, Any], mid: str) -> Incoming:
    """A message to the customer. ``metadata`` is what its sender's application gave with it: ours to
    trust unless the application is known to be another. Instagram names no application."""
    if message.get("is_deleted") is True:
        return event.unknown("message_deleted_elsewhere")
    app = loose.ident(message.get("app_id"))
    ours = bool(app) and app == event.account.app_id
    ref = loose.ident(message.get("metadata")) if ours or not app else ""
    text, files, _ = content(message)
    return Echo(
        event.contact,
        mid,
        text=text,
        ref=ref or None,
        ours=ours,
        files=files,
        sent_at=loose.moment(event.at),
        place=event.at,
    )


def of_postback(event: Event) -> Iterator[Incoming]:
    postback = loose.mapping(event.raw.get("postback"))
    title, payload = loose.string(postback.get("title")), loose.string(postback.get("payload"))
    if referral := loose.mapping(postback.get("referral")):
        yield from of_ref(event, referral)
    if not title and not payload:
        yield event.unknown("postback")
        return
    yield Inbound(
        contact=event.contact,
        text=None if payload else title,
        payload=payload or None,
        title=title or None if payload else None,
        external_id=loose.ident(postback.get("mid")) or made_up(event, "postback"),
        sent_at=loose.moment(event.at),
        place=event.at,
    )


def of_referral(event: Event) -> Iterator[Incoming]:
    yield from of_ref(event, loose.mapping(event.raw.get("referral")))


def of_ref(event: Event, referral: dict[str, Any]) -> Iterator[Incoming]:
    """The customer came by a link (``m.me/page?ref=…``). A code that it carried is as good as said; what
    else it carried (the name of a campaign) nobody has said."""
    ref = loose.string(referral.get("ref"))
    if not ref.startswith(LINK_CODE):
        yield event.unknown("referral")
    else:
        yield Inbound(
            contact=event.contact,
            text=ref,
            external_id=made_up(event, "referral"),
            sent_at=loose.moment(event.at),
            place=event.at,
        )


def of_edit(event: Event) -> Iterator[Incoming]:
    edit = loose.mapping(event.raw.get("message_edit"))
    mid, text = loose.ident(edit.get("mid")), loose.string(edit.get("text"))
    if not mid or not text:
        yield event.unknown("message_edit")
        return
    version = loose.ident(edit.get("num_edit")) or str(event.at)
    yield Edited(event.contact, mid, text, version=version, sent_at=loose.moment(event.at), place=event.at)


def of_reaction(event: Event) -> Iterator[Incoming]:
    reaction = loose.mapping(event.raw.get("reaction"))
    mid, action = loose.ident(reaction.get("mid")), reaction.get("action")
    emoji = loose.string(reaction.get("emoji"))[:16]
    if event.from_us or not mid or action not in ("react", "unreact") or (action == "react" and not emoji):
        yield event.unknown("reaction")
        return
    shown = emoji if action == "react" else ""
    yield Reacted(event.contact, mid, shown, sent_at=loose.moment(event.at), place=event.at)


def of_read(event: Event) -> Iterator[Incoming]:
    """Messenger tells up to when, Instagram which message was read."""
    read_ = loose.mapping(event.raw.get("read"))
    until = loose.millis(read_.get("watermark"))
    mid = loose.ident(read_.get("mid"))
    if event.from_us or not (until or mid):
        yield event.unknown("read")
        return
    yield Progress(
        event.contact,
        "read",
        external_id=mid or None,
        up_to=None if mid else loose.moment(until),
        sent_at=loose.moment(event.at),
        place=event.at,
    )


def of_delivery(event: Event) -> Iterator[Incoming]:
    """Names the messages, or else up to when all were delivered."""
    delivery = loose.mapping(event.raw.get("delivery"))
    given = delivery.get("mids")
    mids = [mid for item in given if (mid := loose.ident(item))] if isinstance(given, list) else []
    until = loose.moment(loose.millis(delivery.get("watermark")))
    sent_at = loose.moment(event.at)
    for mid in dict.fromkeys(mids):
        yield Progress(event.contact, "delivered", external_id=mid, sent_at=sent_at, place=event.at)
    if not mids and until:
        yield Progress(event.contact, "delivered", up_to=until, sent_at=sent_at, place=event.at)
    elif not mids:
        yield event.unknown("delivery")


def of_handover(name: str) -> Callable[[Event], Iterator[Incoming]]:
    """Control was passed to an application, or taken from one (and then told to whom it was taken from)."""

    def reader(event: Event) -> Iterator[Incoming]:
        owner = loose.ident(loose.within(event.raw, name).get("new_owner_app_id"))
        if not owner and name == "pass_thread_control":
            yield event.unknown(name)
            return
        ours = bool(owner) and owner == event.account.app_id
        yield Control(event.contact, ours=ours, sent_at=loose.moment(event.at), place=event.at)

    return reader


READERS: dict[str, Callable[[Event], Iterator[Incoming]]] = {
    "message": of_message,
    "postback": of_postback,
    "referral": of_referral,
    "message_edit": of_edit,
    "reaction": of_reaction,
    "read": of_read,
    "delivery": of_delivery,
    "pass_thread_control": of_handover("pass_thread_control"),
    "take_thread_control": of_handover("take_thread_control"),
}

"""What an inbound becomes as a message: buttons as their words, files and places noted, quotes found."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import orjson
from sqlalchemy import select

from handoff.conversations.batch import SENT_FILE, SENT_PLACE
from handoff.conversations.inbound import Inbound
from handoff.conversations.models import Message
from handoff.conversations.standins import means
from handoff.conversations.thread import Thread
from handoff.conversations.views import MessageView
from handoff.delivery.models import Delivery, DeliveryPart
from handoff.errors import Invalid

OFFERS_KEPT = 200  # messages looked back through for the button that was tapped
CHOICE_LIMIT = 80  # characters of a text that may be the name or number of a choice
ASK_PERSON = "/contact_human"  # may be tapped at any time: nobody needs an offer to get a person
GREET = "/greet"  # nor to be greeted: how a talk begins on platforms with a start button


async def drafted(thread: Thread, inbound: Inbound) -> MessageView:
    """The message as it is to be stored: buttons as their words, what comes without words as a payload."""
    text, payload = inbound.text, inbound.payload
    rich: dict[str, Any] = {}
    if payload is not None:
        offer = await _offer(thread, payload, inbound.title)
        if offer is None and not inbound.title:
            raise Invalid("unknown_payload")
        text, payload = offer or (inbound.title, None)
    elif text is not None and thread.context.pushes(thread.inbox):
        payload = await _chosen(thread, text)
    if inbound.location is not None:
        rich["location"] = asdict(inbound.location)
        point = {name: rich["location"][name] for name in ("latitude", "longitude")}
        payload = None if text else SENT_PLACE + orjson.dumps(point).decode()
    elif text is None:
        kind = inbound.files[0].kind if inbound.files else "file"
        payload = SENT_FILE + orjson.dumps({"file_kind": kind}).decode()
    if inbound.reply_to and (number := await _number_of(thread, inbound.reply_to)):
        rich["reply_to"] = number
    message = thread.draft("customer", text or "", payload=payload, client_id=inbound.client_id, rich=rich)
    return replace(message, sent_at=inbound.sent_at)


async def with_files(thread: Thread, message: MessageView, inbound: Inbound) -> MessageView:
    """The stored message with its files, which refer to it and so come after it."""
    files, session, row = thread.context.files, thread.session, thread.row
    entries: list[dict[str, Any]] = []
    if inbound.files:
        entries += await files.take(session, row.id, message.id, thread.inbox.id, inbound.files)
    if inbound.uploads:
        entries += await files.claim(session, row.id, message.id, thread.contact.id, inbound.uploads)
    if not entries:
        return message
    return await thread.enrich(message, files=entries)


async def _offer(thread: Thread, tapped: str, words: str | None) -> tuple[str, str] | None:
    """The words on the tapped button and its payload; None if it was not offered here.

    ``tapped`` may be a payload's stand-in (:mod:`handoff.conversations.standins`).
    """
    row, session = thread.row, thread.session
    for button in thread.inbox.options.get("buttons", []):
        if means(tapped, button.get("payload")):
            return str(button["title"]), button["payload"]
    offers = await session.scalars(
        select(Message.rich)
        .where(Message.conversation_id == row.id, Message.sender.in_(("bot", "system")), ~Message.private)
        .order_by(Message.number.desc())
        .limit(OFFERS_KEPT)
    )
    for rich in offers:
        cards = rich.get("cards", [])
        for button in [*rich.get("buttons", []), *(b for card in cards for b in card.get("buttons", []))]:
            if means(tapped, button.get("payload")):
                return str(button.get("title") or ""), button["payload"]
    if tapped == ASK_PERSON:
        return thread.context.texts.say("widget.ask_person", row.language or row.locale), tapped
    if tapped == GREET and words:
        return words, tapped
    return None


async def _chosen(thread: Thread, text: str) -> str | None:
    """The payload of a choice that was offered as a list last, if the text names one."""
    if len(text) > CHOICE_LIMIT:
        return None
    last = await thread.session.scalar(
        select(Message.rich)
        .where(
            Message.conversation_id == thread.row.id, Message.sender.in_(("bot", "system")), ~Message.private
        )
        .order_by(Message.number.desc())
        .limit(1)
    )
    return thread.context.chosen(thread.inbox, text, last) if last else None


async def _number_of(thread: Thread, external_id: str) -> int | None:
    """The number of the message that the customer answers, theirs or ours."""
    own = select(Message.number).where(
        Message.conversation_id == thread.row.id,
        Message.inbox_id == thread.inbox.id,
        Message.external_id == external_id,
    )
    ours = (
        select(Delivery.number)
        .join(DeliveryPart, DeliveryPart.delivery_id == Delivery.id)
        .where(
            Delivery.conversation_id == thread.row.id,
            DeliveryPart.inbox_id == thread.inbox.id,
            DeliveryPart.external_id == external_id,
        )
    )
    found: int | None = await thread.session.scalar(own.union_all(ours).limit(1))
    return found

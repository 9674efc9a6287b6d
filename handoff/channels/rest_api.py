"""The REST inbox over HTTP: post a customer's message, fetch what was said."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from actions.db import Database, now
from handoff.channels.identity import verify
from handoff.channels.registry import Inboxes
from handoff.conversations import hygiene, reading
from handoff.conversations.inbound import Inbound, Outcome, Receipt
from handoff.conversations.models import Contact, Conversation
from handoff.conversations.service import Conversations
from handoff.conversations.views import InboxView
from handoff.errors import NotFound

CHANNEL = "rest"
LONGEST_WAIT = 25.0  # seconds; proxies in between tend to give up at 30
EXAMPLE: dict[str, Any] = {
    "contact": "visitor-4711",
    "id": "m-1",
    "text": "Where is my order?",
    "wait": 5,
}
ANSWER: dict[str, Any] = {
    "message": {
        "id": "Yq3vJ0mBqkqWm2w5cN1x7A",
        "number": 1,
        "sender": "customer",
        "author": None,
        "text": "Where is my order?",
        "rich": {},
        "payload": None,
        "client_id": None,
        "created_at": "2026-11-21T10:00:00.000000Z",
    },
    "conversation": {
        "id": "0cUu4oDq6xkq1c7n8k3l2Q",
        "status": "bot",
        "owner": "bot",
        "agent": None,
        "queue_position": None,
        "last_number": 2,
        "read_by_agent": 0,
    },
}


class Identity(BaseModel):
    """Proof that the contact is a customer of the shop, made by the integrator's server."""

    customer: str
    expires: int = Field(description="Unix time in seconds")
    signature: str = Field(description="hex HMAC-SHA256(inbox secret, '<customer>.<expires>')")


class MessageIn(BaseModel):
    """A customer's message. Exactly one of `text` and `payload` (of a button that was offered)."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, extra="forbid")

    contact: str = Field(max_length=255, description="who writes, by your own id")
    id: str = Field(max_length=255, description="your id of the message; the same id again changes nothing")
    text: str | None = Field(None, description="at most 10,000 characters")
    payload: str | None = None
    locale: str | None = Field(None, description="BCP 47, e.g. en-IN")
    name: str | None = None
    wait: float = Field(0, ge=0, le=LONGEST_WAIT, description="seconds to wait for the replies")
    identity: Identity | None = None


class Answer(BaseModel):
    """The stored message, the conversation now, and what was said since the message."""

    message: dict[str, Any]
    conversation: dict[str, Any]
    replies: list[dict[str, Any]]

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER | {"replies": []}]})


class Messages(BaseModel):
    """Messages in order of number, at most a hundred, and the conversation."""

    messages: list[dict[str, Any]]
    conversation: dict[str, Any]


def router(*, database: Database, conversations: Conversations, inboxes: Inboxes) -> APIRouter:
    api = APIRouter(prefix="/api/inboxes/{inbox}", tags=["REST inbox"])
    bearer = HTTPBearer(auto_error=False, description="The token of the inbox")

    async def known(
        inbox: Annotated[str, Path(max_length=32)],
        given: HTTPAuthorizationCredentials | None = Depends(bearer),
    ) -> InboxView:
        return await inboxes.authenticated(inbox, given.credentials if given else None, CHANNEL)

    @api.post("/messages", response_model=Answer, summary="A customer's message")
    async def post(message: MessageIn, inbox: InboxView = Depends(known)) -> Response:
        """Store the message, have it answered, and, with `wait`, tell the replies too.

        200 means that the message is stored and will be answered, by the bot or a person.
        """
        customer = verify(inbox.secret, message.identity.model_dump(), now()) if message.identity else None
        receipt = await conversations.receive(
            inbox,
            Inbound(
                contact=message.contact,
                text=message.text,
                payload=message.payload,
                external_id=message.id,
                customer_id=customer,
                name=message.name,
                locale=message.locale,
            ),
        )
        outcome = await _waited(receipt, message.wait)
        return _json(
            {
                "message": receipt.message.for_customer(),
                "conversation": outcome.conversation.for_customer(),
                "replies": [reply.for_customer() for reply in outcome.messages],
            }
        )

    @api.get("/messages", response_model=Messages, summary="What was said")
    async def fetch(
        contact: Annotated[str, Query(max_length=255)],
        after: Annotated[int, Query(ge=0, lt=2**31, description="the last number that is known")] = 0,
        inbox: InboxView = Depends(known),
    ) -> Response:
        """Messages with a greater number than `after`; ask again until none come."""
        hygiene.clean_id(contact, "contact")
        async with database.read() as session:
            conversation_id = await session.scalar(
                select(Conversation.id)
                .join(Contact, Contact.conversation_id == Conversation.id)
                .where(Contact.inbox_id == inbox.id, Contact.external_id == contact)
            )
            if conversation_id is None:
                raise NotFound("contact_unknown")
            said = await reading.messages(session, conversation_id, after=after)
            seen = await reading.view(session, conversation_id)
        return _json({"messages": [m.for_customer() for m in said], "conversation": seen.for_customer()})

    return api


async def _waited(receipt: Receipt, seconds: float) -> Outcome:
    """What there is after waiting; a message that came before is answered with what followed it."""
    if seconds:
        try:
            async with asyncio.timeout(seconds):
                return await receipt.done()
        except TimeoutError:
            return await receipt.so_far()
    return await receipt.so_far() if receipt.duplicate else Outcome(receipt.conversation, [])


def _json(content: dict[str, Any]) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")

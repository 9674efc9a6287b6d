"""Namespace ``/widget``: a customer's sockets. Each knows one conversation, its own, and no other."""

from __future__ import annotations

import time
from typing import Any

from socketio import AsyncServer
from sqlalchemy import select

from actions.db import Database
from handoff.channels.visitors import Visitor, Visitors
from handoff.conversations import reading
from handoff.conversations.inbound import Inbound
from handoff.conversations.models import Contact
from handoff.conversations.ports import Hub
from handoff.conversations.service import Conversations
from handoff.errors import Forbidden, Invalid, Say
from handoff.realtime import rooms
from handoff.realtime.guard import Guarded, Member, number_of, text_of
from handoff.realtime.hub import WIDGET
from handoff.realtime.origins import is_allowed

TYPING_EVERY = 1.0  # seconds; a sign sent more often says nothing new


class WidgetSockets(Guarded[Visitor]):
    def __init__(
        self,
        server: AsyncServer,
        *,
        texts: Say,
        database: Database,
        visitors: Visitors,
        conversations: Conversations,
        hub: Hub,
        public_url: str = "",
    ) -> None:
        super().__init__(WIDGET, server, texts)
        self._database = database
        self._visitors = visitors
        self._conversations = conversations
        self._hub = hub
        self._public_url = public_url
        self.events = {"send": self._send, "typing": self._typing, "read": self._read, "sync": self._sync}

    async def admit(self, sid: str, environ: dict[str, Any], auth: dict[str, Any]) -> Member[Visitor]:
        visitor = await self._visitors.by_token(text_of(auth, "token", longest=200))
        if not is_allowed(
            environ.get("HTTP_ORIGIN"),
            visitor.inbox.options.get("origins") or [],
            host=environ.get("HTTP_HOST"),
            public_url=self._public_url,
        ):
            raise Forbidden("origin_refused")
        await self.enter_room(sid, rooms.contact(visitor.contact_id))
        return Member(sid, visitor, visitor.locale)

    async def _send(self, member: Member[Visitor], data: dict[str, Any]) -> dict[str, Any]:
        """Stored before it is acknowledged; sent again under the same ``client_id`` it changes nothing."""
        text, payload, files = data.get("text"), data.get("payload"), data.get("files", [])
        if not isinstance(text, str | None) or not isinstance(payload, str | None):
            raise Invalid("bad_request")
        if not isinstance(files, list) or not all(isinstance(id, str) and len(id) <= 64 for id in files):
            raise Invalid("bad_request")
        visitor = member.who
        inbound = Inbound(
            contact=visitor.external_id,
            text=text,
            payload=payload,
            client_id=text_of(data, "client_id"),
            customer_id=visitor.customer_id,
            name=visitor.name,
            locale=visitor.locale,
            uploads=tuple(files),
        )
        async with member.line:
            receipt = await self._conversations.receive(visitor.inbox, inbound)
        return {"message": receipt.message.for_customer()}

    async def _typing(self, member: Member[Visitor], data: dict[str, Any]) -> None:
        on = data.get("on") is True
        at = time.monotonic()
        if on and at - member.typed_at < TYPING_EVERY:
            return
        member.typed_at = at if on else 0.0
        await self._hub.typing(await self._thread(member), "customer", on, member.who.name)

    async def _read(self, member: Member[Visitor], data: dict[str, Any]) -> None:
        await self._conversations.read_by(await self._thread(member), "customer", number_of(data, "number"))

    async def _sync(self, member: Member[Visitor], data: dict[str, Any]) -> dict[str, Any]:
        """What came after number ``after``, at most a hundred; asked again until nothing comes."""
        after, thread = number_of(data, "after"), await self._thread(member)
        async with self._database.read() as session:
            conversation = await reading.view(session, thread)
            messages = await reading.messages(session, thread, after=after)
        return {
            "messages": [message.for_customer() for message in messages],
            "conversation": conversation.for_customer(),
        }

    async def _thread(self, member: Member[Visitor]) -> str:
        """Where the visitor talks now: in another thread than at the start, once both are one person's."""
        async with self._database.read() as session:
            found = await session.scalar(
                select(Contact.conversation_id).where(Contact.id == member.who.contact_id)
            )
        return found or member.who.conversation_id

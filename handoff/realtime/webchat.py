"""Namespace ``/``: web widgets made for Rasa, as visitors of our webchat inboxes.

A widget asks for a session with the id it remembers (``session_request {session_id}``), is given one
(``session_confirm id``), says things (``user_uttered {message, session_id, customData}``) and hears
``bot_uttered``. Ids are made here and cannot be guessed: knowing one is the right to its talk, so an
id that we did not make is never taken up. A contact is made when something is said, not before.

Which inbox: the one that ``customData.inbox`` names among those open to the page, or the only one that
is. ``customData`` may also hold ``language`` and a signed ``identity`` (:mod:`handoff.channels.identity`).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from socketio import AsyncServer
from sqlalchemy import select

from actions.db import Database
from handoff.channels.models import Inbox
from handoff.channels.registry import Inboxes
from handoff.channels.visitors import Visitor, Visitors
from handoff.channels.webchat import CHANNEL
from handoff.conversations.inbound import Inbound
from handoff.conversations.service import Conversations
from handoff.conversations.views import InboxView
from handoff.errors import Forbidden, Invalid, NotFound, Say, SetuError, Unauthorised
from handoff.realtime import rooms
from handoff.realtime.guard import Guarded, Member
from handoff.realtime.origins import is_allowed
from handoff.realtime.webchat_hub import NAMESPACE, WebchatHub
from handoff.realtime.webchat_missed import Missed

PAYLOAD = re.compile(r"/[A-Za-z_][\w-]*(\{.*\})?", re.DOTALL)  # a tapped button is said like a text
LONGEST_ID = 200


@dataclass(slots=True)
class Guest:
    """Who is at a widget. ``offered``: the id that was made for this socket and not used yet."""

    inboxes: tuple[str, ...]  # open to the page
    address: str
    offered: str = ""
    token: str = ""
    visitor: Visitor | None = None
    ended: str = ""  # why the line was closed


class WebchatSockets(Guarded[Guest]):
    def __init__(
        self,
        server: AsyncServer,
        *,
        texts: Say,
        database: Database,
        visitors: Visitors,
        inboxes: Inboxes,
        conversations: Conversations,
        hub: WebchatHub,
        public_url: str = "",
    ) -> None:
        super().__init__(NAMESPACE, server, texts)
        self._database = database
        self._visitors = visitors
        self._inboxes = inboxes
        self._conversations = conversations
        self._missed = Missed(database, hub)
        self._public_url = public_url
        self.events = {"session_request": self._session, "user_uttered": self._uttered}

    async def trigger_event(self, event: str, *args: Any) -> Any:
        if event in self.events and (len(args) < 2 or args[1] is None):
            args = (args[0], {})  # a session may be asked for with nothing at all
        member = self.members.get(args[0])
        if event == "disconnect" and member is not None and len(args) > 1:
            member.who.ended = str(args[1])
        return await super().trigger_event(event, *args)

    async def admit(self, sid: str, environ: dict[str, Any], auth: dict[str, Any]) -> Member[Guest]:  # noqa: ARG002
        origin, host = environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST")
        known = select(Inbox.id, Inbox.options).where(Inbox.channel == CHANNEL, ~Inbox.disabled)
        async with self._database.read() as session:
            found = (await session.execute(known)).all()
        opened = tuple(
            id
            for id, options in found
            if is_allowed(origin, options.get("origins") or [], host=host, public_url=self._public_url)
        )
        if not opened:
            raise Forbidden("origin_refused")
        client = (environ.get("asgi.scope") or {}).get("client") or ("",)
        return Member(sid, Guest(opened, str(client[0])))

    async def left(self, member: Member[Guest]) -> None:
        visitor = member.who.visitor
        if visitor is not None and not self._others(member, visitor):
            why = self._server.reason
            in_order = member.who.ended in (why.CLIENT_DISCONNECT, why.TRANSPORT_CLOSE)
            self._missed.left(visitor.contact_id, in_order)

    async def _session(self, member: Member[Guest], data: dict[str, Any]) -> None:
        async with member.line:
            token = data.get("session_id")
            visitor = await self._known(member, token)
            if visitor is None:
                who = member.who
                who.offered = "" if who.token else who.offered or secrets.token_urlsafe(32)
                await self.emit("session_confirm", who.token or who.offered, to=member.sid)
                return
            await self.emit("session_confirm", token, to=member.sid)
            await self._bind(member, visitor, str(token))

    async def _uttered(self, member: Member[Guest], data: dict[str, Any]) -> None:
        """Nobody waits for an acknowledgement here: what is wrong is said in the talk."""
        try:
            async with member.line:
                await self._receive(member, data)
        except SetuError as error:
            words = error.body(self._texts, member.language)["error"]["message"]
            await self.emit("bot_uttered", {"text": words}, to=member.sid)
            raise

    async def _receive(self, member: Member[Guest], data: dict[str, Any]) -> None:
        said, custom = data.get("message"), data.get("customData", data.get("metadata"))
        if not isinstance(said, str):
            raise Invalid("bad_request")
        custom = custom if isinstance(custom, dict) else {}
        language = custom.get("language") or custom.get("locale")
        locale = language if isinstance(language, str) else None
        member.language = locale or member.language
        visitor = await self._speaker(member, data.get("session_id"), custom, locale)
        tapped = PAYLOAD.fullmatch(said) is not None
        inbound = Inbound(
            contact=visitor.external_id,
            text=None if tapped else said,
            payload=said if tapped else None,
            title=said if tapped else None,
            customer_id=visitor.customer_id,
            name=visitor.name,
            locale=visitor.locale or locale,
        )
        await self._conversations.receive(await self._open(visitor.inbox.id), inbound)

    async def _speaker(
        self, member: Member[Guest], token: object, custom: dict[str, Any], locale: str | None
    ) -> Visitor:
        """Who speaks: by the id that came along, else by that of this socket, else somebody new."""
        who, identity = member.who, custom.get("identity")
        if token != who.token and (other := await self._known(member, token)):
            await self._bind(member, other, str(token))
        customer = identity.get("customer") if isinstance(identity, dict) else None
        if who.visitor and (identity is None or (customer and who.visitor.customer_id == customer)):
            return who.visitor
        found = await self._visitors.start(
            who.visitor.inbox if who.visitor else await self._inbox(who, custom),
            token=who.token or None,
            identity=identity,
            locale=locale,
            address=who.address,
            new_token=None if who.token else who.offered or None,
        )
        if found.token not in (who.token, who.offered):
            await self.emit("session_confirm", found.token, to=member.sid)
        visitor = await self._visitors.by_token(found.token)
        await self._bind(member, visitor, found.token)
        who.offered = ""
        return visitor

    async def _inbox(self, who: Guest, custom: dict[str, Any]) -> InboxView:
        named = custom.get("inbox")
        if named is not None and named not in who.inboxes:
            raise NotFound("inbox_unknown")
        if named is None and len(who.inboxes) > 1:
            raise NotFound("inbox_unknown")
        return await self._open(named or who.inboxes[0])

    async def _open(self, inbox_id: str) -> InboxView:
        inbox = await self._inboxes.get(inbox_id)
        if inbox.channel != CHANNEL or inbox.disabled:
            raise NotFound("inbox_unknown")
        return inbox

    async def _known(self, member: Member[Guest], token: object) -> Visitor | None:
        """Whose id it is, in an inbox that is open to this page."""
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_ID or not token.isprintable():
            return None
        try:
            visitor = await self._visitors.by_token(token)
        except Unauthorised:
            return None
        return visitor if visitor.inbox.id in member.who.inboxes else None

    async def _bind(self, member: Member[Guest], visitor: Visitor, token: str) -> None:
        """From now on this socket hears this visitor's talk; what was missed comes first."""
        who = member.who
        if who.visitor is not None and who.visitor.contact_id != visitor.contact_id:
            await self.leave_room(member.sid, rooms.contact(who.visitor.contact_id))
        again = who.visitor is not None and who.visitor.contact_id == visitor.contact_id
        who.visitor, who.token = visitor, token
        member.language = member.language or visitor.locale
        if again:
            return
        last = await self._missed.tell(visitor, member.sid, self._others(member, visitor))
        await self.enter_room(member.sid, rooms.contact(visitor.contact_id))
        await self._missed.tell_rest(visitor, member.sid, last)

    def _others(self, member: Member[Guest], visitor: Visitor) -> bool:
        """Whether the visitor has another line."""
        here = self._server.manager.get_participants(NAMESPACE, rooms.contact(visitor.contact_id))
        return any(sid != member.sid for sid, _ in here)

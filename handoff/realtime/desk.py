"""Namespace ``/desk``: agents' sockets. The cookie says who; what may be heard is decided by rooms."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from socketio import AsyncServer
from sqlalchemy import select

from actions.db import Database
from handoff.agents.models import Agent, SignIn
from handoff.agents.presence import Presence
from handoff.agents.roles import DESK as MAY_USE
from handoff.agents.roles import SEES_ALL
from handoff.agents.service import Accounts, token_hash
from handoff.conversations.models import Conversation
from handoff.conversations.ports import Bell, Hub
from handoff.desk import sight
from handoff.errors import Conflict, Forbidden, Say
from handoff.realtime import rooms
from handoff.realtime.guard import Guarded, Member, text_of
from handoff.realtime.hub import DESK
from handoff.realtime.origins import is_own

COOKIE = "setu_desk"
TYPING_EVERY = 1.0  # seconds


@dataclass(slots=True)
class Seat:
    """An agent's desk in one browser tab."""

    agent: Agent
    sign_in: str  # hash of its token


class DeskSockets(Guarded[Seat]):
    """``bell`` is rung whenever the team on duty may have changed."""

    def __init__(
        self,
        server: AsyncServer,
        *,
        texts: Say,
        database: Database,
        accounts: Accounts,
        presence: Presence,
        hub: Hub,
        bell: Bell,
        public_url: str = "",
    ) -> None:
        super().__init__(DESK, server, texts)
        self._database = database
        self._accounts = accounts
        self._presence = presence
        self._hub = hub
        self._bell = bell
        self._public_url = public_url
        self.events = {
            "watch": self._watch,
            "unwatch": self._unwatch,
            "typing": self._typing,
            "availability": self._availability,
        }

    async def admit(self, sid: str, environ: dict[str, Any], _auth: dict[str, Any]) -> Member[Seat]:
        if not is_own(environ.get("HTTP_ORIGIN"), host=environ.get("HTTP_HOST"), public_url=self._public_url):
            raise Forbidden("origin_refused")
        token = _cookie(environ.get("HTTP_COOKIE", ""))
        agent = await self._accounts.whose(token)
        if agent.role not in MAY_USE:
            raise Forbidden("role_refused")
        for room in (rooms.FLOOR, rooms.agent(agent.id), *_more(agent)):
            await self.enter_room(sid, room)
        await self._presence.seen([agent.id])
        self._bell.ring()
        return Member(sid, Seat(agent, token_hash(token or "")))

    async def left(self, member: Member[Seat]) -> None:
        if member.who.agent.id not in self.connected():
            await self._presence.left(member.who.agent.id)
        self._bell.ring()

    def connected(self) -> set[str]:
        """Ids of the agents whose desks are connected to this gateway."""
        return {member.who.agent.id for member in self.members.values()}

    async def check(self) -> None:
        """Close the sockets whose sign-in has ended (signed out, expired, new password, disabled)."""
        hashes = {member.who.sign_in for member in self.members.values()}
        if not hashes:
            return
        alive = (
            select(SignIn.token_hash)
            .join(Agent, Agent.id == SignIn.agent_id)
            .where(SignIn.token_hash.in_(hashes), SignIn.expires_at > self._accounts.now(), ~Agent.disabled)
        )
        async with self._database.read() as session:
            valid = set(await session.scalars(alive))
        for member in list(self.members.values()):
            if member.who.sign_in not in valid:
                await self.disconnect(member.sid)

    async def _watch(self, member: Member[Seat], data: dict[str, Any]) -> None:
        conversation_id = text_of(data, "conversation")
        async with self._database.read() as session:
            await sight.need(session, member.who.agent, conversation_id)
        for room in _watching(member.who.agent, conversation_id):
            await self.enter_room(member.sid, room)

    async def _unwatch(self, member: Member[Seat], data: dict[str, Any]) -> None:
        for room in _watching(member.who.agent, text_of(data, "conversation")):
            await self.leave_room(member.sid, room)

    async def _typing(self, member: Member[Seat], data: dict[str, Any]) -> None:
        """Only who has the conversation types in it."""
        conversation_id, on, at = text_of(data, "conversation"), data.get("on") is True, time.monotonic()
        if on and at - member.typed_at < TYPING_EVERY:
            return
        agent = member.who.agent
        own = select(Conversation.id).where(
            Conversation.id == conversation_id,
            Conversation.agent_id == agent.id,
            Conversation.status == "assigned",
        )
        async with self._database.read() as session:
            if await session.scalar(own) is None:
                raise Conflict("not_yours")
        member.typed_at = at if on else 0.0
        await self._hub.typing(conversation_id, "agent", on, agent.name)

    async def _availability(self, member: Member[Seat], data: dict[str, Any]) -> None:
        await self._presence.choose(member.who.agent.id, text_of(data, "value"))
        self._bell.ring()


def _more(agent: Agent) -> list[str]:
    return [rooms.OVERSEERS] if agent.role in SEES_ALL else []


def _watching(agent: Agent, conversation_id: str) -> list[str]:
    watched = [rooms.watch(conversation_id)]
    return [*watched, rooms.oversee(conversation_id)] if agent.role in SEES_ALL else watched


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None

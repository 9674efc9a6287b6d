"""The door of the desk: who is signed in, and whether a call comes from our own page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from fastapi import Request, Response

from handoff.agents.models import Agent
from handoff.agents.presence import BEAT, Presence
from handoff.agents.roles import DESK, WORKBENCH
from handoff.agents.service import Accounts, Signed
from handoff.errors import Forbidden
from handoff.realtime.desk import COOKIE
from handoff.realtime.origins import is_own

SAFE = frozenset({"GET", "HEAD"})


class Door:
    def __init__(self, accounts: Accounts, presence: Presence, public_url: str = "") -> None:
        self._accounts = accounts
        self._presence = presence
        self._public_url = public_url

    def same_site(self, request: Request) -> None:
        """A state-changing call needs ``X-Setu: 1`` (no form can send it) and our own origin.

        :class:`Forbidden` otherwise. The cookie's SameSite=Strict says the same a third time.
        """
        if request.method in SAFE:
            return
        headers = request.headers
        own = is_own(headers.get("origin"), host=headers.get("host"), public_url=self._public_url)
        if headers.get("x-setu") != "1" or not own:
            raise Forbidden("origin_refused")

    async def agent(self, request: Request) -> Agent:
        """The signed-in agent; every call is a sign of life.

        :class:`~handoff.errors.Unauthorised` for nobody, :class:`Forbidden` for a role without desk.
        """
        agent = await self._one_of(DESK, request)
        if agent.seen_at is None or agent.seen_at < self._accounts.now() - BEAT:
            await self._presence.seen([agent.id])
        return agent

    async def trainer(self, request: Request) -> Agent:
        """The same for the workbench. Being there is no sign that one answers customers."""
        return await self._one_of(WORKBENCH, request)

    async def _one_of(self, roles: Collection[str], request: Request) -> Agent:
        self.same_site(request)
        agent = await self._accounts.whose(request.cookies.get(COOKIE))
        if agent.role not in roles:
            raise Forbidden("role_refused")
        return agent

    def let_in(self, request: Request, response: Response, signed: Signed) -> None:
        """Give the browser its cookie."""
        response.set_cookie(
            COOKIE,
            signed.token,
            max_age=_seconds(signed.expires_at, self._accounts.now()),
            path="/",
            httponly=True,
            samesite="strict",
            secure=self._is_https(request),
        )

    def let_out(self, request: Request, response: Response) -> None:
        """Take the cookie back."""
        response.delete_cookie(
            COOKIE, path="/", httponly=True, samesite="strict", secure=self._is_https(request)
        )

    def _is_https(self, request: Request) -> bool:
        return request.url.scheme == "https" or self._public_url.startswith("https://")


def _seconds(until: datetime, at: datetime) -> int:
    return max(0, int((until - at).total_seconds()))

"""HTTP of agents: sign in and out, who am I, availability, password, the team, canned replies."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from actions.db import Database
from actions.texts import Texts
from handoff.agents import canned
from handoff.agents.models import Agent
from handoff.agents.presence import Presence, as_json
from handoff.agents.service import Accounts
from handoff.conversations.ports import Bell
from handoff.desk.access import Door
from handoff.errors import Unauthorised
from handoff.realtime.desk import COOKIE, DeskSockets


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(Body):
    email: str
    password: str


class Availability(Body):
    value: str


class NewPassword(Body):
    old: str
    new: str


def router(
    *,
    database: Database,
    accounts: Accounts,
    presence: Presence,
    door: Door,
    sockets: DeskSockets,
    texts: Texts,
    bell: Bell,
) -> APIRouter:
    api = APIRouter(prefix="/api/desk", tags=["desk"])

    def language_of(agent: Agent) -> str:
        return next((one for one in agent.languages if one in texts.languages), "en")

    @api.get("/texts")
    async def the_texts(request: Request, language: str | None = None) -> dict[str, Any]:
        """The words of the desk before anybody has signed in, and whether this browser is signed in.

        The page asks here first: a refused ``/me`` would stand as an error in the browser's console.
        """
        try:
            await accounts.whose(request.cookies.get(COOKIE))
            signed_in = True
        except Unauthorised:
            signed_in = False
        return {"texts": texts.section("desk", language), "signed_in": signed_in}

    @api.post("/sign-in", dependencies=[Depends(door.same_site)])
    async def sign_in(request: Request, response: Response, body: Credentials) -> dict[str, Any]:
        address = request.client.host if request.client else ""
        signed = await accounts.sign_in(body.email, body.password, address)
        door.let_in(request, response, signed)
        return {"agent": as_json(signed.agent, accounts.now())}

    @api.post("/sign-out", dependencies=[Depends(door.same_site)])
    async def sign_out(request: Request, response: Response) -> dict[str, Any]:
        """Ends the sign-in and its live connections. Open conversations stay the agent's for a while."""
        token = request.cookies.get(COOKIE)
        if token:
            await accounts.sign_out(token)
            await sockets.check()
        door.let_out(request, response)
        return {}

    @api.get("/me")
    async def me(agent: Agent = Depends(door.agent)) -> dict[str, Any]:
        language = language_of(agent)
        return {
            "agent": as_json(agent, accounts.now()) | {"email": agent.email},
            "texts": texts.section("desk", language),
            "language": language,
            "languages": texts.languages,
        }

    @api.put("/me/availability")
    async def availability(body: Availability, agent: Agent = Depends(door.agent)) -> dict[str, Any]:
        await presence.choose(agent.id, body.value)
        bell.ring()
        return {"value": body.value}

    @api.put("/me/password")
    async def password(
        request: Request, response: Response, body: NewPassword, agent: Agent = Depends(door.agent)
    ) -> dict[str, Any]:
        """A new password ends every other sign-in of the agent, live connections too."""
        signed = await accounts.change_password(agent, body.old, body.new)
        await sockets.check()
        door.let_in(request, response, signed)
        return {}

    @api.get("/agents")
    async def team(_: Agent = Depends(door.agent)) -> dict[str, Any]:
        return {"agents": await presence.team()}

    @api.get("/canned")
    async def canned_replies(language: str | None = None, _: Agent = Depends(door.agent)) -> dict[str, Any]:
        async with database.read() as session:
            replies = await canned.listed(session, language)
        return {
            "canned": [
                {"id": one.id, "shortcut": one.shortcut, "language": one.language, "text": one.text}
                for one in replies
            ]
        }

    return api

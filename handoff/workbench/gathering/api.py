"""HTTP of the queue: pages of it, leases, one utterance with what was said around it, import, topics."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.agents.roles import OVERRIDES, WORKBENCH
from handoff.errors import Forbidden, Invalid, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.gathering import importing, loading, queue, surroundings, topics
from handoff.workbench.gathering.counting import Counting
from handoff.workbench.gathering.queue import Filter
from handoff.workbench.gathering.views import shown
from handoff.workbench.models import Utterance

SIMILAR = 50  # shown of a group
ASSIGNED = 1000  # at once
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
CODE = r"^[A-Za-z0-9_-]{1,64}$"


class Take(BaseModel):
    view: str = "useful"
    topic: str | None = Field(default=None, pattern=CODE)
    language: str | None = Field(default=None, pattern=CODE)
    reason: str | None = Field(default=None, pattern=CODE)
    intent: str | None = Field(default=None, pattern=CODE)
    q: str = Field(default="", max_length=200, pattern=PRINTABLE)
    count: int = 10

    def wanted(self, *, indexed: bool) -> Filter:
        chosen = Filter(self.view, self.topic, self.language, self.reason, self.intent, self.q, indexed)
        return chosen.checked()


class Assign(Take):
    """To whom (null: to nobody) ``ids``, or as many of a view."""

    to: str | None = None
    ids: list[str] = Field(default_factory=list, max_length=ASSIGNED)


def router(context: Context) -> APIRouter:
    api = APIRouter(prefix="/api/workbench", tags=["workbench queue"])
    database, door, clock = context.database, context.door, context.clock
    counting = Counting(context)

    @api.get("/queue")
    async def listed(
        view: str = "useful",
        topic: str | None = Query(default=None, pattern=CODE),
        language: str | None = Query(default=None, pattern=CODE),
        reason: str | None = Query(default=None, pattern=CODE),
        intent: str | None = Query(default=None, pattern=CODE),
        q: str = Query(default="", max_length=200, pattern=PRINTABLE),
        after: int = Query(default=0, ge=0, le=100_000),
        agent: Agent = Depends(door.trainer),
    ) -> dict[str, Any]:
        wanted = Filter(view, topic, language, reason, intent, q, database.is_sqlite).checked()
        counts = await counting.counts(agent)
        async with database.read() as session:
            page = await queue.page(session, agent, wanted, after, clock())
            utterances = await shown(session, agent, page.rows, page.random)
        return {"utterances": utterances, "next": page.next, "counts": counts}

    @api.post("/queue/take")
    async def take(body: Take, agent: Agent = Depends(door.trainer)) -> dict[str, Any]:
        """Nobody else gets these for a while; those that one has already come again."""
        wanted = body.wanted(indexed=database.is_sqlite)
        async with database.write(hurry=True) as session:
            page = await queue.take(session, agent, wanted, body.count, clock())
            utterances = await shown(session, agent, page.rows, page.random)
        return {"utterances": utterances, "until": (clock() + queue.LEASE).isoformat()}

    @api.post("/queue/assign")
    async def assign(body: Assign, agent: Agent = Depends(door.trainer)) -> dict[str, Any]:
        if agent.role not in OVERRIDES:
            raise Forbidden("assigning_forbidden")
        if not body.ids and not 1 <= body.count <= ASSIGNED:
            raise Invalid("count_out_of_range", most=ASSIGNED)
        wanted = body.wanted(indexed=database.is_sqlite)
        async with database.write() as session:
            if body.to is not None:
                person = await session.get(Agent, body.to)
                if person is None or person.disabled or person.role not in WORKBENCH:
                    raise Invalid("assignee_unknown")
            ids = await queue.assign(session, body.to, wanted, body.ids, body.count, clock())
            audit.note(session, agent.id, "queue_assigned", body.to, count=len(ids))
        return {"assigned": len(ids), "ids": ids}

    @api.get("/utterances/{id}")
    async def one(id: str, agent: Agent = Depends(door.trainer)) -> dict[str, Any]:
        async with database.read() as session:
            row = await session.get(Utterance, id)
            if row is None:
                raise NotFound("utterance_unknown")
            alike = select(Utterance).where(
                Utterance.group_id == (row.group_id or row.id), Utterance.id != id
            )
            group = (await session.scalars(alike.order_by(Utterance.count.desc()).limit(SIMILAR))).all()
            views = await shown(session, agent, [row, *group])
            context_ = await surroundings.around(session, row.conversation_id, row.number)
        return {"utterance": views[0], "similar": views[1:], "context": context_}

    @api.post("/import")
    async def imported(request: Request, agent: Agent = Depends(door.trainer)) -> dict[str, Any]:
        """The body is the file itself; X-Name, its name, tells by its ending what it is."""
        name = request.headers.get("X-Name", "")
        read = importing.read(await _body(request), name)
        return await loading.load(context, agent, read)

    @api.get("/topics")
    async def the_topics(agent: Agent = Depends(door.trainer)) -> dict[str, Any]:
        async with database.read() as session:
            return {"topics": await topics.listed(session, agent)}

    return api


async def _body(request: Request) -> bytes:
    """Raises :class:`TooLarge` before more than that has been read."""
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        importing.check_size(size)
        parts.append(part)
    return b"".join(parts)

"""Runs as people see them: begun, looked at, cancelled. What carries them out is :mod:`.work`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.db import after_commit
from handoff.agents.models import Agent
from handoff.errors import Conflict, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.models import Change, Model, Promotion, Run

GOING = ("queued", "checking", "training", "comparing")


class Runs:
    """``bell`` is rung when a run is waiting, or somebody wants one to end."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.bell = asyncio.Event()

    async def start(self, agent: Agent) -> str:
        """The id of a new run; :class:`Conflict` while another one goes: there is one set of data."""
        try:
            async with self._context.database.write(hurry=True) as session:
                # The number first: a run begun by another gateway after it was read has the same one.
                last = await session.scalar(select(func.max(Run.number))) or 0
                if await session.scalar(select(Run.id).where(Run.state.in_(GOING))):
                    raise Conflict("run_going")
                live = await live_model(session)
                run = Run(number=last + 1, agent_id=agent.id, champion=live, created_at=self._context.clock())
                session.add(run)
                await session.flush()
                audit.note(session, agent.id, "run_started", run.id, number=run.number)
                after_commit(session, self._ring)
                return run.id
        except IntegrityError:
            raise Conflict("run_going") from None

    async def cancel(self, agent: Agent, run_id: str) -> None:
        """Whoever carries it out ends it within a second; one that waits ends at once."""
        async with self._context.database.write(hurry=True) as session:
            run = await session.get(Run, run_id)
            if run is None:
                raise NotFound("run_unknown")
            wished = (
                update(Run)
                .where(Run.id == run_id, Run.state.in_(GOING), Run.cancelled_by.is_(None))
                .values(cancelled_by=agent.id)
            )
            if not (await session.execute(wished)).rowcount:  # type: ignore[attr-defined]
                return  # it has ended, or somebody else was faster
            waiting = update(Run).where(Run.id == run_id, Run.state == "queued")
            await session.execute(waiting.values(state="cancelled", ended_at=self._context.clock()))
            audit.note(session, agent.id, "run_cancelled", run_id)
            after_commit(session, self._ring)

    async def one(self, run_id: str) -> dict[str, Any]:
        """The run with its report."""
        async with self._context.database.read() as session:
            row = (await session.execute(_with_names().where(Run.id == run_id))).first()
        if row is None:
            raise NotFound("run_unknown")
        return _as_json(*row) | {"report": row[0].report}

    async def listed(self, most: int = 30) -> dict[str, Any]:
        """Newest first, without reports; and what a training now would learn anew."""
        async with self._context.database.read() as session:
            rows = (await session.execute(_with_names().order_by(Run.number.desc()).limit(most))).all()
            name = await live_model(session)
            live = await session.get(Model, name) if name else None
            news = select(Change).where(Change.state == "applied").order_by(Change.settled_at)
            if live is not None:
                news = news.where(Change.settled_at > live.trained_at)
            changes = (await session.scalars(news)).all()
        return {
            "runs": [_as_json(*row) for row in rows],
            "live": name,
            "waiting": [{"id": one.id, "title": one.title, "settled_at": one.settled_at} for one in changes],
        }

    async def _ring(self) -> None:
        self.bell.set()


async def live_model(session: AsyncSession) -> str | None:
    """The name of the model that is live, if one was ever recorded."""
    return await session.scalar(select(Promotion.model).order_by(Promotion.id.desc()).limit(1))


def archive(models: Path, name: str) -> Path:
    """Where a model of that name lies."""
    return models / f"{name}.tar.gz"


def _with_names() -> Any:
    return select(Run, Agent.name).join(Agent, Agent.id == Run.agent_id)


def _as_json(run: Run, starter: str) -> dict[str, Any]:
    return {
        "id": run.id,
        "number": run.number,
        "state": run.state,
        "step": run.step,
        "share": run.share,
        "agent": {"id": run.agent_id, "name": starter},
        "champion": run.champion,
        "challenger": run.challenger,
        "seconds": run.seconds,
        "data": run.data,
        "problems": run.problems,
        "failure": run.failure,
        "verdict": run.verdict,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
    }

"""Making a model live, and going back: decided, done on all servers or none, then put on record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from handoff.agents.models import Agent
from handoff.agents.roles import OVERRIDES
from handoff.errors import Conflict, Invalid, Say, Unavailable
from handoff.ops import model as ops
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.models import Model, Promotion, Shadow
from handoff.workbench.promotion import records
from handoff.workbench.promotion.decide import LEAST_REASON, Wanted, failed_lines, former, to_keep
from handoff.workbench.promotion.fleet import Away, Fleet, Refused
from handoff.workbench.promotion.lease import Lease, Taken
from handoff.workbench.promotion.records import Origin, archive_of, wanted

PATIENCE = 30.0  # seconds for another gateway to end what it does with the servers

log = structlog.get_logger()


class GateRefused(Conflict):
    """The comparison speaks against it; ``lines`` of the verdict say what."""

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("gate_refused")
        self.lines = list(lines)

    def body(self, texts: Say, language: str | None = None) -> dict[str, Any]:
        def name(line: Mapping[str, Any]) -> str:
            try:
                named = texts.say(f"workbench.runs.verdict.{line['code']}.name", language)
            except KeyError:
                named = str(line["code"])
            return f"{named}: {line['subject']}" if line.get("subject") else named

        self.values = {"lines": "; ".join(map(name, self.lines))}
        return {"error": {**super().body(texts, language)["error"], "lines": self.lines}}


class Promotions:
    """``lease`` keeps everybody else from changing servers; ``bell`` is rung when something is to be done."""

    def __init__(self, context: Context, fleet: Fleet, lease: Lease, origin: Origin) -> None:
        self._context = context
        self._fleet = fleet
        self._lease = lease
        self._origin = origin
        self.bell = asyncio.Event()

    async def promote(self, agent: Agent, name: str, override: str | None = None) -> None:
        """Make a model live. :class:`GateRefused` unless its run's verdict allows it, or somebody who may
        says why it should be so all the same."""
        reason = (override or "").strip()
        async with self._alone():
            async with self._context.database.read() as session:
                model = await records.the_model(session, name)
                run = await records.run_of(session, model)
                newest = await records.newest(session)
            live = newest[1] if newest else None
            if live and live.name == name:
                raise Conflict("model_live")
            verdict = run.verdict if run is not None and run.state == "done" else None
            lines = failed_lines(verdict, run.champion if run else None, live.name if live else None)
            if lines and not (reason and agent.role in OVERRIDES):
                raise GateRefused(lines)
            if lines and len(reason) < LEAST_REASON:
                raise Invalid("override_short", least=LEAST_REASON)
            row = Promotion(
                kind="promote",
                model=name,
                before=live.name if live else None,
                agent_id=agent.id,
                verdict=verdict,
                override=reason if lines else None,
            )
            what = "model_overridden" if lines else "model_promoted"
            await self._change(row, model, live, agent, what)

    async def roll_back(self, agent: Agent) -> None:
        """To the model that was live before, whatever its comparison said: customers knew it."""
        async with self._alone():
            async with self._context.database.read() as session:
                newest = await records.newest(session)
                name = former(await records.history(session))
                model = await records.the_model(session, name) if name else None
            if newest is None or model is None:
                raise Conflict("nothing_before")
            row = Promotion(kind="roll_back", model=model.name, before=newest[1].name, agent_id=agent.id)
            await self._change(row, model, newest[1], agent, "model_rolled_back")

    def _alone(self) -> _Alone:
        return _Alone(self._lease)

    async def _change(
        self, row: Promotion, model: Model, live: Model | None, agent: Agent, what: str
    ) -> None:
        archive = await self._archive(model)
        before = (wanted(live), self._path(live)) if live and self._path(live).exists() else None
        try:
            done = await self._fleet.change(wanted(model), archive, before)
        except Refused as no:
            await self._failed(agent, model, no.server)
            raise Conflict("server_refused", server=no.server, why=no.message) from no
        except Away as nobody:
            raise Unavailable("no_server") from nobody
        row.at = self._context.clock()
        try:
            async with self._context.database.write(hurry=True) as session:
                session.add(row)
                audit.note(session, agent.id, what, model.name, before=row.before, override=row.override)
                await _end_shadow(session, self._context)
        except BaseException:
            if before is not None:  # nobody would know of it, and the next look would undo it
                await asyncio.shield(self._fleet.back(done, *before))
            raise
        await self.point(row, model)
        await self.prune()
        self.bell.set()

    async def _failed(self, agent: Agent, model: Model, server: str) -> None:
        async with self._context.database.write(hurry=True) as session:
            audit.note(session, agent.id, "promotion_failed", model.name, server=server)

    async def _archive(self, model: Model) -> Path:
        """The model's file, which is the one that was trained."""
        path = self._path(model)
        if not path.exists():
            raise Conflict("model_missing")
        if await asyncio.to_thread(ops.sha256_of, path) != model.sha256:
            raise Conflict("model_touched")
        return path

    def _path(self, model: Model) -> Path:
        return archive_of(self._context.models, model.name)

    async def point(self, row: Promotion, model: Model) -> None:
        """Let ``./setu up`` start with it. Without that the servers are still brought to it."""
        async with self._context.database.read() as session:
            run = await records.run_of(session, model)
        learnt = str((run.data if run else {}).get("fingerprint") or "")
        if model.run_id is None:
            known = ops.promoted(self._context.home)
            learnt = known.data if known and known.sha256 == model.sha256 else learnt
        live = ops.Promoted(model.name, model.sha256, model.recipe, learnt, str(row.id))
        try:
            await asyncio.to_thread(ops.point_to, live, self._context.home)
        except OSError as error:
            log.warning("pointer_not_written", why=str(error))

    async def prune(self) -> None:
        """Remove archives that nobody will want: of those trained here all but the last ones, and the last
        ones promoted."""
        async with self._context.database.read() as session:
            promoted = list(await session.scalars(select(Promotion.model).order_by(Promotion.id.desc())))
            trained = [model.name for model, run in await records.all_models(session) if run is not None]
            going = await records.going_shadow(session)
            before = former(await records.history(session))
        in_use = {name for name in (going and going[1].name, before) if name}
        for name in set(trained) - to_keep(promoted, trained, in_use):
            path = archive_of(self._context.models, name)
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def listed(self) -> dict[str, Any]:
        """``former``: what rolling back leads to; None where there is no way back."""
        recipe = await asyncio.to_thread(self._origin.recipe)
        async with self._context.database.read() as session:
            models = await records.all_models(session)
            live = await records.newest(session)
            past = await records.promotions_as_json(session)
            before = former(await records.history(session))
        there = await asyncio.to_thread(
            lambda: {model.name for model, _ in models if self._path(model).exists()}
        )
        return {
            "live": live[1].name if live else None,
            "former": before if before in there else None,
            "models": [
                {
                    "name": model.name,
                    "size": model.size,
                    "trained_at": model.trained_at,
                    "run": {"id": run.id, "number": run.number} if run else None,
                    "live": live is not None and model.name == live[1].name,
                    "recipe_fits": model.recipe in ("", recipe),
                    "verdict": run.verdict if run else None,
                }
                for model, run in models
                if model.name in there or (live is not None and model.name == live[1].name)
            ],
            "history": past,
        }

    async def wished(self) -> tuple[Promotion, Model] | None:
        async with self._context.database.read() as session:
            return await records.newest(session)


class _Alone:
    """The lease held, or a conflict that a person understands."""

    def __init__(self, lease: Lease) -> None:
        self._held = lease.held(PATIENCE)

    async def __aenter__(self) -> None:
        try:
            await self._held.__aenter__()
        except Taken:
            raise Conflict("promotion_going") from None

    async def __aexit__(self, *error: Any) -> None:
        await self._held.__aexit__(*error)


async def _end_shadow(session: Any, context: Context) -> None:
    """What is live has changed: there is nothing to compare with any more."""
    for shadow in await session.scalars(select(Shadow).where(Shadow.ended_at.is_(None))):
        shadow.ended_at = context.clock()
        audit.note(session, None, "shadow_ended", shadow.model)


__all__ = ["GateRefused", "Promotions", "Wanted"]

"""Every few seconds each server is asked what it holds, and brought to what is on record.

So a server that was away, or has started with an older model, is caught up; and what is told to be live is
told by the newest promotion alone.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog

from handoff.ops import model as ops
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.models import Model, Promotion, Watermark
from handoff.workbench.promotion import decide, records
from handoff.workbench.promotion.decide import Held, Step, Wanted
from handoff.workbench.promotion.fleet import Away, Fleet, Refused
from handoff.workbench.promotion.lease import Lease, Taken
from handoff.workbench.promotion.records import Origin, archive_of, wanted
from handoff.workbench.promotion.service import Promotions

LOOK = 3.0  # seconds between two looks
PRUNE = 200  # looks between two prunings
AGAIN = timedelta(minutes=1)  # until a server that refused a model is offered it once more
FAILURES = "promotion.failures"  # a watermark: {server: {sha256, message, until}}

log = structlog.get_logger()


class Reconcile:
    def __init__(
        self, context: Context, promotions: Promotions, fleet: Fleet, lease: Lease, origin: Origin
    ) -> None:
        self._context = context
        self._promotions = promotions
        self._fleet = fleet
        self._lease = lease
        self._origin = origin

    async def run(self) -> None:
        """For as long as the gateway runs."""
        bell, looks = self._promotions.bell, 0
        while True:
            bell.clear()
            try:
                await self.look()
                looks += 1
                if looks % PRUNE == 0:
                    await self._promotions.prune()
            except Exception:
                log.exception("reconcile_failed")
            # Not wait_for: on 3.11 it swallows being cancelled in the moment that the bell rings.
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await bell.wait()

    async def look(self) -> None:
        """One look, and what follows from it."""
        if not await self._lacking() and not await self._unrecorded():
            return
        with suppress(Taken):
            async with self._lease.held():
                # Looked at again: another gateway may have done it, or promoted another model, meanwhile.
                if await self._unrecorded():
                    await self._record()
                await asyncio.gather(*map(self._do, await self._lacking()))

    async def servers(self) -> list[dict[str, Any]]:
        """``[{url, state, model, error}]`` as of now."""
        live, _, failures = await self._wishes()
        seen = await self._fleet.look()
        told = []
        for server, held in seen.items():
            failure = failures.get(server)
            mine = failure if failure and live and failure["sha256"] == live.sha256 else None
            state = decide.state_of(held, live, mine and mine["message"])
            model = held.live.name if held and held.live else None
            error = mine["message"] if mine and state == "failed" else None
            told.append({"url": server, "state": state, "model": model, "error": error})
        return told

    async def _wishes(self) -> tuple[Wanted | None, Wanted | None, dict[str, Any]]:
        async with self._context.database.read() as session:
            live = await records.newest(session)
            shadow = await records.going_shadow(session)
            failures = await session.get(Watermark, FAILURES)
        return (
            wanted(live[1]) if live else None,
            wanted(shadow[1]) if shadow else None,
            dict(failures.value) if failures else {},
        )

    async def _lacking(self) -> list[Step]:
        live, shadow, failures = await self._wishes()
        now = self._context.clock().isoformat()
        unable = {(server, told["sha256"]) for server, told in failures.items() if told["until"] > now}
        found = decide.steps(await self._fleet.look(), live, shadow, unable)
        there = {one.model: self._path(one.model).exists() for one in found if one.model}
        return [step for step in found if step.model is None or there[step.model]]

    async def _do(self, step: Step) -> None:
        try:
            if step.model is None:
                await self._fleet.drop(step.server, step.role)
            else:
                await self._fleet.put(step.server, step.role, step.model, self._path(step.model))
                log.info("bot_caught_up", server=step.server, role=step.role, model=step.model.name)
        except Away:
            return  # looked at again soon
        except Refused as no:
            log.warning("bot_not_caught_up", server=step.server, why=no.message)
            if step.model is not None:
                await self._remember(step.server, step.model, no.message)

    async def _remember(self, server: str, model: Wanted, message: str) -> None:
        until = (self._context.clock() + AGAIN).isoformat()
        told = {"sha256": model.sha256, "message": message[:500], "until": until}
        async with self._context.database.write() as session:
            row = await session.get(Watermark, FAILURES)
            if row is None:
                session.add(Watermark(name=FAILURES, value={server: told}, at=self._context.clock()))
            else:
                row.value = {**row.value, server: told}

    async def _unrecorded(self) -> Wanted | None:
        """What is live without a record of it: what ``./setu up`` has chosen by itself, or, as long as
        nothing was ever promoted, what the servers run."""
        live, _, _ = await self._wishes()
        pointer = await asyncio.to_thread(ops.promoted, self._context.home)
        if pointer and not pointer.promotion:
            chosen = Wanted(pointer.name, pointer.sha256)
            if chosen != live and self._path(chosen).exists():
                return chosen
        if live is not None:
            return None
        seen: list[Held] = [held for held in (await self._fleet.look()).values() if held is not None]
        return next((held.live for held in seen if held.live), None)

    async def _record(self) -> None:
        found = await self._unrecorded()
        if found is None:
            return
        path = self._path(found)
        size = (await asyncio.to_thread(path.stat)).st_size if path.exists() else 0
        recipe, data = await asyncio.to_thread(self._made_from, found)
        async with self._context.database.write(hurry=True) as session:
            live = await records.newest(session)
            model = await session.get(Model, found.name)
            if model is None:
                model = Model(name=found.name, sha256=found.sha256, size=size, recipe=recipe)
                model.trained_at = self._context.clock()
                session.add(model)
                await session.flush()
            model.sha256 = found.sha256
            row = Promotion(kind="first", model=found.name, before=live[1].name if live else None)
            row.at = self._context.clock()
            session.add(row)
            audit.note(session, None, "model_first", found.name)
            await session.flush()
        if path.exists():
            pointer = ops.Promoted(found.name, found.sha256, recipe, data, str(row.id))
            await asyncio.to_thread(ops.point_to, pointer, self._context.home)

    def _made_from(self, found: Wanted) -> tuple[str, str]:
        """Recipe and data of a model that was not trained by the workbench; empty if nobody knows."""
        pointer = ops.promoted(self._context.home)
        if pointer and pointer.sha256 == found.sha256:
            return pointer.recipe, pointer.data
        recipe, data = self._origin.recipe(), self._origin.data()
        fits = found.name == f"setu-{ops.named(recipe, data)}"
        return (recipe, data) if fits else ("", "")

    def _path(self, model: Wanted) -> Any:
        return archive_of(self._context.models, model.name)

"""What carries runs out: one at a time, by lease, so that a run whose gateway died is begun again."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import or_, select, update

from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.models import Model, Run
from handoff.workbench.runs.service import GOING, Runs, archive, live_model
from handoff.workbench.runs.worker import Tell, Worker, WorkerFailed

LEASE = timedelta(seconds=20)
BEAT = 0.5  # seconds between looks: at cancelling, with the progress told
LOOK = 5.0  # seconds between looks for a run that another gateway was asked for, or left behind

#: Where a step's share lies in the whole.
STEPS = {"checking": (0.0, 0.08), "training": (0.08, 0.5), "comparing": (0.5, 1.0)}

Done = TypeVar("Done")
Compare = Callable[[Path | None, Path, Tell], Awaitable[tuple[dict[str, Any], dict[str, Any]]]]
Prepare = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class Invalid(Exception):
    """The data has errors; they are in the run."""


class Work:
    """``compare`` gives report and verdict; ``prepare`` makes ready, beside the training, what it needs;
    ``recipe`` is the fingerprint of what models are made with here, ``learnt`` that of the data."""

    def __init__(
        self,
        context: Context,
        runs: Runs,
        worker: Worker,
        compare: Compare,
        prepare: Prepare,
        recipe: Callable[[], str],
        learnt: Callable[[], str] = str,
    ) -> None:
        self._context, self._runs, self._worker = context, runs, worker
        self._compare, self._prepare, self._recipe = compare, prepare, recipe
        self._learnt = learnt
        self._told: dict[str, Any] = {}

    async def run(self) -> None:
        """For as long as the gateway runs."""
        while True:
            self._runs.bell.clear()
            try:
                while run_id := await self._claimed():
                    await self._carry_out(run_id)
            except Exception:
                log.exception("run_failed")
            # Not wait_for: on 3.11 it swallows being cancelled in the moment that the bell rings.
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._runs.bell.wait()

    async def _claimed(self) -> str | None:
        """A run that nobody carries out, now ours."""
        now = self._context.clock()
        free = or_(Run.lease_until.is_(None), Run.lease_until < now)
        async with self._context.database.read() as session:
            found = await session.scalar(select(Run.id).where(Run.state.in_(GOING), free).limit(1))
        if found is None:
            return None
        claim = update(Run).where(Run.id == found, Run.state.in_(GOING), free)
        anew = {"state": "checking", "share": 0.0, "step": "", "problems": [], "seconds": {}}
        ours = {"lease_owner": self._context.holder, "lease_until": now + LEASE}
        async with self._context.database.write() as session:
            claimed = await session.execute(claim.values(**anew, **ours))
        return found if claimed.rowcount else None  # type: ignore[attr-defined]

    async def _carry_out(self, run_id: str) -> None:
        self._told = {}
        work = asyncio.create_task(self._steps(run_id))
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=BEAT)
                if not await self._beat(run_id):
                    work.cancel()
                    await asyncio.wait({work})
            ended = self._ended(work)
        except asyncio.CancelledError:
            # The gateway goes: the next one begins again, at once.
            work.cancel()
            await asyncio.wait({work})
            await self._kept(run_id, lease_until=None)
            raise
        if ended is not None:
            await self._kept(run_id, **ended, lease_until=None, ended_at=self._context.clock())

    def _ended(self, work: asyncio.Task[None]) -> dict[str, Any] | None:
        """What is to be recorded of a run that has ended."""
        if work.cancelled():
            return {"state": "cancelled"}
        wrong = work.exception()
        if wrong is None:
            return {"state": "done", "share": 1.0}
        if isinstance(wrong, Invalid):
            return {"state": "invalid"}
        if isinstance(wrong, WorkerFailed):
            return {"state": "failed", "failure": {"code": wrong.code, "message": wrong.message}}
        log.error("run_failed", exc_info=wrong)
        return {"state": "failed", "failure": {"code": "failed", "message": type(wrong).__name__}}

    async def _beat(self, run_id: str) -> bool:
        """Tell the progress, keep the lease; whether it is still wanted and still ours."""
        ours = update(Run).where(Run.id == run_id, Run.lease_owner == self._context.holder)
        going = ours.where(Run.cancelled_by.is_(None))
        values = self._told | {"lease_until": self._context.clock() + LEASE}
        async with self._context.database.write(hurry=True) as session:
            return bool((await session.execute(going.values(**values))).rowcount)  # type: ignore[attr-defined]

    async def _kept(self, run_id: str, **values: Any) -> None:
        ours = update(Run).where(Run.id == run_id, Run.lease_owner == self._context.holder)
        async with self._context.database.write(hurry=True) as session:
            await session.execute(ours.values(**values))

    async def _steps(self, run_id: str) -> None:
        ready = asyncio.create_task(self._prepare())
        try:
            seconds: dict[str, float] = {}
            data = await self._timed("checking", seconds, lambda tell: self._check(run_id, tell))
            await self._kept(run_id, data=data)
            name, champion = await self._timed("training", seconds, lambda tell: self._train(run_id, tell))
            await self._kept(run_id, challenger=name)
            challenger = archive(self._context.models, name)

            async def compare(tell: Tell) -> tuple[dict[str, Any], dict[str, Any]]:
                await ready
                return await self._compare(champion, challenger, tell)

            report, verdict = await self._timed("comparing", seconds, compare)
            report.setdefault("cost", {})["train_seconds"] = seconds["training"]
            await self._kept(run_id, report=report, verdict=verdict, seconds=seconds)
        finally:
            ready.cancel()
            await asyncio.wait({ready})

    async def _timed(
        self, state: str, seconds: dict[str, float], do: Callable[[Tell], Awaitable[Done]]
    ) -> Done:
        """One state of the run, its progress told as a share of the whole."""
        low, high = STEPS[state]

        def tell(step: str, share: float) -> None:
            self._told |= {"step": step, "share": low + (high - low) * min(1.0, max(0.0, share))}

        self._told |= {"state": state}
        tell("", 0.0)
        started = time.monotonic()
        done = await do(tell)
        seconds[state] = round(time.monotonic() - started, 2)
        self._told |= {"seconds": dict(seconds)}
        return done

    async def _check(self, run_id: str, tell: Tell) -> dict[str, Any]:
        found = await self._worker.ask("check", tell)
        await self._kept(run_id, problems=found["problems"])
        if any(problem["severity"] == "error" for problem in found["problems"]):
            raise Invalid
        return {**found["data"], "fingerprint": await asyncio.to_thread(self._learnt)}

    async def _train(self, run_id: str, tell: Tell) -> tuple[str, Path | None]:
        """The new model's name, and where the live one lies, if it is here."""
        async with self._context.database.read() as session:
            run = await session.get_one(Run, run_id)
            live = await live_model(session)
        champion = archive(self._context.models, live) if live else None
        champion = champion if champion and champion.exists() else None
        name = f"setu-{run.created_at:%Y%m%d}-{run.number}-{secrets.token_hex(2)}"
        out = archive(self._context.models, name).absolute()
        base = str(champion.absolute()) if champion else None
        made = await self._worker.ask("train", tell, out=str(out), base=base)
        # Of the archive as it lies there: what is loaded later must be this.
        digest = await asyncio.to_thread(lambda: hashlib.sha256(out.read_bytes()).hexdigest())
        recipe = await asyncio.to_thread(self._recipe)
        async with self._context.database.write() as session:
            session.add(
                Model(
                    name=name,
                    sha256=digest,
                    size=out.stat().st_size,
                    recipe=recipe,
                    run_id=run_id,
                    trained_at=self._context.clock(),
                )
            )
            audit.note(session, None, "model_trained", name, reused=made.get("reused", []))
        return name, champion

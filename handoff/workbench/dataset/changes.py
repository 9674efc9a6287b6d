"""Edits of the training data from the wish to the files: proposed, reviewed, applied, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.agents.models import Agent
from handoff.errors import Conflict, Invalid, NotFound
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.dataset import git
from handoff.workbench.dataset import operations as ops
from handoff.workbench.dataset.examples import Examples
from handoff.workbench.dataset.plans import REVERTS, SKIPPED, Plan, moved, plan, remake, revert, same_edits
from handoff.workbench.dataset.workspace import Workspace
from handoff.workbench.models import Change, Utterance

log = structlog.get_logger(__name__)

R = TypeVar("R")

TITLE = 200
_MANY = 500  # ids in one statement


class Changes:
    """One for a gateway; ``examples`` are shared with whoever else reads them."""

    def __init__(self, context: Context, examples: Examples | None = None) -> None:
        self._context = context
        self.workspace = Workspace(context.root, context.home)
        self.examples = examples or Examples(context.root)
        self._going: set[asyncio.Task[Change]] = set()

    async def propose(
        self,
        session: AsyncSession,
        agent: Agent,
        title: str,
        operations: Sequence[Mapping[str, Any]],
        labels: Sequence[str] = (),
    ) -> Change:
        """A draft of ``operations`` for review. ``labels``: utterances whose labels it takes in; then what
        cannot be done (it is known already, it contradicts the data) is left out and told by the review,
        else the first such raises its error. Nothing is written but the row.
        """
        asked = [dict(one) for one in operations]
        ops.parse([_outer(one) for one in asked])
        return await self._propose(session, agent, title, [_outer(one) for one in asked], labels)

    async def _propose(
        self, session: AsyncSession, agent: Agent, title: str, asked: Sequence[Mapping[str, Any]],
        labels: Sequence[str] = (),
    ) -> Change:  # fmt: skip
        made = await asyncio.to_thread(self._plan, asked, bool(labels))
        if not made.files and not labels:
            raise Conflict("nothing_to_change")
        row = Change(
            title=_title(title),
            operations=made.operations,
            files=made.files,
            author_id=agent.id,
            state="draft",
            version=1,
            created_at=self._context.clock(),
        )
        session.add(row)
        await session.flush()
        for start in range(0, len(labels), _MANY):
            chosen = Utterance.id.in_(labels[start : start + _MANY])
            await session.execute(update(Utterance).where(chosen).values(change_id=row.id))
        audit.note(session, agent.id, "change_proposed", row.id, **_sizes(row), labels=len(labels))
        return row

    async def edit(
        self,
        session: AsyncSession,
        agent: Agent,
        change_id: str,
        version: int,
        *,
        title: str | None = None,
        operations: Sequence[Mapping[str, Any]] | None = None,
    ) -> Change:
        """Another title or other operations; without either, the same made anew over the files as they are.

        Raises :class:`Conflict`: ``change_edited`` (somebody else was faster), ``change_settled``.
        """
        row = await _draft(session, change_id, version)
        lenient = any(SKIPPED in one for one in row.operations)
        if operations is not None:
            asked = [_outer(one) for one in operations]
            ops.parse(asked)
            made = await asyncio.to_thread(self._plan, asked, lenient)
            if not made.files:
                raise Conflict("nothing_to_change")
        else:
            made = await asyncio.to_thread(self._remake, row, lenient)
        if title is not None:
            row.title = _title(title)
        row.operations, row.files, row.version = made.operations, made.files, row.version + 1
        audit.note(session, agent.id, "change_edited", row.id, **_sizes(row), version=row.version)
        return row

    async def withdraw(self, session: AsyncSession, agent: Agent, change_id: str, version: int) -> Change:
        """Not to be done. Its labels may go into another change."""
        row = await _draft(session, change_id, version)
        row.state, row.settled_at, row.version = "withdrawn", self._context.clock(), row.version + 1
        await _free(session, row.id)
        audit.note(session, agent.id, "change_withdrawn", row.id)
        return row

    async def revert(
        self, session: AsyncSession, agent: Agent, change_id: str, version: int, title: str
    ) -> Change:
        """A new draft that takes an applied change back; the change is ``reverted`` once that is applied.

        Raises :class:`Conflict`: ``change_not_applied``, ``edits_clash`` where its lines have changed since.
        """
        row = await _locked(session, change_id)
        if row.version != version:
            raise Conflict("change_edited")
        if row.state != "applied":
            raise Conflict("change_not_applied")
        made = await self._propose(session, agent, title, revert(row.id, row.files))
        audit.note(session, agent.id, "change_revert_proposed", row.id, by=made.id)
        return made

    async def apply(
        self, agent: Agent, change_id: str, version: int, *, commit: bool = False, message: str | None = None
    ) -> Change:
        """Write it to the files, all or none, and with ``commit`` to git; ``agent`` is the reviewer.

        Has its own transaction and goes on if who asked is gone. If files have moved on since, the change is
        made anew: where that gives the same edits it is applied, else it is kept for another review and
        :class:`Conflict` (``change_remade``) raised; ``edits_clash`` and others where it cannot be made.
        """
        task = asyncio.create_task(self._apply(agent, change_id, version, commit, message))
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return await asyncio.shield(task)

    async def recover(self) -> None:
        """Finish or take back what a crash left half written."""
        if await asyncio.to_thread(self.workspace.journals):
            async with self.workspace.lock():
                await self._recover()

    async def _apply(
        self, agent: Agent, change_id: str, version: int, commit: bool, message: str | None
    ) -> Change:
        async with self.workspace.lock():
            await self._recover()
            version = await self._up_to_date(agent, change_id, version)
            try:
                async with self._context.database.write(hurry=True) as session:
                    row = await _draft(session, change_id, version)
                    if not row.files:
                        raise Conflict("nothing_to_change")
                    files = {file["path"]: (file["before"], file["after"]) for file in row.files}
                    await _to_its_end(self.workspace.write, row.id, files)
                    if commit:
                        row.commit = await _to_its_end(self._commit, row, agent, list(files), message)
                    await self._settle(session, row, agent.id)
            except BaseException:
                await self._recover()
                raise
            await asyncio.to_thread(self.workspace.settled, change_id)
            return row

    async def _up_to_date(self, agent: Agent, change_id: str, version: int) -> int:
        """The version to apply, after making it anew where the files have moved on."""
        async with self._context.database.write(hurry=True) as session:
            row = await _draft(session, change_id, version)
            stale = await asyncio.to_thread(moved, row.files, self.workspace)
            if not stale:
                return version
            made = await asyncio.to_thread(self._remake, row, any(SKIPPED in one for one in row.operations))
            same = same_edits(row.files, made.files)
            row.operations, row.files, row.version = made.operations, made.files, row.version + 1
            audit.note(session, agent.id, "change_remade", row.id, files=stale, same=same)
        if not same:
            raise Conflict("change_remade", files=", ".join(stale))
        return row.version

    async def _settle(self, session: AsyncSession, row: Change, agent_id: str) -> None:
        row.state, row.version = "applied", row.version + 1
        row.reviewer_id, row.settled_at = agent_id, self._context.clock()
        for reverted in sorted({one[REVERTS] for one in row.operations if REVERTS in one}):
            original = await _locked(session, reverted)
            if original.state == "applied":
                original.state, original.version = "reverted", original.version + 1
                await _free(session, original.id)
                audit.note(session, agent_id, "change_reverted", original.id, by=row.id)
        audit.note(
            session,
            agent_id,
            "change_applied",
            row.id,
            **_sizes(row),
            own=agent_id == row.author_id,
            commit=row.commit,
        )

    def _commit(self, row: Change, agent: Agent, paths: list[str], message: str | None) -> str:
        said = (message or "").strip() or row.title
        made = git.commit(self.workspace.root, paths, name=agent.name, email=agent.email, message=said[:2000])
        self.workspace.committed(row.id, made, agent.id)
        return made

    async def _recover(self) -> None:
        """Who calls holds the lock. The database says how it ended; git's commit, if there is one, stands."""
        for change_id in await asyncio.to_thread(self.workspace.journals):
            committed = await asyncio.to_thread(self.workspace.commit_of, change_id)
            async with self._context.database.write(hurry=True) as session:
                row = await session.get(Change, change_id)
                if row is not None and row.state == "draft" and committed is not None:
                    row.commit, agent_id = committed
                    await self._settle(session, row, agent_id)
                done = row is not None and row.state in ("applied", "reverted")
            await asyncio.to_thread(self.workspace.finish if done else self.workspace.undo, change_id)
            log.warning("change_recovered", change=change_id, finished=done)

    def _plan(self, asked: Sequence[Mapping[str, Any]], lenient: bool) -> Plan:
        return plan(self.workspace, self.examples.all(), asked, lenient=lenient)

    def _remake(self, row: Change, lenient: bool) -> Plan:
        return remake(self.workspace, self.examples.all(), row.operations, row.files, lenient=lenient)


async def _to_its_end(call: Callable[..., R], *given: Any) -> R:
    """In a thread, which a cancellation cannot stop: so it is waited for all the same."""
    task = asyncio.create_task(asyncio.to_thread(call, *given))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _outer(said: Mapping[str, Any]) -> dict[str, Any]:
    """As it may come from outside."""
    return {key: said[key] for key in said.keys() - {SKIPPED, REVERTS}}


def _title(title: str) -> str:
    line = " ".join(title.split())
    if not line:
        raise Invalid("title_missing")
    return line[:TITLE]


async def _locked(session: AsyncSession, change_id: str) -> Change:
    row = await session.get(Change, change_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("change_unknown")
    return row


async def _draft(session: AsyncSession, change_id: str, version: int) -> Change:
    row = await _locked(session, change_id)
    if row.state != "draft":
        raise Conflict("change_settled")
    if row.version != version:
        raise Conflict("change_edited")
    return row


async def _free(session: AsyncSession, change_id: str) -> None:
    """The labels it took in are in no change now."""
    taken = update(Utterance).where(Utterance.change_id == change_id)
    await session.execute(taken.values(change_id=None))


def _sizes(row: Change) -> dict[str, Any]:
    return {
        "files": [file["path"] for file in row.files],
        "added": sum(file["added"] for file in row.files),
        "removed": sum(file["removed"] for file in row.files),
    }

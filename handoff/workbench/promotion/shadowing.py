"""A model that reads along for a day: begun, ended, and what it made of each message.

Both models read every message that customers wrote and the bot took, some seconds later and in small
batches. Where they agree only a count stays; where not, the message too, masked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import and_, delete, func, or_, select, update

from handoff.agents.models import Agent
from handoff.conversations.models import Conversation, Message
from handoff.errors import Conflict
from handoff.workbench import audit
from handoff.workbench.context import Context
from handoff.workbench.models import Shadow, ShadowReading
from handoff.workbench.promotion import figures, records
from handoff.workbench.promotion.decide import Wanted
from handoff.workbench.promotion.fleet import Away, Fleet, Refused
from handoff.workbench.promotion.lease import Lease, Taken
from handoff.workbench.promotion.records import archive_of, wanted

HOURS = 24
LOOK = 5.0  # seconds between looks for messages
BEHIND = timedelta(seconds=5)  # until then a message's transaction may still be under way
BATCH = 20
LONGEST = 2_000  # characters that are read of a message
MOST = 500  # differences that are kept, the newest
SHOWN = 100

log = structlog.get_logger()


class Said(NamedTuple):
    id: str
    at: datetime
    text: str
    language: str | None


class Shadows:
    """``mask`` takes what is personal out of a text; ``wake`` tells that a server is to get the model."""

    def __init__(
        self, context: Context, fleet: Fleet, lease: Lease, mask: Callable[[str], str], wake: asyncio.Event
    ) -> None:
        self._context = context
        self._fleet = fleet
        self._lease = lease
        self._mask = mask
        self._wake = wake

    async def start(self, agent: Agent, name: str, hours: float = HOURS) -> None:
        now = self._context.clock()
        async with self._context.database.write(hurry=True) as session:
            model = await records.the_model(session, name)
            live = await records.newest(session)
            if live is None or live[1].name == name:
                raise Conflict("model_live")
            if await records.going_shadow(session) is not None:
                raise Conflict("shadow_going")
            if not archive_of(self._context.models, name).exists():
                raise Conflict("model_missing")
            until = now + timedelta(hours=hours)
            session.add(
                Shadow(model=model.name, live=live[1].name, agent_id=agent.id, since=now, until=until)
            )
            audit.note(session, agent.id, "shadow_started", name, hours=hours)
        self._wake.set()

    async def end(self, agent: Agent | None) -> None:
        """Nothing, if none is going: somebody else, or its time, has ended it."""
        async with self._context.database.write(hurry=True) as session:
            going = await records.going_shadow(session)
            if going is None:
                return
            ended = update(Shadow).where(Shadow.id == going[0].id, Shadow.ended_at.is_(None))
            await session.execute(ended.values(ended_at=self._context.clock()))
            audit.note(session, agent.id if agent else None, "shadow_ended", going[0].model)
        self._wake.set()

    async def told(self) -> dict[str, Any] | None:
        """The present one, or the last one that there was; None if there never was any."""
        async with self._context.database.read() as session:
            shadow = await session.scalar(select(Shadow).order_by(Shadow.since.desc()).limit(1))
            if shadow is None:
                return None
            asked = select(ShadowReading).where(ShadowReading.shadow_id == shadow.id)
            differs = await session.scalars(asked.order_by(ShadowReading.at.desc()).limit(SHOWN))
            return {
                "model": shadow.model,
                "live": shadow.live,
                "since": shadow.since,
                "until": shadow.until,
                "ended_at": shadow.ended_at,
                **figures.as_json(shadow.figures),
                "differs": [
                    {"text": one.text, "live": one.live, "shadow": one.shadow, "at": one.at}
                    for one in differs
                ],
            }

    async def run(self) -> None:
        """For as long as the gateway runs; one gateway at a time reads."""
        while True:
            try:
                with suppress(Taken):
                    while await self.read_some():
                        pass
            except Exception:
                log.exception("shadow_failed")
            await asyncio.sleep(LOOK)

    async def read_some(self) -> bool:
        """One batch; whether there may be more. Ends what has had its time."""
        async with self._context.database.read() as session:
            going = await records.going_shadow(session)
            live = await records.newest(session)
        if going is None or live is None:
            return False
        shadow, model = going
        if shadow.until <= self._context.clock() or shadow.live != live[1].name:
            await self.end(None)
            return False
        if not await self._news(shadow.id):
            return False
        async with self._lease.held():
            said = await self._news(shadow.id)
            server = await self._reader(wanted(live[1]), wanted(model)) if said else None
            if server is None:
                return False
            texts = [(one.text[:LONGEST], one.language) for one in said]
            try:
                read = [await self._fleet.read(server, side, texts) for side in figures.SIDES]
            except (Away, Refused) as wrong:
                log.warning("shadow_not_read", server=server, why=str(wrong))
                return False
            if [one["model"] for one in read] != [live[1].name, model.name]:
                return False  # changed in between; it is read again
            await self._keep(shadow.id, said, read)
        return len(said) == BATCH

    async def _reader(self, live: Wanted, shadow: Wanted) -> str | None:
        """A server that holds both."""
        seen = await self._fleet.look()
        both = (
            server for server, held in seen.items() if held and (held.live, held.shadow) == (live, shadow)
        )
        return next(both, None)

    async def _news(self, shadow_id: str) -> list[Said]:
        """What customers wrote since the last batch, oldest first."""
        async with self._context.database.read() as session:
            shadow = await session.get_one(Shadow, shadow_id)
            at, last = _mark(shadow)
            later = or_(Message.handled_at > at, and_(Message.handled_at == at, Message.id > last))
            asked = (
                select(Message.id, Message.handled_at, Message.text, Conversation.language)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(later, Message.handled_at <= self._context.clock() - BEHIND)
                .where(Message.sender == "customer", Message.payload.is_(None), Message.text != "")
                .where(Message.understanding.is_not(None), Message.deleted_at.is_(None))
                .order_by(Message.handled_at, Message.id)
                .limit(BATCH)
            )
            return [Said._make(row) for row in await session.execute(asked)]

    async def _keep(self, shadow_id: str, said: Sequence[Said], read: Sequence[Any]) -> None:
        pairs = list(zip(*(one["readings"] for one in read), strict=True))
        new = [(one, pair) for one, pair in zip(said, pairs, strict=True) if figures.differ(*pair)]
        masked = await asyncio.to_thread(lambda: [self._mask(one.text[:LONGEST]) for one, _ in new])
        async with self._context.database.write() as session:
            shadow = await session.get_one(Shadow, shadow_id, with_for_update=True)
            if _mark(shadow) >= (said[0].at, said[0].id):
                return  # another gateway has read them: its lease had run out, or ours
            ms = {side: one["ms"] for side, one in zip(figures.SIDES, read, strict=True)}
            mark = {"at": said[-1].at.isoformat(), "id": said[-1].id}
            shadow.figures = {**figures.added(shadow.figures, pairs, ms), "mark": mark}
            for (one, pair), text in zip(new, masked, strict=True):
                live, other = map(figures.kept, pair)
                row = ShadowReading(
                    shadow_id=shadow_id, message_id=one.id, text=text, live=live, shadow=other, at=one.at
                )
                session.add(row)
            await session.flush()
            await _forget_old(session, shadow_id)


def _mark(shadow: Shadow) -> tuple[datetime, str]:
    """Up to where messages have been read."""
    mark = shadow.figures.get("mark")
    return (datetime.fromisoformat(mark["at"]), mark["id"]) if mark else (shadow.since, "")


async def _forget_old(session: Any, shadow_id: str) -> None:
    mine = ShadowReading.shadow_id == shadow_id
    many = await session.scalar(select(func.count()).select_from(ShadowReading).where(mine)) or 0
    if many > MOST:
        oldest = select(ShadowReading.id).where(mine).order_by(ShadowReading.at).limit(many - MOST)
        await session.execute(delete(ShadowReading).where(ShadowReading.id.in_(oldest)))

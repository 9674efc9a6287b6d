"""What a step of the lifecycle entails, done to the database: one small function an effect."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from handoff.agents.models import Agent
from handoff.agents.presence import PRESENT_FOR
from handoff.assignment import load
from handoff.conversations import events, reading
from handoff.conversations.models import Handoff, Message
from handoff.conversations.views import AgentView
from handoff.errors import Conflict

if TYPE_CHECKING:
    from handoff.conversations.thread import Thread

Detail = dict[str, Any]
ELSEWHERE_FOR = timedelta(hours=12)  # after the last word from elsewhere the bot may answer again


async def run(thread: Thread, effects: Sequence[events.Effect], detail: Detail) -> None:
    """Do the effects in order; ``detail`` is what the caller knows beyond the event."""
    await load.hold(
        thread.session, {e.agent_id for e in effects if isinstance(e, events.Take | events.Release)}
    )
    for effect in effects:
        await _DO[type(effect)](thread, effect, detail)


async def _ask_bot(thread: Thread, _effect: events.AskBot, _detail: Detail) -> None:
    thread.row.snoozed_until = None
    thread.take_turn(thread.row.last_number)


async def _leave_to_people(thread: Thread, _effect: events.LeaveToPeople, _detail: Detail) -> None:
    if thread.row.turn_owner is None:
        return  # nothing can be waiting for the bot: what people get is stored as handled
    await thread.session.execute(
        update(Message)
        .where(Message.conversation_id == thread.row.id, Message.handled_at.is_(None))
        .values(handled_at=thread.now)
        .execution_options(synchronize_session=False)
    )


async def _nothing(_thread: Thread, _effect: events.Effect, _detail: Detail) -> None:
    """For effects that the caller sees to itself."""


async def _take(thread: Thread, effect: events.Take, _detail: Detail) -> None:
    present_since = None if effect.asked else thread.now - PRESENT_FOR
    if not await load.take(thread.session, effect.agent_id, at=thread.now, present_since=present_since):
        raise Conflict("agent_full")
    name = await thread.session.scalar(select(Agent.name).where(Agent.id == effect.agent_id))
    thread.agent = AgentView(effect.agent_id, name or "")
    thread.row.snoozed_until = None


async def _release(thread: Thread, effect: events.Release, _detail: Detail) -> None:
    await load.release(thread.session, effect.agent_id)
    if thread.row.agent_id is None:
        thread.agent = None
    thread.queue_moved = True  # somebody has room now


async def _begin(thread: Thread, effect: events.BeginHandoff, detail: Detail) -> None:
    row = thread.row
    row.reason, row.queued_at = effect.reason, thread.now
    if row.away_from is None:
        row.away_from = detail.get("known", row.last_number)
    thread.session.add(
        Handoff(
            conversation_id=row.id,
            epoch=row.epoch,
            reason=effect.reason,
            evidence=list(detail.get("evidence", ())),
            note=detail.get("note", ""),
            requested_at=thread.now,
        )
    )


async def _join(thread: Thread, effect: events.JoinHandoff, _detail: Detail) -> None:
    await thread.session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == thread.row.id, Handoff.ended_at.is_(None))
        .values(agent_id=effect.agent_id, assigned_at=func.coalesce(Handoff.assigned_at, thread.now))
        .execution_options(synchronize_session=False)
    )
    assert thread.agent is not None  # taken just before
    thread.tell("joined", name=thread.agent.name)


async def _end(thread: Thread, effect: events.EndHandoff, _detail: Detail) -> None:
    row = thread.row
    row.reason = row.queued_at = row.snoozed_until = None
    row.memory = {}  # the policy begins anew
    thread.agent = None
    await thread.session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == row.id, Handoff.ended_at.is_(None))
        .values(ended_at=thread.now, outcome=effect.outcome)
        .execution_options(synchronize_session=False)
    )


async def _stay_away(thread: Thread, _effect: events.StayAway, _detail: Detail) -> None:
    row = thread.row
    row.reason, row.queued_at, row.snoozed_until = "elsewhere", None, thread.now + ELSEWHERE_FOR


async def _enqueue(thread: Thread, effect: events.Enqueue, detail: Detail) -> None:
    row = thread.row
    row.queued_at = row.queued_at or thread.now
    row.snoozed_until, thread.agent = None, None
    await thread.save()
    why = "" if detail.get("announced") else _why(thread, effect.key)
    if await thread.context.presence.anyone(thread.session):
        place = await reading.position(thread.session, row.id) or 1
        thread.tell("queued", f"{why} {thread.words('queued', position=place)}".strip(), position=place)
    else:
        thread.tell("nobody_on_duty", f"{why} {thread.words('nobody_on_duty')}".strip())


def _why(thread: Thread, key: str) -> str:
    try:
        return thread.words(key)
    except KeyError:  # a reason of the dialogue's own
        return thread.words("handoff.other")


async def _tell(thread: Thread, effect: events.Tell, _detail: Detail) -> None:
    thread.tell(effect.key)


_DO: dict[type, Callable[[Thread, Any, Detail], Awaitable[None]]] = {
    events.AskBot: _ask_bot,
    events.LeaveToPeople: _leave_to_people,
    events.DeliverReply: _nothing,
    events.DropReply: _nothing,
    events.Take: _take,
    events.Release: _release,
    events.BeginHandoff: _begin,
    events.JoinHandoff: _join,
    events.EndHandoff: _end,
    events.StayAway: _stay_away,
    events.Enqueue: _enqueue,
    events.Tell: _tell,
}

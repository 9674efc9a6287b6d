"""Who owns a conversation, and what follows when that changes: pure, effects are data.

``bot → queued → assigned → snoozed | resolved``, and ``elsewhere`` while a person answers with
another tool of the platform. Every change of owner or status raises the
epoch; whatever was begun in an older epoch (a turn of the bot, an assignment) no longer
counts. What cannot happen in a state is :class:`Refused`, with a code for the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from handoff.conversations.events import (
    AgentWrote,
    AnsweredElsewhere,
    AskBot,
    Assigned,
    BeginHandoff,
    BotAnswered,
    Claimed,
    CustomerWrote,
    DeliverReply,
    DropReply,
    Effect,
    EndHandoff,
    Enqueue,
    Escalated,
    Event,
    HandedBack,
    JoinHandoff,
    LeaveToPeople,
    Merged,
    Release,
    Requeued,
    Resolved,
    Returned,
    Snoozed,
    SnoozeOver,
    StayAway,
    Take,
    Tell,
    Transferred,
)

Status = Literal["bot", "queued", "assigned", "snoozed", "elsewhere", "resolved"]
PEOPLE: frozenset[str] = frozenset({"queued", "assigned", "snoozed", "elsewhere"})


@dataclass(frozen=True, slots=True)
class State:
    status: Status = "bot"
    epoch: int = 0
    agent_id: str | None = None  # set in assigned and snoozed only


class Refused(Exception):
    """The event does not fit the state: ``code`` is one of taken, not_yours, moved_on, wrong_status."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Step = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event) -> Step:
    """What becomes of ``state`` when ``event`` happens; raises :class:`Refused`."""
    return _STEPS[type(event)](state, event)


def _move(state: State, status: Status, agent_id: str | None = None) -> State:
    return State(status, state.epoch + 1, agent_id)


def _customer_wrote(state: State, event: CustomerWrote) -> Step:
    if state.status == "bot":
        return state, (AskBot(),)
    if state.status == "resolved":
        return _move(state, "bot"), (AskBot(),)
    if state.status == "snoozed":
        woken, effects = _wake(state, event.agent_free)
        return woken, (*effects, LeaveToPeople())
    return state, (LeaveToPeople(),)


def _wake(state: State, agent_free: bool) -> Step:
    if agent_free and state.agent_id:
        return _move(state, "assigned", state.agent_id), (Take(state.agent_id, asked=False),)
    return _move(state, "queued"), (Enqueue("woken"),)


def _bot_answered(state: State, event: BotAnswered) -> Step:
    mine = state.status == "bot" and state.epoch == event.epoch
    return state, (DeliverReply(),) if mine else (DropReply(),)


def _escalated(state: State, event: Escalated) -> Step:
    if state.status != "bot" or state.epoch != event.epoch:
        return state, (DropReply(),)
    return _move(state, "queued"), (
        BeginHandoff(event.reason),
        Enqueue(f"handoff.{event.reason}"),
        LeaveToPeople(),
    )


def _claimed(state: State, event: Claimed) -> Step:
    if state.status == "assigned" and state.agent_id == event.agent_id:
        return state, ()
    if state.status == "assigned" or (state.status == "snoozed" and state.agent_id != event.agent_id):
        raise Refused("taken")
    taken = _move(state, "assigned", event.agent_id)
    take = Take(event.agent_id, asked=True)
    if state.status == "snoozed":
        return taken, (take,)
    begin = () if state.status in ("queued", "elsewhere") else (BeginHandoff("claimed"),)
    return taken, (*begin, take, JoinHandoff(event.agent_id), LeaveToPeople())


def _assigned(state: State, event: Assigned) -> Step:
    if state.status != "queued" or state.epoch != event.epoch:
        raise Refused("moved_on")
    return (
        _move(state, "assigned", event.agent_id),
        (Take(event.agent_id, asked=False), JoinHandoff(event.agent_id)),
    )


def _agent_wrote(state: State, event: AgentWrote) -> Step:
    _need_owner(state, event.agent_id, "assigned")
    return state, ()


def _handed_back(state: State, event: HandedBack) -> Step:
    _need_owner(state, event.agent_id, "assigned")
    return (
        _move(state, "bot"),
        (Release(event.agent_id), EndHandoff("handed_back"), Tell("bot_back"), AskBot()),
    )


def _resolved(state: State, event: Resolved) -> Step:
    """A waiting conversation may be closed by anyone who reads the queue (an empty message, spam)."""
    if state.status == "queued":
        return _move(state, "resolved"), (EndHandoff("resolved"), Tell("resolved"))
    if state.status == "elsewhere":  # whoever has it there says good-bye in their own words
        return _move(state, "resolved"), (EndHandoff("resolved"),)
    _need_owner(state, event.agent_id, "assigned", "snoozed")
    release = (Release(event.agent_id),) if state.status == "assigned" else ()
    return _move(state, "resolved"), (*release, EndHandoff("resolved"), Tell("resolved"))


def _snoozed(state: State, event: Snoozed) -> Step:
    """The agent stays responsible, but has room for another meanwhile."""
    _need_owner(state, event.agent_id, "assigned")
    return _move(state, "snoozed", event.agent_id), (Release(event.agent_id),)


def _snooze_over(state: State, event: SnoozeOver) -> Step:
    if state.status != "snoozed":
        raise Refused("wrong_status")
    return _wake(state, event.agent_free)


def _transferred(state: State, event: Transferred) -> Step:
    _need_owner(state, event.agent_id, "assigned")
    if event.to == event.agent_id:
        return state, ()
    return (
        replace(state, epoch=state.epoch + 1, agent_id=event.to),
        (Release(event.agent_id), Take(event.to, asked=False), JoinHandoff(event.to)),
    )


def _requeued(state: State, _event: Requeued) -> Step:
    if state.status == "queued":
        return state, ()
    if state.status not in ("assigned", "snoozed") or state.agent_id is None:
        raise Refused("wrong_status")
    release = (Release(state.agent_id),) if state.status == "assigned" else ()
    return _move(state, "queued"), (*release, Enqueue("requeued"))


def _answered_elsewhere(state: State, _event: AnsweredElsewhere) -> Step:
    """An agent of ours who has the talk keeps it; everybody else, the bot first, is silent."""
    if state.status in ("assigned", "snoozed"):
        return state, ()
    if state.status == "elsewhere":
        return state, (StayAway(),)
    begin = () if state.status == "queued" else (BeginHandoff("elsewhere"),)
    return _move(state, "elsewhere"), (*begin, StayAway(), LeaveToPeople())


def _returned(state: State, _event: Returned) -> Step:
    if state.status != "elsewhere":
        return state, ()
    return _move(state, "bot"), (EndHandoff("elsewhere"),)


def _merged(state: State, _event: Merged) -> Step:
    if state.status in PEOPLE:
        raise Refused("taken")
    return (state if state.status == "resolved" else _move(state, "resolved")), ()


def _need_owner(state: State, agent_id: str, *statuses: Status) -> None:
    if state.status not in statuses:
        raise Refused("wrong_status")
    if state.agent_id != agent_id:
        raise Refused("not_yours")


_STEPS: dict[type, Callable[[State, Any], Step]] = {
    CustomerWrote: _customer_wrote,
    BotAnswered: _bot_answered,
    Escalated: _escalated,
    Claimed: _claimed,
    Assigned: _assigned,
    AgentWrote: _agent_wrote,
    HandedBack: _handed_back,
    Resolved: _resolved,
    Snoozed: _snoozed,
    SnoozeOver: _snooze_over,
    Transferred: _transferred,
    Requeued: _requeued,
    AnsweredElsewhere: _answered_elsewhere,
    Returned: _returned,
    Merged: _merged,
}

"""Who gets which waiting conversation: a pure plan, made from a snapshot.

The one that waits longest chooses first. It may go to an agent who is present and has room;
whom it was promised to (asked for, or the one who served it before) comes first, then who
speaks its language. Requirements relax with waiting time: after :attr:`Rules.hold` it waits
no longer for the agent asked for, after :attr:`Rules.same_language` no longer for the language,
and not at all for a language that nobody present speaks.
Among equals the least loaded wins, then the one idle longest. The plan is only a wish: the
claim itself checks everything again in the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue."""

    conversation_id: str
    epoch: int
    queued_at: datetime
    language: str | None = None
    asked_agent: str | None = None  # the customer or a colleague wants this one
    previous_agent: str | None = None  # served this customer before


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the choice sees one."""

    agent_id: str
    present: bool
    capacity: int
    load: int = 0
    languages: tuple[str, ...] = ()
    assigned_at: datetime | None = None  # last time a conversation was given

    @property
    def has_room(self) -> bool:
        return self.present and self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a requirement stands before it relaxes."""

    hold: timedelta = timedelta(seconds=45)  # for the agent asked for, while present but full
    same_language: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Match:
    """One line of the plan: give this conversation, if still in this epoch, to this agent."""

    conversation_id: str
    epoch: int
    agent_id: str


def plan(
    queue: Iterable[Waiting], agents: Iterable[Candidate], now: datetime, rules: Rules | None = None
) -> list[Match]:
    """Match waiting conversations with agents; nobody gets more than there is room for."""
    rules = rules or Rules()
    team = {agent.agent_id: agent for agent in agents}
    matches: list[Match] = []
    for waiting in sorted(queue, key=lambda one: (one.queued_at, one.conversation_id)):
        chosen = choose(waiting, team.values(), now, rules)
        if chosen is None:
            continue
        team[chosen.agent_id] = replace(chosen, load=chosen.load + 1, assigned_at=now)
        matches.append(Match(waiting.conversation_id, waiting.epoch, chosen.agent_id))
    return matches


def choose(waiting: Waiting, team: Iterable[Candidate], now: datetime, rules: Rules) -> Candidate | None:
    """The best agent for one conversation at this moment, or None: it goes on waiting."""
    waited = now - waiting.queued_at
    team = list(team)
    if waited < rules.hold and any(_worth_waiting_for(waiting, agent) for agent in team):
        return None
    any_language = waited >= rules.same_language or not any(
        agent.present and _speaks(waiting, agent) for agent in team
    )
    free = [
        agent
        for agent in team
        if agent.has_room
        and (any_language or _speaks(waiting, agent) or agent.agent_id == waiting.asked_agent)
    ]
    return min(free, key=lambda agent: _rank(waiting, agent), default=None)


def _worth_waiting_for(waiting: Waiting, agent: Candidate) -> bool:
    return agent.agent_id == waiting.asked_agent and agent.present and not agent.has_room


def _speaks(waiting: Waiting, agent: Candidate) -> bool:
    return waiting.language is None or waiting.language in agent.languages


def _rank(waiting: Waiting, agent: Candidate) -> tuple[bool, bool, bool, float, datetime, str]:
    return (
        agent.agent_id != waiting.asked_agent,
        not _speaks(waiting, agent),
        agent.agent_id != waiting.previous_agent,
        agent.load / agent.capacity,
        agent.assigned_at or LONG_AGO,
        agent.agent_id,
    )

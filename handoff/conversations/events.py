"""What can happen to a conversation, and what may follow from it: data for the lifecycle."""

from __future__ import annotations

from dataclasses import dataclass

# What happens


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """``agent_free``: the agent of a snoozed conversation is there and has room."""

    agent_free: bool = False


@dataclass(frozen=True, slots=True)
class BotAnswered:
    """The bot's turn is over; ``epoch`` is the one it was begun in."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Escalated:
    """The policy, the dialogue or a failure wants a person; ``epoch`` as in :class:`BotAnswered`."""

    reason: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """An agent takes it by hand."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """The assignment gives it to an agent, as it stood in ``epoch``."""

    agent_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class AgentWrote:
    agent_id: str


@dataclass(frozen=True, slots=True)
class HandedBack:
    agent_id: str


@dataclass(frozen=True, slots=True)
class Resolved:
    agent_id: str


@dataclass(frozen=True, slots=True)
class Snoozed:
    agent_id: str


@dataclass(frozen=True, slots=True)
class SnoozeOver:
    agent_free: bool = False


@dataclass(frozen=True, slots=True)
class Transferred:
    agent_id: str
    to: str


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """A person answers with another tool of the platform, or another application has the thread."""


@dataclass(frozen=True, slots=True)
class Returned:
    """Nobody elsewhere has it any more: the thread was given back, or has been quiet for long."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The talk goes on in another thread of the same person."""


@dataclass(frozen=True, slots=True)
class Requeued:
    """Its agent is lost, or gave it up."""

    reason: str


Event = (
    CustomerWrote
    | BotAnswered
    | Escalated
    | Claimed
    | Assigned
    | AgentWrote
    | HandedBack
    | Resolved
    | Snoozed
    | SnoozeOver
    | Transferred
    | Requeued
    | AnsweredElsewhere
    | Returned
    | Merged
)


# What follows


@dataclass(frozen=True, slots=True)
class AskBot:
    """The bot is to answer what is unanswered."""


@dataclass(frozen=True, slots=True)
class LeaveToPeople:
    """What is unanswered is for people; the bot is not asked."""


@dataclass(frozen=True, slots=True)
class DeliverReply:
    """The bot's reply goes to the customer."""


@dataclass(frozen=True, slots=True)
class DropReply:
    """The bot's reply came too late: it is shown to the desk, never to the customer."""


@dataclass(frozen=True, slots=True)
class Take:
    """One more conversation for this agent. ``asked``: false when the agent did not ask for it
    and so has to be there."""

    agent_id: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Release:
    """One conversation less for this agent."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class BeginHandoff:
    reason: str


@dataclass(frozen=True, slots=True)
class JoinHandoff:
    """The customer is told who has joined."""

    agent_id: str


@dataclass(frozen=True, slots=True)
class EndHandoff:
    outcome: str  # handed_back resolved elsewhere


@dataclass(frozen=True, slots=True)
class StayAway:
    """The bot keeps silent for a while, for somebody elsewhere has the talk."""


@dataclass(frozen=True, slots=True)
class Enqueue:
    """It waits for a person, and the customer is told why (``conversation.<key>``)."""

    key: str


@dataclass(frozen=True, slots=True)
class Tell:
    """A text of ours (``conversation.<key>``) for the customer."""

    key: str


Effect = (
    AskBot
    | LeaveToPeople
    | DeliverReply
    | DropReply
    | Take
    | Release
    | BeginHandoff
    | JoinHandoff
    | EndHandoff
    | StayAway
    | Enqueue
    | Tell
)

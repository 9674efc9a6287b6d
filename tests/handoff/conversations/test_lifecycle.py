"""The lifecycle as a state machine: whatever happens, the bot never talks over a person."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handoff.conversations import events
from handoff.conversations import lifecycle as life
from handoff.conversations.lifecycle import State, step

AGENTS = st.sampled_from(["ann", "ben", "cem"])


class Lives(RuleBasedStateMachine):
    """A conversation with a bot whose turns take as long as they like, and three agents."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.turns: list[int] = []  # epochs in which turns were begun that are still running
        self.load = {"ann": 0, "ben": 0, "cem": 0}
        self.handoff_open = False
        self.unanswered = False

    def happen(self, event: events.Event) -> tuple[events.Effect, ...]:
        """Let it happen and keep the books; refused events change nothing."""
        before = self.state
        try:
            self.state, effects = step(before, event)
        except life.Refused:
            return ()
        assert self.state.epoch >= before.epoch, "the epoch fell"
        owner = (before.status, before.agent_id) != (self.state.status, self.state.agent_id)
        assert owner == (self.state.epoch > before.epoch), "a change of owner and the epoch go together"
        for effect in effects:
            self.book(effect)
        return effects

    def book(self, effect: events.Effect) -> None:
        match effect:
            case events.AskBot():
                assert self.state.status == "bot", "the bot was asked while somebody else owns the talk"
                self.turns.append(self.state.epoch)
            case events.DeliverReply():
                assert self.state.status == "bot", "the bot talked over a person"
            case events.Take(agent_id):
                self.load[agent_id] += 1
            case events.Release(agent_id):
                self.load[agent_id] -= 1
            case events.BeginHandoff():
                assert not self.handoff_open, "a hand-off began twice"
                self.handoff_open = True
            case events.EndHandoff():
                assert self.handoff_open, "a hand-off ended that had not begun"
                self.handoff_open = False

    @rule(free=st.booleans())
    def customer_writes(self, free: bool) -> None:
        effects = self.happen(events.CustomerWrote(free))
        to_bot = self.state.status == "bot" and events.AskBot() in effects
        people = ("queued", "assigned", "elsewhere")
        to_people = self.state.status in people and events.LeaveToPeople() in effects
        assert to_bot != to_people, "nobody, or two, are responsible for the message"

    @precondition(lambda self: self.turns)
    @rule(data=st.data(), reason=st.sampled_from([None, "asked", "bot_failure"]))
    def turn_ends(self, data: st.DataObject, reason: str | None) -> None:
        epoch = self.turns.pop(data.draw(st.integers(0, len(self.turns) - 1)))
        current = self.state.status == "bot" and self.state.epoch == epoch
        effects = self.happen(events.Escalated(reason, epoch) if reason else events.BotAnswered(epoch))
        if reason and current:
            assert self.state.status == "queued"
        else:
            assert effects == ((events.DeliverReply(),) if current else (events.DropReply(),))

    @rule(agent=AGENTS)
    def claims(self, agent: str) -> None:
        self.happen(events.Claimed(agent))

    @rule(agent=AGENTS, late=st.integers(0, 2))
    def is_assigned(self, agent: str, late: int) -> None:
        before = self.state
        self.happen(events.Assigned(agent, self.state.epoch - late))
        assert late == 0 or self.state == before, "an assignment from an older epoch counted"

    @rule(agent=AGENTS)
    def agent_writes(self, agent: str) -> None:
        before = self.state
        try:
            step(before, events.AgentWrote(agent))
        except life.Refused:
            assert (before.status, before.agent_id) != ("assigned", agent)
        else:
            assert (before.status, before.agent_id) == ("assigned", agent)

    @rule(agent=AGENTS)
    def hands_back(self, agent: str) -> None:
        self.happen(events.HandedBack(agent))

    @rule(agent=AGENTS)
    def resolves(self, agent: str) -> None:
        self.happen(events.Resolved(agent))

    @rule(agent=AGENTS)
    def snoozes(self, agent: str) -> None:
        self.happen(events.Snoozed(agent))

    @rule(free=st.booleans())
    def snooze_ends(self, free: bool) -> None:
        self.happen(events.SnoozeOver(free))

    @rule(agent=AGENTS, to=AGENTS)
    def transfers(self, agent: str, to: str) -> None:
        self.happen(events.Transferred(agent, to))

    @rule()
    def somebody_answers_elsewhere(self) -> None:
        before = self.state
        effects = self.happen(events.AnsweredElsewhere())
        if before.status in ("assigned", "snoozed"):
            assert (self.state, effects) == (before, ())
        else:
            assert self.state.status == "elsewhere"
            assert events.StayAway() in effects

    @rule()
    def nobody_elsewhere_has_it_any_more(self) -> None:
        before = self.state
        self.happen(events.Returned())
        assert self.state.status == ("bot" if before.status == "elsewhere" else before.status)

    @rule()
    def its_talk_goes_on_in_another_thread(self) -> None:
        before = self.state
        self.happen(events.Merged())
        assert self.state.status == (before.status if before.status in life.PEOPLE else "resolved")

    @rule()
    def agent_is_lost(self) -> None:
        self.happen(events.Requeued("agent_lost"))

    @invariant()
    def agents_are_named_where_they_own(self) -> None:
        assert (self.state.agent_id is not None) == (self.state.status in ("assigned", "snoozed"))

    @invariant()
    def loads_are_the_assigned_conversations(self) -> None:
        owner = self.state.agent_id if self.state.status == "assigned" else None
        assert self.load == {name: int(name == owner) for name in self.load}

    @invariant()
    def a_handoff_is_open_while_people_have_it(self) -> None:
        assert self.handoff_open == (self.state.status in life.PEOPLE)


Lives.TestCase.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
TestLives = Lives.TestCase


def test_the_same_agent_may_claim_twice_another_may_not() -> None:
    mine = State("assigned", 3, "ann")
    assert step(mine, events.Claimed("ann")) == (mine, ())
    with pytest.raises(life.Refused, match="taken"):
        step(mine, events.Claimed("ben"))


def test_a_talk_claimed_from_the_bot_is_a_handoff_too() -> None:
    state, effects = step(State("bot", 4), events.Claimed("ann"))
    assert state == State("assigned", 5, "ann")
    assert effects[0] == events.BeginHandoff("claimed")
    assert events.LeaveToPeople() in effects


def test_a_customer_who_writes_wakes_the_agent_who_is_there_else_the_queue() -> None:
    asleep = State("snoozed", 2, "ann")
    assert step(asleep, events.CustomerWrote(agent_free=True))[0] == State("assigned", 3, "ann")
    assert step(asleep, events.CustomerWrote(agent_free=False))[0] == State("queued", 3)


def test_a_resolved_talk_reopens_with_the_bot() -> None:
    assert step(State("resolved", 2), events.CustomerWrote())[0] == State("bot", 3)

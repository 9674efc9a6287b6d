"""Who gets which conversation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handoff.assignment.choice import Candidate, Rules, Waiting, plan

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RULES = Rules()


def waiting(name: str, seconds: float = 10, **more: str | None) -> Waiting:
    return Waiting(name, 1, NOW - timedelta(seconds=seconds), **more)


def agent(
    name: str,
    load: int = 0,
    capacity: int = 3,
    present: bool = True,
    languages: tuple[str, ...] = ("en",),
    idle: float | None = None,
) -> Candidate:
    since = None if idle is None else NOW - timedelta(seconds=idle)
    return Candidate(name, present, capacity, load, languages, since)


def given_to(queue: list[Waiting], agents: list[Candidate], **rules: timedelta) -> dict[str, str]:
    return {match.conversation_id: match.agent_id for match in plan(queue, agents, NOW, Rules(**rules))}


def test_the_longest_waiting_conversation_is_served_first() -> None:
    queue = [waiting("new", 5), waiting("old", 500)]
    assert given_to(queue, [agent("ann", capacity=1)]) == {"old": "ann"}


def test_an_absent_agent_gets_nothing() -> None:
    assert given_to([waiting("c")], [agent("ann", present=False)]) == {}


def test_a_full_agent_gets_nothing() -> None:
    assert given_to([waiting("c")], [agent("ann", load=3)]) == {}


def test_an_agent_without_capacity_gets_nothing() -> None:
    assert given_to([waiting("c")], [agent("ann", capacity=0)]) == {}


def test_the_least_loaded_in_proportion_to_capacity_is_chosen() -> None:
    assert given_to([waiting("c")], [agent("busy", 1, 2), agent("roomy", 2, 8)]) == {"c": "roomy"}


def test_among_equally_loaded_the_one_idle_longest_is_chosen() -> None:
    assert given_to([waiting("c")], [agent("just", idle=5), agent("long", idle=900)]) == {"c": "long"}
    assert given_to([waiting("c")], [agent("long", idle=900), agent("never")]) == {"c": "never"}


def test_a_burst_is_spread_over_the_team() -> None:
    queue = [waiting(f"c{i}", 100 - i) for i in range(4)]
    assert Counter(given_to(queue, [agent("ann"), agent("bob")]).values()) == {"ann": 2, "bob": 2}


def test_the_language_comes_before_the_load() -> None:
    agents = [agent("idle"), agent("hindi", 2, languages=("en", "hi"))]
    assert given_to([waiting("c", language="hi")], agents) == {"c": "hindi"}


def test_a_conversation_waits_for_its_language_only_so_long() -> None:
    agents = [agent("english"), agent("hindi", 3, languages=("hi",))]
    assert given_to([waiting("c", 30, language="hi")], agents) == {}
    assert given_to([waiting("c", 91, language="hi")], agents) == {"c": "english"}


def test_a_language_nobody_present_speaks_is_not_waited_for() -> None:
    agents = [agent("english"), agent("greek", present=False, languages=("el",))]
    assert given_to([waiting("c", 1, language="el")], agents) == {"c": "english"}


def test_the_previous_agent_comes_before_the_least_loaded() -> None:
    agents = [agent("idle"), agent("known", 2)]
    assert given_to([waiting("c", previous_agent="known")], agents) == {"c": "known"}


def test_the_agent_asked_for_is_waited_for_only_so_long() -> None:
    agents = [agent("idle"), agent("asked", 3)]
    assert given_to([waiting("c", 10, asked_agent="asked")], agents) == {}
    assert given_to([waiting("c", 46, asked_agent="asked")], agents) == {"c": "idle"}


def test_an_agent_asked_for_who_is_absent_is_not_waited_for() -> None:
    agents = [agent("idle"), agent("asked", present=False)]
    assert given_to([waiting("c", 1, asked_agent="asked")], agents) == {"c": "idle"}


def test_the_agent_asked_for_comes_before_the_language() -> None:
    agents = [agent("greek", languages=("el",)), agent("asked", 2)]
    assert given_to([waiting("c", language="el", asked_agent="asked")], agents) == {"c": "asked"}


def test_one_that_cannot_be_served_does_not_hold_up_the_next() -> None:
    agents = [agent("english"), agent("hindi", 3, languages=("hi",))]
    queue = [waiting("stuck", 60, language="hi"), waiting("easy", 5, language="en")]
    assert given_to(queue, agents) == {"easy": "english"}


LANGUAGES = st.sampled_from(["en", "hi", "el"])
AGENTS = st.lists(
    st.builds(
        Candidate,
        agent_id=st.uuids().map(str),
        present=st.booleans(),
        capacity=st.integers(0, 4),
        load=st.integers(0, 5),
        languages=st.lists(LANGUAGES, max_size=2).map(tuple),
        assigned_at=st.none() | st.integers(0, 900).map(lambda s: NOW - timedelta(seconds=s)),
    ),
    max_size=6,
    unique_by=lambda one: one.agent_id,
)
QUEUES = st.lists(
    st.builds(
        Waiting,
        conversation_id=st.uuids().map(str),
        epoch=st.integers(0, 9),
        queued_at=st.integers(0, 300).map(lambda s: NOW - timedelta(seconds=s)),
        language=st.none() | LANGUAGES,
    ),
    max_size=12,
    unique_by=lambda one: one.conversation_id,
)


@given(QUEUES, AGENTS)
def test_no_plan_breaks_a_rule(queue: list[Waiting], agents: list[Candidate]) -> None:
    matches = plan(queue, agents, NOW)
    per_agent = Counter(match.agent_id for match in matches)
    assert len({match.conversation_id for match in matches}) == len(matches)
    for one in agents:
        room = max(0, one.capacity - one.load) if one.present else 0
        assert per_agent[one.agent_id] <= room


@given(QUEUES, AGENTS)
def test_nobody_who_may_be_served_waits_while_an_agent_is_free(
    queue: list[Waiting], agents: list[Candidate]
) -> None:
    late = NOW + RULES.same_language
    matches = plan(queue, agents, late)
    room = sum(one.capacity - one.load for one in agents if one.has_room)
    assert len(matches) == min(len(queue), room)


@given(QUEUES, AGENTS)
def test_the_plan_does_not_depend_on_the_order_of_its_input(
    queue: list[Waiting], agents: list[Candidate]
) -> None:
    assert plan(queue, agents, NOW) == plan(queue[::-1], agents[::-1], NOW)

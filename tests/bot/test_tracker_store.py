"""The durable store decides as Rasa's own does, and keeps, bounds, checks and forgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.contract import TurnRequest
from bot.tracker_store import Conflict, DurableTrackerStore, Turn, _to_fold
from bot.turns import take_turn
from tests.support import smallbot
from tests.support.fake_actions import fake_actions
from tests.support.postgres import postgres

DOMAIN = Domain.from_file(str(smallbot.HERE / "domain.yml"))
LISTEN = "action_listen"


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/trackers.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[DurableTrackerStore]:
    store = DurableTrackerStore(DOMAIN, url)
    for conversation in await store.keys():
        await store.erase(conversation)
    yield store
    store.close()


def turn(text: str, *more: Event, intent: str = "greet") -> list[Event]:
    said = UserUttered(text, {"name": intent, "confidence": 1.0}, message_id=text)
    return [said, *more, ActionExecuted("utter_greet"), BotUttered("Hi"), ActionExecuted(LISTEN)]


async def take(store: Any, conversation: str, events: list[Event]) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(conversation)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)
    return tracker


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All that decides what the bot does next."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": loop and (loop.name, loop.is_interrupted, loop.rejected),
        "paused": tracker.is_paused(),
        "latest": tracker.latest_action_name,
        "followup": tracker.followup_action,
    }


async def test_a_saved_conversation_is_found_by_another_server(store: DurableTrackerStore, url: str) -> None:
    await take(store, "c", turn("hello", SlotSet("colour", "red")))
    other = DurableTrackerStore(DOMAIN, url)
    found = await other.retrieve("c")
    assert found is not None
    assert found.get_slot("colour") == "red"
    assert found.latest_message.text == "hello"
    other.close()


async def test_an_unknown_conversation_is_not_there_and_asking_writes_nothing(
    store: DurableTrackerStore,
) -> None:
    assert await store.retrieve("nobody") is None
    await store.get_or_create_tracker("nobody")
    assert "nobody" not in list(await store.keys())


async def test_a_turn_that_fails_leaves_nothing_behind(store: DurableTrackerStore) -> None:
    await take(store, "c", turn("hello"))
    halfway = await store.retrieve("c")
    halfway.update(SlotSet("colour", "red"))  # … and the turn fails: nobody saves
    again = await store.retrieve("c")
    assert again.get_slot("colour") is None


async def test_a_tracker_changed_after_its_save_is_not_used_again(store: DurableTrackerStore) -> None:
    tracker = await take(store, "c", turn("hello"))
    tracker.update(SlotSet("colour", "red"))
    assert (await store.retrieve("c")).get_slot("colour") is None


async def test_the_turn_of_another_server_is_noticed(store: DurableTrackerStore, url: str) -> None:
    await take(store, "c", turn("one"))
    other = DurableTrackerStore(DOMAIN, url)
    await take(other, "c", turn("two", SlotSet("colour", "blue")))
    assert (await store.retrieve("c")).get_slot("colour") == "blue"
    other.close()


async def test_of_two_servers_at_once_one_saves_and_the_other_hears_of_it(
    store: DurableTrackerStore, url: str
) -> None:
    await take(store, "c", turn("one"))
    other = DurableTrackerStore(DOMAIN, url)
    mine, theirs = await store.retrieve("c"), await other.retrieve("c")
    mine.update_with_events(turn("mine"), DOMAIN)
    theirs.update_with_events(turn("theirs"), DOMAIN)
    await store.save(mine)
    with pytest.raises(Conflict):
        await other.save(theirs)
    assert (await other.retrieve("c")).latest_message.text == "mine"
    other.close()


async def test_a_conversation_begun_on_two_servers_at_once_is_begun_once(
    store: DurableTrackerStore, url: str
) -> None:
    other = DurableTrackerStore(DOMAIN, url)
    mine, theirs = await store.get_or_create_tracker("c"), await other.get_or_create_tracker("c")
    mine.update_with_events(turn("mine"), DOMAIN)
    theirs.update_with_events(turn("theirs"), DOMAIN)
    await store.save(mine)
    with pytest.raises(Conflict):
        await other.save(theirs)
    other.close()


async def test_an_erased_conversation_is_gone_and_may_begin_anew(
    store: DurableTrackerStore, url: str
) -> None:
    other = DurableTrackerStore(DOMAIN, url)
    await take(other, "c", turn("secret", SlotSet("colour", "red")))
    await store.erase("c")
    assert await store.retrieve("c") is None
    assert await store.retrieve_full_tracker("c") is None
    await take(store, "c", turn("hello"))
    assert (await other.retrieve("c")).get_slot("colour") is None
    other.close()


async def test_every_turn_is_kept_for_trainers_while_the_tracker_stays_short(
    store: DurableTrackerStore,
) -> None:
    for number in range(60):
        tracker = await take(store, "c", turn(str(number), SlotSet("seen", float(number))))
    assert len(tracker.events) <= 4 * 6 + len(DOMAIN.slots) + 1
    assert tracker.get_slot("seen") == 59.0
    whole = await store.retrieve_full_tracker("c")
    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [str(number) for number in range(60)]


async def test_a_slot_set_long_ago_stays_set_and_a_reset_still_resets(store: DurableTrackerStore) -> None:
    await take(store, "c", turn("red", SlotSet("colour", "red")))
    for number in range(30):
        await take(store, "c", turn(str(number)))
    assert (await take(store, "c", turn("still"))).get_slot("colour") == "red"
    assert (await take(store, "c", turn("reset", AllSlotsReset()))).get_slot("colour") is None
    assert (await take(store, "c", turn("after"))).get_slot("seen") == 0


async def test_a_tracker_from_elsewhere_replaces_the_conversation(store: DurableTrackerStore) -> None:
    await take(store, "c", turn("old", SlotSet("colour", "red")))
    foreign = DialogueStateTracker.from_events("c", turn("new"), DOMAIN.slots)
    await store.save(foreign)
    found = await store.retrieve("c")
    assert (found.latest_message.text, found.get_slot("colour")) == ("new", None)
    assert (await take(store, "c", turn("more"))).latest_message.text == "more"


async def test_only_so_many_trackers_stay_in_memory(url: str) -> None:
    store = DurableTrackerStore(DOMAIN, url, live=3)
    for number in range(10):
        await take(store, f"room-{number}", turn("hello"))
    assert len(store._live) == 3
    assert (await store.retrieve("room-0")).latest_message.text == "hello"
    store.close()


async def test_a_new_model_takes_the_conversations_over(store: DurableTrackerStore) -> None:
    await take(store, "c", turn("red", SlotSet("colour", "red")))
    store.domain = Domain.from_dict({"slots": {"colour": {"type": "text", "mappings": [{"type": "custom"}]}}})
    assert (await store.retrieve("c")).get_slot("colour") == "red"
    assert "order_number" not in (await store.retrieve("c")).slots


async def test_many_conversations_at_once_do_not_mix(store: DurableTrackerStore) -> None:
    async def talk(name: str) -> str:
        for number in range(5):
            await take(store, name, turn(f"{name}-{number}", SlotSet("colour", name)))
        return str((await store.retrieve(name)).get_slot("colour"))

    names = [f"talk-{number}" for number in range(20)]
    assert await asyncio.gather(*map(talk, names)) == names


MORE = st.lists(
    st.sampled_from(
        [
            SlotSet("colour", "red"),
            SlotSet("colour", None),
            SlotSet("order_number", "SO-100123"),
            ActiveLoop("order_form"),
            ActiveLoop(None),
            ActionExecuted("order_form"),
            ActionExecuted("utter_glad"),
            BotUttered("Glad"),
            AllSlotsReset(),
            ConversationPaused(),
            ConversationResumed(),
            SessionStarted(),
            Restarted(),
        ]
    ),
    max_size=4,
)


@given(turns=st.lists(st.tuples(MORE, st.booleans()), min_size=1, max_size=40), forgets=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_sequence_of_events_leaves_the_state_that_the_whole_history_gives(
    turns: list[tuple[list[Event], bool]], forgets: bool
) -> None:
    store, stock = DurableTrackerStore(DOMAIN, "sqlite://", tail=3), InMemoryTrackerStore(DOMAIN)
    for number, (more, reverted) in enumerate(turns):
        for one in (store, stock):
            # applied to a tracker an event is changed, so each store gets its own
            events = [Event.from_parameters(event.as_dict()) for event in turn(str(number), *more)]
            if reverted:
                events[-1:] = [UserUtteranceReverted(), ActionExecuted(LISTEN)]
            await take(one, "c", events)
        if forgets:
            store._live.clear()
    mine, theirs = await store.retrieve("c"), await stock.retrieve("c")
    assert state(mine) == state(theirs)
    store.close()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=120), st.integers(1, 8))
def test_the_cut_leaves_enough_turns_never_splits_a_form_and_is_bounded(
    kinds: list[tuple[bool, bool]], tail: int
) -> None:
    turns = [Turn(number, 5, counts, boundary) for number, (counts, boundary) in enumerate(kinds)]
    folded = _to_fold(turns, tail)
    left = turns[folded:]
    assert len(left) <= 8 * tail
    if folded:
        enough = sum(turn.counts for turn in left) >= tail and turns[folded - 1].boundary
        assert enough or len(left) >= 4 * tail


SAYINGS = [
    "hello",
    "place an order",
    "it is SO-100123",
    "in blue",
    "i feel great",
    "i feel terrible",
    "bye bye",
    "tell me facts",
    "qwerty uiop",
]


@given(
    said=st.lists(st.sampled_from(SAYINGS), min_size=30, max_size=45),
    form_at=st.integers(5, 25),
)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
async def test_a_long_talk_goes_the_same_way_as_with_rasas_own_store(
    small_model: Path, said: list[str], form_at: int
) -> None:
    said[form_at:form_at] = [
        "place an order",
        "hello",
        "qwerty uiop",
        "it is SO-100124",
        "i feel great",
        "red",
    ]
    async with fake_actions() as actions:
        stores = [
            InMemoryTrackerStore(DOMAIN),
            DurableTrackerStore(DOMAIN, "sqlite://"),
            DurableTrackerStore(DOMAIN, "sqlite://", live=0),  # each turn on another server
        ]
        agents = [smallbot.agent(small_model, store, actions.url) for store in stores]
        for number, text in enumerate(said):
            request = TurnRequest("c", str(number), text=text, customer_id="anna")
            stock, live, reread = [await take_turn(agent, request) for agent in agents]
            assert stock == live == reread
        for agent in agents:
            await agent.action_endpoint.close()
        for store in stores[1:]:
            store.close()

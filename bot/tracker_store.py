"""A tracker store whose cost for a turn does not grow with the conversation.

Rasa's own stores read, replay and write the whole history on each turn, on the event loop. Here

* a turn appends one row (:mod:`bot.tracker_rows`), in one transaction, in a thread;
* the tracker in use holds a bounded *tail* of turns and before it a *head*: the slots, the active
  loop and the pause of everything older, as events, the way Rasa itself begins a session that
  carries its slots over. The tail is longer than any policy looks back, so that rules,
  memoization and forms decide the same;
* live trackers stay in memory. One is taken out on retrieval, used only if the database still
  has its version, and put back by a successful save: a failed turn leaves nothing behind, and
  another server's turn is noticed.

``endpoints.yml``: ``tracker_store: {type: bot.tracker_store.DurableTrackerStore, url: …}``.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_rows import Conflict, Rows, Stored, first_version

__all__ = ["Conflict", "DurableTrackerStore"]

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Turn:
    """The events of one save, as far as the cut is concerned."""

    number: int
    size: int
    counts: bool  # the policies see it as a turn of its own: not taken back, not within a form
    boundary: bool  # the conversation may be cut behind it: the bot listens, no loop is active

    @classmethod
    def of(cls, number: int, events: Sequence[Event], tracker: DialogueStateTracker) -> Turn:
        listens = isinstance(events[-1], ActionExecuted) and events[-1].action_name == ACTION_LISTEN_NAME
        quiet = tracker.active_loop_name is None
        said = any(isinstance(event, UserUttered) for event in events)
        reverted = any(isinstance(event, UserUtteranceReverted) for event in events)
        return cls(number, len(events), said and quiet and not reverted, listens and quiet)


@dataclass
class Kept:
    """Where a live tracker stands: what of its events is stored, and how it is cut."""

    version: int
    cut: int
    new: bool = False
    replaces: bool = False  # the first save drops the head and the turns so far from the tail
    head: int = 0  # number of events of the head, at the front of tracker.events
    turns: deque[Turn] = field(default_factory=deque)

    @property
    def size(self) -> int:
        return self.head + sum(turn.size for turn in self.turns)


class LiveTracker(DialogueStateTracker):  # type: ignore[misc]
    """Rasa's tracker, and where it stands in the store."""

    kept: Kept | None = None


class DurableTrackerStore(TrackerStore):  # type: ignore[misc]
    """See the module. ``host`` is an SQLAlchemy URL (Rasa's name for the endpoint's ``url``),
    ``tail`` the least number of turns kept whole: more than the longest rule or story spans, and
    half a memoization's ``max_history``; ``live`` how many trackers stay in memory."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str = "sqlite:///var/trackers.db",
        event_broker: EventBroker | None = None,
        tail: int = 4,
        live: int = 1000,
        **_: Any,
    ) -> None:
        self._live: OrderedDict[str, LiveTracker] = OrderedDict()
        super().__init__(domain, event_broker)
        self._rows = Rows(host)
        self._threads = ThreadPoolExecutor(self._rows.threads, "tracker")
        self._tail = tail
        self._room = live

    @property
    def domain(self) -> Domain:
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        if domain is not None:  # Rasa says None while it loads a model, which may yet fail
            self._domain = domain
            self._live.clear()  # their slots are those of the former model

    def speaking(self, domain: Domain) -> DurableTrackerStore:
        """The same conversations for another model, which may run beside the present one: the database
        is shared, the trackers in memory are not, for their slots are those of one domain."""
        other = copy(self)
        other._live, other._domain = OrderedDict(), domain
        return other

    def init_tracker(self, sender_id: str) -> LiveTracker:
        return LiveTracker(sender_id, self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> LiveTracker:
        """A tracker for a new conversation; nothing is stored before its first turn is."""
        tracker = self.init_tracker(sender_id)
        version = first_version()
        tracker.kept = Kept(version, cut=version, new=True)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> LiveTracker | None:
        live = self._live.pop(sender_id, None)
        if live is not None and live.kept is not None and live.kept.size == len(live.events):
            version = await self._in_thread(lambda: self._rows.version(sender_id))
            if version == live.kept.version:
                return live
        stored = await self._in_thread(lambda: self._rows.load(sender_id))
        return None if stored is None else self._revive(sender_id, stored)

    async def retrieve_full_tracker(self, conversation_id: str) -> LiveTracker | None:
        """The whole conversation, for reading: export, Rasa's API. Not to be saved."""
        turns = await self._in_thread(lambda: self._rows.history(conversation_id))
        events = [event for turn in turns for event in turn]
        return self._replay(conversation_id, deserialise_events(events)) if events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new; raises :class:`Conflict` if another server was faster."""
        kept = getattr(tracker, "kept", None)
        if kept is None:
            tracker, kept = await self._adopt(tracker)
        events = list(islice(tracker.events, kept.size, None))
        if events:
            await self._append(tracker, kept, events)
        if events or not kept.new:
            self._put_back(tracker)

    async def erase(self, conversation_id: str) -> None:
        """Forget the conversation, every turn of it."""
        self._live.pop(conversation_id, None)
        await self._in_thread(lambda: self._rows.erase(conversation_id))

    async def keys(self) -> Iterable[str]:
        return await self._in_thread(self._rows.conversations)

    def close(self) -> None:
        self._threads.shutdown()
        self._rows.close()

    async def _append(self, tracker: LiveTracker, kept: Kept, events: list[Event]) -> None:
        number = kept.version + 1
        turns = deque([*kept.turns, Turn.of(number, events, tracker)])
        folded = _to_fold(turns, self._tail)
        head: list[Event] | None = [] if kept.replaces else None
        size = kept.head + sum(turn.size for turn in islice(turns, folded))
        if folded:
            head = self._fold(tracker.sender_id, list(islice(tracker.events, size)))
        cut = turns[folded - 1].number if folded else kept.cut
        rows = [event.as_dict() for event in events]
        head_rows = None if head is None else [event.as_dict() for event in head]
        await self._in_thread(
            lambda: self._rows.append(
                tracker.sender_id, kept.version, rows, new=kept.new, cut=cut, head=head_rows
            )
        )
        if head is not None:
            for _ in range(size):
                tracker.events.popleft()
            tracker.events.extendleft(reversed(head))
            for _ in range(folded):
                turns.popleft()
        tracker.kept = Kept(number, cut, head=kept.head if head is None else len(head), turns=turns)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    def _fold(self, sender_id: str, past: list[Event]) -> list[Event]:
        """The events that bring a fresh tracker where ``past`` brought it."""
        then = self._replay(sender_id, past)
        at = past[-1].timestamp
        head: list[Event] = [
            SlotSet(slot.name, slot.value, timestamp=at) for slot in then.slots.values() if slot.has_been_set
        ]
        if then.active_loop_name:
            head.append(ActiveLoop(then.active_loop_name, timestamp=at))
        if then.is_paused():
            head.append(ConversationPaused(timestamp=at))
        return [*head, ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)]

    def _replay(self, sender_id: str, events: list[Event]) -> LiveTracker:
        tracker = self.init_tracker(sender_id)
        tracker.events.extend(events)
        tracker.replay_events()
        return tracker

    def _revive(self, sender_id: str, stored: Stored) -> LiveTracker:
        """A live tracker from its rows, replayed turn by turn to know where it may be cut."""
        head = deserialise_events(stored.head)
        tracker = self._replay(sender_id, head)
        turns: deque[Turn] = deque()
        for number, rows in stored.turns:
            events = deserialise_events(rows)
            for event in events:
                tracker.events.append(event)
                event.apply_to(tracker)
            turns.append(Turn.of(number, events, tracker))
        tracker.kept = Kept(stored.version, stored.cut, head=len(head), turns=turns)
        return tracker

    async def _adopt(self, tracker: DialogueStateTracker) -> tuple[LiveTracker, Kept]:
        """A tracker that did not come from here (Rasa's API replaces events) becomes the
        conversation from now on; what was said before stays for the trainers."""
        version = await self._in_thread(lambda: self._rows.version(tracker.sender_id))
        own = self._replay(tracker.sender_id, list(tracker.events))
        start = first_version() if version is None else version
        own.kept = Kept(start, cut=start, new=version is None, replaces=version is not None)
        return own, own.kept

    def _put_back(self, tracker: LiveTracker) -> None:
        self._live[tracker.sender_id] = tracker
        if len(self._live) > self._room:
            self._live.popitem(last=False)

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _to_fold(turns: Sequence[Turn], tail: int) -> int:
    """How many of the oldest turns go into the head so that at least ``tail`` turns that count
    stay. Only behind a boundary; a form that never ends is cut all the same after many turns."""
    counting = 0
    for index in range(len(turns) - 1, 0, -1):
        counting += turns[index].counts
        if (counting >= tail or len(turns) - index >= 4 * tail) and turns[index - 1].boundary:
            return index
    return max(0, len(turns) - 8 * tail)

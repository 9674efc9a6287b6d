"""What a customer wrote, read as one wish or as several, and those that have to wait their turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.input import neutral
from bot.manners import manners
from bot.processor import TurnProcessor
from bot.wishes import Read

LATER = "later"  # the slot of wishes that wait until a form is done
EMPATHY = "utter_empathy"
MOOD = ("sentiment", "urgency", "swearing")


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, or a part of it, with Rasa's parse of it."""

    text: str
    parsed: dict[str, Any]

    @property
    def intent(self) -> str | None:
        name = (self.parsed.get("intent") or {}).get("name")
        return None if name is None else str(name)


async def hear(
    processor: TurnProcessor, tracker: DialogueStateTracker, text: str, metadata: dict[str, Any]
) -> list[Heard]:
    """The wishes of a message in their order; mostly one. While a form asks, all is one answer.

    The mood is that of the whole message, wherever in it the anger was.
    """
    whole = await understand(processor, tracker, text, metadata)
    wishes = manners().wishes
    spans = [] if tracker.active_loop else wishes.parts(text)
    if not spans:
        return [whole]
    here = {**metadata, "language": whole.parsed.get("language") or metadata.get("language")}
    parts = [await understand(processor, tracker, neutral(text[start:end]), here) for start, end in spans]
    chosen = wishes.choose(Read.of(whole.parsed), [Read.of(part.parsed) for part in parts])
    if not chosen:
        return [whole]
    # What follows a wish and is none itself belongs to it.
    ends = [spans[index - 1][1] for index in chosen[1:]] + [len(text)]
    told = [neutral(text[spans[index][0] : end]) for index, end in zip(chosen, ends, strict=True)]
    mood = {name: whole.parsed[name] for name in MOOD if name in whole.parsed}
    wishes_heard = []
    for index, said in zip(chosen, told, strict=True):
        wish = parts[index]
        if said != wish.text:
            wish = await _retold(processor, tracker, said, wish, here)
        wishes_heard.append(Heard(said, {**wish.parsed, **mood, "intent": wish.parsed["intent_ranking"][0]}))
    return wishes_heard


async def understand(
    processor: TurnProcessor, tracker: DialogueStateTracker, text: str, metadata: dict[str, Any]
) -> Heard:
    message = UserMessage(text, sender_id=tracker.sender_id, metadata=metadata)
    return Heard(text, await processor.parse_message(message, tracker))


async def _retold(
    processor: TurnProcessor, tracker: DialogueStateTracker, text: str, wish: Heard, metadata: dict[str, Any]
) -> Heard:
    """The wish with all that was said of it: its own intent, everybody's entities."""
    longer = await understand(processor, tracker, text, metadata)
    kept = {name: wish.parsed.get(name) for name in ("intent", "intent_ranking", "in_scope")}
    return Heard(text, {**longer.parsed, **kept})


def kind_word(tracker: DialogueStateTracker, heard: Heard) -> list[str]:
    """The response to begin the answer with, if the mood asks for one."""
    since = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == EMPATHY:
            break
        since += isinstance(event, UserUttered)
    else:
        since = -1
    sentiment = heard.parsed.get("sentiment") or {}
    wanted = not tracker.active_loop and manners().empathy.wanted(
        heard.intent, sentiment, None if since < 0 else since
    )
    return [EMPATHY] if wanted else []


def waiting(tracker: DialogueStateTracker) -> list[str]:
    """The wishes that wait, in the customer's words."""
    return list(tracker.get_slot(LATER) or []) if LATER in tracker.slots else []


def postpone(tracker: DialogueStateTracker, processor: TurnProcessor, wishes: list[str]) -> None:
    """Keep the wishes for later; an empty list forgets them."""
    if LATER in tracker.slots and wishes != waiting(tracker):
        tracker.update(SlotSet(LATER, wishes or None), processor.domain)

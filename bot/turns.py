"""A turn from end to end: the request in, Rasa's work, the reply read from the tracker."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.contract import HandoffWish, Reply, Said, TurnReply, TurnRequest, Understanding
from bot.heard import Heard, hear, kind_word, postpone, understand, waiting
from bot.input import OWN_SLOTS, Payload, safe
from bot.processor import MODEL, Silence, TurnProcessor

FALLBACK = "nlu_fallback"
HANDED_BACK = "handed_back"
NEXT_WISH = "utter_next_wish"
#: After these nothing that was asked before is waited for any more.
ENDING = frozenset({HANDED_BACK, "goodbye", "never_mind", "contact_human"})
RANKED = 5
# The dialogue's own bookkeeping: nothing a person who takes over could use.
HIDDEN_SLOTS = frozenset(
    {"session_started_metadata", "requested_slot", "misses", "mismatches", "proposed", "resume"}
    | {"last_task", "search", "confirmed"}
)


class NoAnswer(Exception):
    """The bot had nothing to say, which is never what a customer should get."""


async def take_turn(agent: Agent, request: TurnRequest) -> TurnReply:
    """Answer a turn, or the same answer again when its ``message_id`` was answered already.

    Turns of one conversation wait for each other. Raises :class:`bot.input.BadInput`,
    :class:`NoAnswer`, :class:`bot.processor.ActionFailed`, :class:`bot.tracker_rows.Conflict`
    or whatever a component or the database raised; then nothing of the turn is kept.
    """
    request = safe(request)
    processor = agent.processor = TurnProcessor.of(agent.processor)
    payload = None if request.payload is None else _payload(processor, request.payload)
    async with agent.lock_store.lock(request.conversation_id):
        tracker = await processor.get_tracker(request.conversation_id)
        events = _turn(tracker, request.message_id)
        if events is None:
            await _work(processor, tracker, request, payload)
            events = _turn(tracker, request.message_id) or []
            reply = _reply(tracker, events)
            await processor.save_tracker(tracker)
        else:
            reply = _reply(tracker, events)
            await processor.save_tracker(tracker)  # nothing new: it goes back to the live ones
    return reply


async def _work(
    processor: TurnProcessor, tracker: DialogueStateTracker, request: TurnRequest, payload: Payload | None
) -> None:
    output = Silence(request.channel)
    slots = {name: getattr(request, name) for name in OWN_SLOTS}
    if request.language and tracker.slots.get("language") and not tracker.get_slot("language"):
        slots["language"] = request.language
    await processor.open(tracker, slots, output)
    language = tracker.get_slot("language") if "language" in tracker.slots else None
    metadata = {
        "language": language or request.language,
        "locale": request.locale,
        "customer_id": request.customer_id,
    }

    async def take(heard: Heard, message_id: str | None, lead: Iterable[tuple[str, str]] = ()) -> None:
        message = UserMessage(
            heard.text,
            output,
            request.conversation_id,
            parse_data=heard.parsed,
            input_channel=request.channel,
            message_id=message_id,
            metadata=metadata,
        )
        message.message_id = message_id  # none for what is only a part of a message
        await processor.take(message, tracker, lead)

    if payload is not None:
        meanwhile = await _heard(processor, tracker, request.meanwhile, metadata)
        first, rest = Heard(request.payload or "", payload.parsed(request.payload or "", meanwhile)), []
    else:
        first, *rest = await hear(processor, tracker, request.text or "", metadata)
    if first.intent in ENDING:
        postpone(tracker, processor, [])
    late = waiting(tracker)
    await take(first, request.message_id, [(name, "") for name in kind_word(tracker, first)])
    wishes = [*late, *(heard.text for heard in rest)]
    while wishes and not tracker.active_loop and not _wants_person(tracker, request.message_id):
        wish, *wishes = wishes
        heard = await understand(processor, tracker, wish, metadata)
        if heard.intent != first.intent:
            await take(heard, None, [(NEXT_WISH, wish)] if wish in late else [])
    postpone(tracker, processor, wishes)


def _wants_person(tracker: DialogueStateTracker, message_id: str) -> bool:
    said = _turn(tracker, message_id) or []
    return any(_custom(event).get("handoff") for event in said if isinstance(event, BotUttered))


async def _heard(
    processor: TurnProcessor,
    tracker: DialogueStateTracker,
    meanwhile: tuple[Said, ...],
    metadata: dict[str, Any],
) -> list[dict[str, Any]]:
    """The entities of what the customer told a person, so that the bot need not ask again."""
    found: dict[str, dict[str, Any]] = {}
    for line in meanwhile:
        if line.sender == "customer" and line.text:
            message = UserMessage(line.text, sender_id=tracker.sender_id, metadata=metadata)
            parsed = await processor.parse_message(message, tracker)
            found |= {entity["entity"]: entity for entity in parsed["entities"]}
    return [{"entity": name, "value": entity["value"]} for name, entity in found.items()]


def _payload(processor: TurnProcessor, text: str) -> Payload:
    domain = processor.domain
    return Payload.parse(text, domain.intents, domain.entities)


def _turn(tracker: DialogueStateTracker, message_id: str) -> list[Event] | None:
    """The events of the turn that this message began, itself first; ``None`` if there is none."""
    events = list(tracker.events)
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if isinstance(event, UserUttered) and event.message_id == message_id:
            answer = takewhile(lambda later: not _is_said(later), events[index + 1 :])
            return [event, *answer]
    return None


def _is_said(event: Event) -> bool:
    """Whether a customer said it; an action that goes on with a wish of its own leaves no id."""
    return isinstance(event, UserUttered) and event.message_id is not None


def _reply(tracker: DialogueStateTracker, events: list[Event]) -> TurnReply:
    uttered: UserUttered = events[0]
    said = [event for event in events if isinstance(event, BotUttered)]
    replies = [reply for event in said if (reply := _as_reply(event)) is not None]
    wishes = [custom["handoff"] for event in said if (custom := _custom(event)).get("handoff")]
    if not replies and not wishes:
        raise NoAnswer(f"nothing to say to {uttered.intent.get('name')}")
    return TurnReply(
        replies=replies,
        understanding=_understanding(uttered),
        slots={
            name: slot.value
            for name, slot in tracker.slots.items()
            if slot.value is not None and name not in HIDDEN_SLOTS
        },
        active_form=tracker.active_loop_name,
        doubtful=uttered.intent.get("name") == FALLBACK and any(map(_asks_back, said)),
        handoff=HandoffWish(str(wishes[-1]["reason"]), str(wishes[-1].get("note") or "")) if wishes else None,
    )


def _asks_back(event: BotUttered) -> bool:
    """Whether the answer says that the message was not understood: its response has ``asks_back`` in its
    metadata. An address or a review is understood as little, yet is just what a form asked for."""
    return bool((event.metadata.get("metadata") or {}).get("asks_back"))


def _custom(event: BotUttered) -> dict[str, Any]:
    custom = event.data.get("custom")
    return custom if isinstance(custom, dict) else {}


def _as_reply(event: BotUttered) -> Reply | None:
    buttons = [
        {"title": str(button["title"]), "payload": str(button["payload"])}
        for button in event.data.get("buttons") or event.data.get("quick_replies") or []
    ]
    cards = _custom(event).get("cards") or []
    image = event.data.get("image")
    if not (event.text or buttons or cards or image):
        return None
    return Reply(text=event.text or None, buttons=buttons, cards=cards, image=image)


def _understanding(uttered: UserUttered) -> Understanding:
    parsed = uttered.parse_data or {}
    confidence = float(uttered.intent.get("confidence") or 0.0)
    return Understanding(
        intent=uttered.intent.get("name"),
        confidence=confidence,
        in_scope=float(parsed.get("in_scope", confidence)),
        ranking=[
            {"name": intent["name"], "confidence": float(intent["confidence"])}
            for intent in parsed.get("intent_ranking", [])[:RANKED]
        ],
        entities=[
            {key: entity[key] for key in ("entity", "value", "start", "end") if key in entity}
            for entity in uttered.entities
        ],
        language=parsed.get("language"),
        script=parsed.get("script"),
        sentiment=parsed.get("sentiment") or {},
        urgency=float(parsed.get("urgency") or 0.0),
        swearing=parsed.get("swearing"),
        model=parsed.get(MODEL),
    )

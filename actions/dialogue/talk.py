"""One run of an action: what was said, what is known, and the way to answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncSession

from actions import locale
from actions.shop.reference import Reference
from actions.tools import Tools
from bot.reading.finder import Found
from bot.reading.grammar import Grammar
from bot.reading.scripts import language_of

LONGEST = 2000  # characters of a message that are looked at
#: Slots that hold answers within one task.
ANSWERS = (
    "confirmed", "misses", "resume", "item", "reason", "wanted", "address", "problem",
    "field", "value", "name", "rating", "review_text", "topic", "measures",
)  # fmt: skip

Button = dict[str, str]
Event = dict[str, Any]


class Talk:
    """A tracker to read, a dispatcher to answer through, and the events that the run leaves behind.

    ``events`` is what the action returns to the bot. Everything shown goes through :meth:`say` (a response
    of ``data/responses``) with values that :meth:`word`, :meth:`money` and :meth:`day` have made readable.
    """

    def __init__(self, tools: Tools, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.tools = tools
        self.events: list[Event] = []
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._slots: dict[str, Any] = dict(tracker.slots)
        self._found: list[Found] | None = None

    # -- who and where ---------------------------------------------------------------------------

    @property
    def customer_id(self) -> str | None:
        value: str | None = self._slots.get("customer_id")
        return value

    @property
    def language(self) -> str:
        return str(self._slots.get("language") or "en")

    @property
    def locale(self) -> str:
        """How to write money and dates: the customer's locale, if it is of the language spoken."""
        own = str(self._slots.get("locale") or "")
        return own if own.split("-")[0] == self.language else self.language

    @property
    def country(self) -> str | None:
        """The country of the customer's locale ("IN" of "hi-IN"); None if it names none."""
        last = str(self._slots.get("locale") or "").split("-")[-1]
        return last if len(last) == 2 and last.isupper() else None

    @property
    def reference(self) -> Reference:
        return self.tools.shop.reference

    def now(self) -> datetime:
        return self.tools.now()

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.tools.database.read()

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.tools.database.write()

    # -- what was said ---------------------------------------------------------------------------

    @property
    def said(self) -> Mapping[str, Any]:
        """The parse of the message."""
        message: dict[str, Any] = self._tracker.latest_message
        return message

    @property
    def intent(self) -> str:
        return str((self.said.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        return float((self.said.get("intent") or {}).get("confidence") or 0.0)

    @property
    def tapped(self) -> bool:
        """Whether a button was tapped; nothing was typed then."""
        return self._typed.startswith("/")

    @property
    def text(self) -> str:
        """What was typed, as much of it as anybody reads; empty when a button was tapped."""
        return "" if self.tapped else self._typed[:LONGEST]

    @property
    def _typed(self) -> str:
        return str(self.said.get("text") or "").strip()

    def entity(self, name: str) -> str | None:
        """The last entity of that name: a correction comes after what it corrects."""
        values = [e.get("value") for e in self.said.get("entities") or () if e.get("entity") == name]
        return str(values[-1]) if values and values[-1] is not None else None

    def found(self, name: str) -> Found | None:
        """The last of what the message names of a kind, read here: a wish carried on keeps its text only."""
        if self._found is None:
            self._found = self.reference.finders.find(self.text, self.language, self.now().date())
        return next((one for one in reversed(self._found) if one.entity == name), None)

    def events_since_said(self) -> list[Event]:
        """The tracker's events since the customer spoke, oldest first."""
        events = self._tracker.events
        start = max((i for i, event in enumerate(events) if event["event"] == "user"), default=0)
        return list(events[start:])

    def earlier_intents(self) -> list[str]:
        """The intents of the last few messages before this one, oldest first."""
        said = [event for event in self._tracker.events if event["event"] == "user"]
        return [str(event["parse_data"]["intent"].get("name") or "") for event in said[:-1]]

    def just_said(self, *responses: str) -> bool:
        """Whether the bot's last turn used one of these responses."""
        return any((e.get("metadata") or {}).get("utter_action") in responses for e in self.last_answers())

    def last_answers(self) -> list[Event]:
        """What the bot said (its ``bot`` events) to the message before this one."""
        said = [i for i, event in enumerate(self._tracker.events) if event["event"] == "user"]
        span = slice(said[-2], said[-1]) if len(said) > 1 else slice(0, said[-1] if said else 0)
        return [event for event in self._tracker.events[span] if event["event"] == "bot"]

    # -- what is kept in mind --------------------------------------------------------------------

    @property
    def form(self) -> str | None:
        name: str | None = (self._tracker.active_loop or {}).get("name")
        return name

    def get(self, slot: str) -> Any:
        return self._slots.get(slot)

    def put(self, **slots: Any) -> None:
        for name, value in slots.items():
            if self._slots.get(name) != value:
                self._slots[name] = value
                self.events.append(SlotSet(name, value))

    def forget(self, *slots: str) -> None:
        self.put(**dict.fromkeys(slots))

    def propose(self, intent: str) -> None:
        """What a "yes" to this very answer means."""
        self.put(proposed={"wish": intent, "after": self._message_id})

    def proposed(self) -> str | None:
        """What was proposed in answer to the message before this one."""
        proposal = self.get("proposed") or {}
        said = [str(event.get("message_id")) for event in self._tracker.events if _typed_or_tapped(event)]
        return str(proposal["wish"]) if proposal and proposal["after"] in said[-2:-1] else None

    @property
    def _message_id(self) -> str | None:
        said = [str(event["message_id"]) for event in self._tracker.events if _typed_or_tapped(event)]
        return said[-1] if said else None

    def leave_form(self) -> None:
        """Whatever was being asked is asked no more."""
        if self.form:
            self.events.append(ActiveLoop(None))
        self.put(**dict.fromkeys(ANSWERS), requested_slot=None)

    def can_go_on(self, intent: str) -> bool:
        """Whether customers can wish for ``intent``: those wishes have a title to show."""
        return self.tools.texts.has(f"actions.reading.{intent}")

    def go_on(self, intent: str, entities: Mapping[str, str] | None = None, with_text: bool = False) -> None:
        """Continue as if the customer had asked for ``intent``: its rule is run next.

        ``with_text`` keeps what was typed, which then says more than the intent does.
        """
        said = {
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        }
        text = self.text if with_text else f"/{intent}"
        self.events += [ActionExecuted("action_listen"), UserUttered(text, parse_data={"text": text, **said})]

    # -- answering -------------------------------------------------------------------------------

    def say(self, response: str, buttons: Iterable[Button] = (), **values: object) -> None:
        self._dispatcher.utter_message(response=response, buttons=list(buttons), **values)

    def send(self, **custom: Any) -> None:
        """Something that is not text: cards, or the wish for a person."""
        self._dispatcher.utter_message(json_message=custom)

    def word(self, key: str, **values: object) -> str:
        """A text of the catalogue in the language spoken; a key with a dot may be of any section."""
        return self.tools.texts.say(key, self.language, **values)

    def words(self, key: str) -> list[str]:
        """A list of the catalogue's section ``actions.listen``: the language's words, and English ones.

        Everyone mixes English in. What is typed in another script is listened to in that one's language.
        """
        languages = dict.fromkeys((language_of(self.text) or self.language, self.language, locale.FALLBACK))
        texts = self.tools.texts
        found = (texts.words(f"actions.listen.{key}", language) for language in languages)
        return list(dict.fromkeys(word for words in found for word in words))

    @property
    def grammar(self) -> Grammar:
        """How numbers, money and dates are read in the message."""
        return self.reference.grammar(self.text, self.language)

    def button(self, key: str, intent: str, /, **entities: str) -> Button:
        return option(self.word(key), intent, **entities)

    def money(self, minor: int, currency: str) -> str:
        return locale.money(minor, currency, self.locale)

    def day(self, value: datetime) -> str:
        return locale.day(value, self.locale, self.zone)

    @property
    def zone(self) -> str | None:
        return self.reference.zones.get(self.country or "")

    def has_text(self, key: str) -> bool:
        return self.tools.texts.has(key)

    def colour(self, name: str) -> str:
        return self.word(f"shop.colour.{name}") if self.has_text(f"shop.colour.{name}") else name

    def size(self, name: str) -> str:
        return self.word(f"shop.size.{name}") if self.has_text(f"shop.size.{name}") else name

    def category(self, path: str) -> str:
        return self.word(f"shop.category.{path}") if self.has_text(f"shop.category.{path}") else path

    def listed(self, values: Iterable[str], style: str = "standard") -> str:
        return locale.items(list(values), self.locale, style)


def _typed_or_tapped(event: Event) -> bool:
    return event["event"] == "user" and event.get("message_id") is not None


def option(title: str, intent: str, /, **entities: str) -> Button:
    """A button: it sends ``/intent`` or ``/intent{"entity": "value"}``."""
    values = json.dumps(entities, ensure_ascii=False) if entities else ""
    return {"title": title, "payload": f"/{intent}{values}"}

"""Questions that many tasks ask, and how their answers are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence

from actions.dialogue.talk import Button, Talk
from bot.reading.fold import digits
from bot.reading.grammar import find, plain_words

_EMAIL = re.compile(r"[^\s@<>,;:\"']+@[^\s@<>,;:\"']+\.[^\W\d_]{2,}", re.UNICODE)
_CERTAIN = 0.6  # from this confidence on, another intent is believed more than a free answer


def email_in(text: str) -> str | None:
    found = _EMAIL.search(digits(text))
    return found[0].rstrip(".").lower() if found else None


def said_any(talk: Talk, key: str) -> bool:
    """Whether the message contains one of the words (or phrases) of ``actions.listen.<key>``."""
    said = talk.grammar.forms(talk.text)
    return any(find(said, listed) is not None for listed in map(plain_words, talk.words(key)))


def begins_with(talk: Talk, key: str) -> bool:
    """Whether it begins with one of them."""
    said = talk.grammar.forms(talk.text)
    return any(find(said, listed) == 0 for listed in map(plain_words, talk.words(key)))


def yes_or_no(talk: Talk, own: str = "") -> bool | None:
    """Yes, no, or neither. Asking once more for the task itself (``own``) is a yes."""
    if talk.intent == "affirm":
        return True
    if talk.intent == "deny" or begins_with(talk, "no"):
        return False
    if begins_with(talk, "yes"):  # "yes, cancel it" is no never-mind
        return True
    if talk.intent == "never_mind":
        return False
    if own and talk.intent == own:
        return not said_any(talk, "not")
    return None


def picked(talk: Talk, count: int, present: int | None = None) -> int | None:
    """Which of ``count`` things, newest first, is meant by "the second one", "the last one", "the other"."""
    if count == 0:
        return None
    for index, key in enumerate(("first", "second", "third", "fourth")):
        if index < count and said_any(talk, key):
            return index
    if said_any(talk, "latest"):
        return 0
    if said_any(talk, "last"):
        return count - 1
    if said_any(talk, "other") and count == 2 and present is not None:
        return 1 - present
    return None


def free_answer(
    talk: Talk, own: str, near: frozenset[str] = frozenset(), questions_too: bool = False
) -> str | None:
    """The message as an answer in the customer's own words; None if it is a question or another wish.

    ``near`` are intents that answers to this question sound like ("it's broken" as a reason to return);
    ``questions_too`` takes what ends in a question mark as well, as reviews do.
    """
    if not talk.text or (talk.text.endswith(("?", "؟", ";", "？")) and not questions_too):
        return None
    if talk.intent in {"inform", "nlu_fallback", own} | near or talk.confidence < _CERTAIN:
        return talk.text
    return None


class Email:
    """The e-mail address, from those we do not know."""

    slot = "email"

    def __init__(self, response: str = "utter_which_email", always: bool = False) -> None:
        self._response, self._always = response, always

    async def needed(self, talk: Talk) -> bool:
        return self._always or talk.customer_id is None

    async def take(self, talk: Talk, asked: bool) -> bool:
        found = talk.entity("email") if talk.tapped else email_in(talk.text)
        new = found is not None and (asked or found.lower() != talk.get("email"))
        if found:
            talk.put(email=found.lower())
        return new

    async def ask(self, talk: Talk) -> None:
        talk.say("utter_email_again" if talk.get("misses") else self._response)


class Sure:
    """A yes or no before something is done; ``ask`` says what."""

    slot = "confirmed"

    def __init__(self, task: str, ask: Callable[[Talk], Awaitable[None]]) -> None:
        self._task, self._ask = task, ask

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        answer = yes_or_no(talk, self._task) if asked else None
        if answer is not None:
            talk.put(confirmed=answer)
        return answer is not None

    async def ask(self, talk: Talk) -> None:
        await self._ask(talk)


def yes_and_no(talk: Talk) -> list[Button]:
    return [talk.button("actions.button.yes", "affirm"), talk.button("actions.button.no", "deny")]


class Choice:
    """One of a few: tapped, or named by a word of ``actions.listen.<slot>.<option>``."""

    def __init__(self, slot: str, response: str, options: Sequence[str]) -> None:
        self.slot, self._response, self._options = slot, response, options

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        option = talk.entity(self.slot) if talk.tapped else self._named(talk)
        if option in self._options:
            talk.put(**{self.slot: option})
        return option in self._options

    def _named(self, talk: Talk) -> str | None:
        return next((o for o in self._options if said_any(talk, f"{self.slot}_{o}")), None)

    async def ask(self, talk: Talk) -> None:
        buttons = [talk.button(f"actions.{self.slot}.{o}", "inform", **{self.slot: o}) for o in self._options]
        talk.say("utter_tap_one" if talk.get("misses") else self._response, buttons)


class Words:
    """Something said freely, kept as it is (up to 2,000 characters), with buttons for common answers."""

    def __init__(
        self,
        slot: str,
        task: str,
        response: str,
        common: Sequence[str] = (),
        near: frozenset[str] = frozenset(),
        unasked_from: int | None = None,
    ) -> None:
        self.slot, self._task, self._response, self._common, self._near = slot, task, response, common, near
        self._unasked_from = unasked_from  # words: a message that long about the task itself tells it already

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        option = talk.entity(self.slot) if talk.tapped else None
        if option in self._common:
            talk.put(**{self.slot: talk.word(f"actions.{self.slot}.{option}")})
            return True
        answer = free_answer(talk, self._task, self._near) if asked else self._told(talk)
        if answer:
            talk.put(**{self.slot: plain(answer)[:2000]})
        return bool(answer)

    def _told(self, talk: Talk) -> str | None:
        long = self._unasked_from is not None and len(talk.text.split()) >= self._unasked_from
        return talk.text if long and talk.intent == self._task and not talk.get(self.slot) else None

    async def ask(self, talk: Talk) -> None:
        buttons = [talk.button(f"actions.{self.slot}.{o}", "inform", **{self.slot: o}) for o in self._common]
        talk.say(self._response, buttons)


def plain(text: str) -> str:
    """Text on one line, composed the same way everywhere."""
    return " ".join(unicodedata.normalize("NFC", text).split())

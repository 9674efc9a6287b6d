"""A conversation test played over the turn contract, told as a script when it fails. Pure."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.contract import Reply, TurnReply
from handoff.workbench.talks.story import BLANK, Responses, Story, StoryError

Ask = Callable[[dict[str, Any]], TurnReply]


class TurnFailed(Exception):
    """The bot did not answer; the sentence says why."""


@dataclass(frozen=True)
class Problem:
    """Something that was not as expected. ``code`` is an expectation's name, or ``blank`` (a reply shows an
    unfilled one), ``failed`` (the bot did not answer), ``story`` (the file asks for what there is not)."""

    step: int
    code: str
    expected: Any = None
    got: Any = None
    about: str | None = None  # which slot

    def told(self) -> dict[str, Any]:
        """As JSON; ``text`` is for terminals."""
        return {
            "step": self.step,
            "code": self.code,
            "expected": self.expected,
            "got": self.got,
            "about": self.about,
            "text": str(self).strip(),
        }

    def __str__(self) -> str:
        what = f"{self.code[:-1]} {self.about}" if self.about else self.code
        if self.code in ("story", "failed"):
            return f"  {self.got}"
        if self.code == "blank":
            return f"  an unfilled blank in {self.got!r}"
        if self.code == "says":
            return f"  nobody says {self.expected}"
        if self.code == "never":
            return f"  says {self.expected}"
        return f"  {what}: expected {self.expected!r}, got {self.got!r}"


@dataclass(frozen=True)
class Outcome:
    """How a talk went. ``steps``: what was said, line by line: ``{who: customer|bot|person, text, …}``; a
    customer's has ``got``: how it was understood; ``script`` is the same as plain text."""

    title: str
    steps: Sequence[Mapping[str, Any]]
    problems: Sequence[Problem]
    script: str

    @property
    def passed(self) -> bool:
        return not self.problems


@dataclass
class Player:
    """Plays one story and keeps the script of what was said."""

    ask: Ask
    responses: Responses
    customer_id: str | None
    locale: str
    conversation: str = field(default_factory=lambda: f"story-{secrets.token_hex(8)}")
    script: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    language: str | None = None
    last: TurnReply | None = None

    def play(self, story: Story) -> Outcome:
        """The talk up to its end, or to the first step that goes wrong."""
        problems: list[Problem] = []
        for number, step in enumerate(story.steps, 1):
            try:
                self.last = reply = self.ask(self._request(number, step))
                self._tell(reply)
                self.language = reply.slots.get("language") or reply.understanding.language
                problems = [*_broken(number, reply), *self._check(number, reply, step.get("expect") or {})]
            except TurnFailed as error:
                problems = [Problem(number, "failed", got=str(error))]
            except StoryError as error:
                problems = [Problem(number, "story", got=str(error))]
            if problems:
                lines = ["", f"Step {number}:", *map(str, problems)]
                return Outcome(
                    story.title, self.steps, problems, "\n".join([story.title, "", *self.script, *lines])
                )
        return Outcome(story.title, self.steps, [], "\n".join([story.title, "", *self.script]))

    def _request(self, number: int, step: Mapping[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "conversation_id": self.conversation,
            "message_id": f"{self.conversation}-{number}",
            "customer_id": self.customer_id,
            "locale": self.locale,
            "language": self.language,
        }
        expected = (step.get("expect") or {}).get("intent")
        if "user" in step:
            self._said("customer", str(step["user"]), f"  customer: {step['user']}", intent=expected)
            return {**request, "text": step["user"]}
        if "tap" in step:
            payload = self._tapped(str(step["tap"]))
            self._said(
                "customer", str(step["tap"]), f"  customer taps: {step['tap']}  {payload}", payload=payload
            )
            return {**request, "payload": payload}
        back = step["handed_back"] or {}
        said = [
            {"sender": sender, "text": text}
            for line in back.get("meanwhile", [])
            for sender, text in line.items()
        ]
        self.script.append(f"  handed back: {back}")
        for line in said:
            self.steps.append(
                {"who": "person" if line["sender"] == "agent" else "customer", "text": line["text"]}
            )
        self.steps.append({"who": "person", "text": "", "note": "handed_back", "next": back.get("next")})
        payload = "/handed_back" + json.dumps({"next": back["next"]} if back.get("next") else {})
        return {**request, "payload": payload, "meanwhile": said}

    def _said(self, who: str, text: str, line: str, **more: Any) -> None:
        self.script.append(line)
        self.steps.append(
            {"who": who, "text": text, **{name: v for name, v in more.items() if v is not None}}
        )

    def _tapped(self, tap: str) -> str:
        if tap.startswith("/"):
            return tap
        shown = self._shown()
        if tap not in shown:
            raise StoryError(f"no button {tap!r} to tap, only {list(shown)}")
        return shown[tap]

    def _shown(self) -> dict[str, str]:
        """Title → payload of all that can be tapped now."""
        replies = self.last.replies if self.last else []
        buttons = [button for reply in replies for button in reply.buttons]
        buttons += [b for reply in replies for card in reply.cards for b in card.get("buttons", [])]
        return {button["title"]: button["payload"] for button in buttons}

    def _tell(self, reply: TurnReply) -> None:
        understood = reply.understanding
        entities = ", ".join(f"{e['entity']}={e['value']}" for e in understood.entities)
        self.script.append(f"      [{understood.intent} {understood.confidence:.2f}] {entities}".rstrip())
        self.steps[-1]["got"] = {
            "intent": understood.intent,
            "confidence": round(understood.confidence, 4),
            "doubtful": reply.doubtful,
            "entities": [{"entity": e["entity"], "value": e["value"]} for e in understood.entities],
        }
        for said in reply.replies:
            self._said("bot", said.text or "", f"  bot: {_shown_as(said)}", **_offered(said))
        if reply.handoff:
            reason, note = reply.handoff.reason, reply.handoff.note
            self._said("person", "", f"  → a person: {reason} {note}".rstrip(), note="wanted", reason=reason)

    def _check(self, number: int, reply: TurnReply, expect: Mapping[str, Any]) -> list[Problem]:
        texts = [said.text or "" for said in reply.replies]
        got: dict[str, Any] = {
            "intent": reply.understanding.intent,
            "form": reply.active_form,
            "handoff": reply.handoff.reason if reply.handoff else None,
            "doubtful": reply.doubtful,
            "cards": _cards(reply, expect.get("cards")),
            "buttons": _buttons(reply, expect.get("buttons")),
        }
        problems = [
            Problem(number, what, expect[what], value)
            for what, value in got.items()
            if what in expect and expect[what] != value
        ]
        problems += [
            Problem(number, "slots", value, reply.slots.get(name), about=name)
            for name, value in (expect.get("slots") or {}).items()
            if reply.slots.get(name) != value
        ]
        for wanted in expect.get("says") or []:
            if not any(self._is(wanted, text) for text in texts):
                problems.append(Problem(number, "says", wanted, texts))
        for unwanted in expect.get("never") or []:
            if any(self._is(unwanted, text) for text in texts):
                problems.append(Problem(number, "never", unwanted, texts))
        wanted_all = expect.get("replies")
        if "replies" in expect and not (
            len(wanted_all or ()) == len(texts) and all(map(self._is, wanted_all or (), texts))
        ):
            problems.append(Problem(number, "replies", wanted_all, texts))
        return problems

    def _is(self, wanted: str, text: str) -> bool:
        if wanted.startswith("utter_"):
            return self.responses.matches(wanted, text)
        if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
            return re.search(wanted[1:-1], text, re.IGNORECASE) is not None
        return wanted == text


def _broken(number: int, reply: TurnReply) -> list[Problem]:
    """What no reply may ever do."""
    texts = [said.text or "" for said in reply.replies]
    return [Problem(number, "blank", got=text) for text in texts if BLANK.search(text)]


def _cards(reply: TurnReply, expected: object) -> int | bool:
    """How many, or whether any, as it was asked for."""
    count = sum(len(said.cards) for said in reply.replies)
    return count if type(expected) is int else bool(count)


def _buttons(reply: TurnReply, expected: object) -> list[str] | bool:
    """Titles in the last reply that has any, or whether there are some."""
    rows = [[button["title"] for button in said.buttons] for said in reply.replies if said.buttons]
    last = rows[-1] if rows else []
    return last if isinstance(expected, list) else bool(last)


def _offered(said: Reply) -> dict[str, Any]:
    """Titles of what can be tapped, if anything can."""
    buttons = [button["title"] for button in said.buttons]
    cards = [card["title"] for card in said.cards]
    return ({"buttons": buttons} if buttons else {}) | ({"cards": cards} if cards else {})


def _shown_as(said: Reply) -> str:
    parts = [said.text or ""]
    parts += [f"[{button['title']}]" for button in said.buttons]
    parts += [f"<{card['title']}>" for card in said.cards]
    return " ".join(part for part in parts if part)

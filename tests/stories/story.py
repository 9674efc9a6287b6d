"""A conversation test: read from YAML, played over the turn contract, told as a script when it fails."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.contract import Reply, TurnReply

Ask = Callable[[dict[str, Any]], TurnReply]

STEP = {"user", "tap", "handed_back", "expect"}
EXPECT = {
    "intent",
    "replies",
    "says",
    "never",
    "buttons",
    "cards",
    "slots",
    "form",
    "handoff",
    "doubtful",
}
BLANK = re.compile(r"\{[a-z_]+\}")


class StoryError(Exception):
    """The file is not a story; the sentence says where."""


@dataclass(frozen=True)
class Story:
    """One conversation, step by step."""

    title: str
    customer: str | None
    locale: str | None
    steps: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, path: Path) -> Story:
        """Raises :class:`StoryError` on words that the format does not know."""
        content = yaml.safe_load(path.read_text("utf-8"))
        if not isinstance(content, dict):
            raise StoryError(f"{path.name}: a story is a mapping")
        unknown = content.keys() - {"conversation", "customer", "locale", "steps"}
        for number, step in enumerate(content.get("steps") or [], 1):
            unknown |= step.keys() - STEP | (step.get("expect") or {}).keys() - EXPECT
            if len(step.keys() & {"user", "tap", "handed_back"}) != 1:
                raise StoryError(f"{path.name}: step {number} needs one of user, tap, handed_back")
        if unknown or not content.get("conversation") or not content.get("steps"):
            raise StoryError(
                f"{path.name}: needs conversation and steps; unknown: {', '.join(sorted(unknown)) or '–'}"
            )
        return cls(content["conversation"], content.get("customer"), content.get("locale"), content["steps"])


class Responses:
    """What the bot's responses look like, whatever fills their blanks."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._patterns: dict[str, list[re.Pattern[str]]] = {}
        for path in files:
            for name, variations in (yaml.safe_load(path.read_text("utf-8")) or {})["responses"].items():
                texts = [variation.get("text", "") for variation in variations]
                self._patterns.setdefault(name, []).extend(_pattern(text) for text in texts)

    def matches(self, name: str, text: str) -> bool:
        if name not in self._patterns:
            raise StoryError(f"there is no response {name}")
        return any(pattern.fullmatch(text.strip()) for pattern in self._patterns[name])


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in BLANK.split(text.strip())), re.DOTALL)


@dataclass
class Player:
    """Plays one story and keeps the script of what was said."""

    ask: Ask
    responses: Responses
    customer_id: str | None
    locale: str
    conversation: str = field(default_factory=lambda: f"story-{secrets.token_hex(8)}")
    script: list[str] = field(default_factory=list)
    language: str | None = None
    last: TurnReply | None = None

    def play(self, story: Story) -> None:
        """Raises ``AssertionError`` with the whole talk so far."""
        __tracebackhide__ = True  # the talk says more than our code
        for number, step in enumerate(story.steps, 1):
            try:
                self.last = reply = self.ask(self._request(number, step))
                self._tell(reply)
                self.language = reply.slots.get("language") or reply.understanding.language
                problems = [*self._broken(reply), *self._check(reply, step.get("expect") or {})]
            except StoryError as error:
                problems = [str(error)]
            if problems:
                lines = [story.title, "", *self.script, "", f"Step {number}:", *problems]
                raise AssertionError("\n".join(lines))

    def _request(self, number: int, step: Mapping[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "conversation_id": self.conversation,
            "message_id": f"{self.conversation}-{number}",
            "customer_id": self.customer_id,
            "locale": self.locale,
            "language": self.language,
        }
        if "user" in step:
            self.script.append(f"  customer: {step['user']}")
            return {**request, "text": step["user"]}
        if "tap" in step:
            payload = self._tapped(str(step["tap"]))
            self.script.append(f"  customer taps: {step['tap']}  {payload}")
            return {**request, "payload": payload}
        back = step["handed_back"] or {}
        said = [
            {"sender": sender, "text": text}
            for line in back.get("meanwhile", [])
            for sender, text in line.items()
        ]
        self.script.append(f"  handed back: {back}")
        payload = "/handed_back" + json.dumps({"next": back["next"]} if back.get("next") else {})
        return {**request, "payload": payload, "meanwhile": said}

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
        self.script += [f"  bot: {_shown_as(said)}" for said in reply.replies]
        if reply.handoff:
            self.script.append(f"  → a person: {reply.handoff.reason} {reply.handoff.note}".rstrip())

    def _broken(self, reply: TurnReply) -> list[str]:
        """What no reply may ever do."""
        texts = [said.text or "" for said in reply.replies]
        return [f"an unfilled blank in {text!r}" for text in texts if BLANK.search(text)]

    def _check(self, reply: TurnReply, expect: Mapping[str, Any]) -> list[str]:
        texts = [said.text or "" for said in reply.replies]
        checks: list[tuple[str, object, object]] = []
        if "intent" in expect:
            checks.append(("intent", expect["intent"], reply.understanding.intent))
        if "form" in expect:
            checks.append(("form", expect["form"], reply.active_form))
        if "handoff" in expect:
            checks.append(("handoff", expect["handoff"], reply.handoff.reason if reply.handoff else None))
        if "doubtful" in expect:
            checks.append(("doubtful", expect["doubtful"], reply.doubtful))
        for name, value in (expect.get("slots") or {}).items():
            checks.append((f"slot {name}", value, reply.slots.get(name)))
        if "cards" in expect:
            count = sum(len(said.cards) for said in reply.replies)
            checks.append(("cards", expect["cards"], count if type(expect["cards"]) is int else bool(count)))
        if "buttons" in expect:
            rows = [[button["title"] for button in said.buttons] for said in reply.replies if said.buttons]
            last = rows[-1] if rows else []
            checks.append(
                ("buttons", expect["buttons"], last if isinstance(expect["buttons"], list) else bool(last))
            )
        problems = [
            f"  {what}: expected {wanted!r}, got {got!r}" for what, wanted, got in checks if wanted != got
        ]
        for wanted in expect.get("says") or []:
            if not any(self._is(wanted, text) for text in texts):
                problems.append(f"  nobody says {wanted}")
        for unwanted in expect.get("never") or []:
            if any(self._is(unwanted, text) for text in texts):
                problems.append(f"  says {unwanted}")
        if "replies" in expect:
            wanted_all = expect["replies"]
            same = len(wanted_all) == len(texts) and all(map(self._is, wanted_all, texts))
            if not same:
                problems.append(f"  replies: expected {wanted_all}, got {texts}")
        return problems

    def _is(self, wanted: str, text: str) -> bool:
        if wanted.startswith("utter_"):
            return self.responses.matches(wanted, text)
        if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
            return re.search(wanted[1:-1], text, re.IGNORECASE) is not None
        return wanted == text


def _shown_as(said: Reply) -> str:
    parts = [said.text or ""]
    parts += [f"[{button['title']}]" for button in said.buttons]
    parts += [f"<{card['title']}>" for card in said.cards]
    return " ".join(part for part in parts if part)

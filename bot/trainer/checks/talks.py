"""Rules, stories and conversation tests: whether all that they name is there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yaml.nodes import Node, ScalarNode

from bot.trainer.checks.known import INTENTS, SLOTS, Known
from bot.trainer.checks.source import Place, Problem, Source, entries, get, items, names, place, scalar

STEPS = frozenset(
    {"intent", "user", "entities", "action", "bot", "slot_was_set", "active_loop", "checkpoint", "or"}
    | {"metadata", "role", "group"}
)
_PAYLOAD = re.compile(r"/([a-z][a-z0-9_]*)")


@dataclass(slots=True)
class Talks:
    """``named``: where each rule and story begins; ``intents``: those that any of them waits for."""

    named: dict[str, tuple[Source, Node]] = field(default_factory=dict)
    intents: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, sources: Iterable[Source], known: Known) -> Talks:
        talks = cls()
        for source in sources:
            for section, kind in (("rules", "rule"), ("stories", "story")):
                for talk in entries(get(source.root, section)):
                    talks._look(source, talk, kind, known)
        return talks

    def _look(self, source: Source, talk: Node, kind: str, known: Known) -> None:
        name = get(talk, kind)
        title = scalar(name)
        if name is None or not title:
            self.problems.append(source.problem(talk, "error", "talk_without_name"))
            return
        if title in self.named:
            self.problems.append(source.problem(name, "warning", "talk_twice", title=title))
        self.named.setdefault(title, (source, name))
        if not entries(get(talk, "steps")):
            self.problems.append(source.problem(name, "error", "talk_without_steps", title=title))
        for step in [*entries(get(talk, "condition")), *entries(get(talk, "steps"))]:
            self._step(source, step, known)

    def _step(self, source: Source, step: Node, known: Known) -> None:
        for key, where, value in items(step):
            if key not in STEPS:
                self.problems.append(source.problem(where, "error", "step_unknown", key=key))
            elif key == "or":
                for one in entries(value):
                    self._step(source, one, known)
            elif key == "slot_was_set":
                pairs = [pair for one in entries(value) for pair in items(one)[:1]] or items(value)
                for slot, at, _ in pairs:
                    if slot not in known.slots and slot not in SLOTS:
                        self.problems.append(source.problem(at, "error", "slot_unknown", slot=slot))
            elif key == "entities":
                for entity, at in names(value):
                    if entity not in known.entities and entity not in ("role", "group"):
                        self.problems.append(source.problem(at, "error", "entity_unknown", entity=entity))
            elif isinstance(value, ScalarNode):
                self._name(source, key, str(value.value), value, known)

    def _name(self, source: Source, key: str, name: str, at: Node, known: Known) -> None:
        if key == "intent":
            self.intents.add(name)
            if name.partition("/")[0] not in known.intents and name not in INTENTS:
                self.problems.append(source.problem(at, "error", "intent_unknown", intent=name))
        elif key == "action":
            self.actions.add(name)
            if not known.is_action(name):
                code = "response_missing" if name.startswith("utter_") else "action_unknown"
                self.problems.append(source.problem(at, "error", code, name=name))
        elif key == "active_loop" and not at.tag.endswith(":null") and name not in known.forms:
            self.problems.append(source.problem(at, "error", "form_unknown", name=name))


def tests(sources: Iterable[Source], known: Known) -> Iterator[Problem]:
    """Of the conversation tests: taps, forms and answers that are not there."""
    for source in sources:
        for step in entries(get(source.root, "steps")):
            tap, expect = get(step, "tap"), get(step, "expect")
            payload = _PAYLOAD.match(scalar(tap) or "")
            if tap is not None and payload and payload[1] not in known.intents:
                yield source.problem(tap, "error", "intent_unknown", intent=payload[1])
            form = get(expect, "form")
            name = scalar(form)
            if form is not None and name and not form.tag.endswith(":null") and name not in known.forms:
                yield source.problem(form, "error", "form_unknown", name=name)
            for answer in entries(get(expect, "replies")):
                said = scalar(answer) or ""
                if said.startswith("utter_") and said not in known.responses:
                    yield source.problem(answer, "error", "response_missing", name=said)


def of_names(message: str, talks: Talks) -> Iterator[tuple[str, Source, Place]]:
    """Rasa's words on contradicting rules and stories, a sentence each, with the talk that it is about."""
    for line in message.splitlines():
        for name in re.findall(r"(?:rule|story|stories|rules|block)(?:\(s\))? '([^']+)'", line):
            if name in talks.named:
                source, node = talks.named[name]
                yield line.strip(" -."), source, place(node)
                break
